import { oc } from '@orpc/contract'
import { z } from 'zod'
import { GuardRange, GuardSeverity } from '../guard/model.ts'
import { AccountId, DraftWords, IdentityId } from '../model/index.ts'

/** Something in a text that should not leave, or not without a thought, in the reader's language. */
export const GuardRemark = z.object({
  rule: z.string(),
  pack: z.string(),
  severity: GuardSeverity,
  /** The words, in UTF-16 units of the text; empty where something is missing. */
  ranges: z.array(GuardRange),
  why: z.string(),
  todo: z.string(),
})
export type GuardRemark = z.infer<typeof GuardRemark>

/** Calls about what should not leave. Nothing of a text is sent anywhere for it. */
export const guardContract = {
  /**
   * Looks at what is being written in the voice of its identity: without what it quotes, which others wrote. Gravest first.
   * @throws `not_found`, `voice_mismatch`
   */
  check: oc
    .input(z.object({ identityId: IdentityId, accountId: AccountId, words: DraftWords, language: z.string().min(2).max(3) }))
    .output(z.object({ remarks: z.array(GuardRemark), worst: GuardSeverity.nullable() })),
}
