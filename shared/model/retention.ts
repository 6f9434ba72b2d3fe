import { z } from 'zod'
import { Network } from './account.ts'
import { MessageKind } from './conversation.ts'
import { AccountId, ConversationId, IdentityId, Instant, LabelId } from './ids.ts'

const number = z.string().regex(/^[0-9]{1,16}$/)

/** What a hold is on. */
export const HoldOn = z.discriminatedUnion('scope', [
  z.object({ scope: z.literal('identity') }),
  z.object({ scope: z.literal('account'), accountId: AccountId }),
  z.object({ scope: z.literal('conversation'), conversationId: ConversationId }),
  /** All that a person wrote, and all that went to them. Null once the hold is lifted and nothing of theirs is left. */
  z.object({ scope: z.literal('person'), handle: z.string().trim().min(1).max(320).nullable() }),
])
export type HoldOn = z.infer<typeof HoldOn>

/** Nothing that is on hold is disposed of, whatever schedules and requests say. */
export const Hold = z.object({
  id: number,
  identityId: IdentityId,
  on: HoldOn,
  reason: z.string(),
  by: z.string(),
  at: Instant,
  lifted: z.object({ by: z.string(), at: Instant, reason: z.string() }).nullable(),
})
export type Hold = z.infer<typeof Hold>

/**
 * How long an identity's messages are kept, from their capture. Where several fit, one that names a label or topic of the conversation
 * counts before one that names a kind, and that before one that names a network; of those alike, the one that keeps longest.
 */
export const Schedule = z.object({
  id: number,
  identityId: IdentityId,
  network: Network.nullable(),
  kind: MessageKind.nullable(),
  labelId: LabelId.nullable(),
  days: z.number().int().min(1).max(36_500),
  by: z.string(),
  at: Instant,
})
export type Schedule = z.infer<typeof Schedule>
