import { oc } from '@orpc/contract'
import { z } from 'zod'
import { AccountId, Draft, DraftId, DraftWords, IdentityId, MessageId } from '../model/index.ts'

/** Who writes, by the name they go by in the office. */
const by = z
  .string()
  .trim()
  .max(200)
  .regex(/^\P{Cc}*$/u)
const draft = z.object({ id: DraftId, identityId: IdentityId })

/** Calls about what is being written. Nothing here sends anything. */
export const draftContract = {
  /** Those of one identity, or of all; the one saved last first. */
  list: oc.input(z.object({ identityId: IdentityId.nullable() })).output(z.array(Draft)),
  get: oc.input(z.object({ id: DraftId })).output(Draft),
  /** @throws `voice_mismatch` where the account is not of the identity, or the message that is answered is not of the account. */
  add: oc
    .input(z.object({ identityId: IdentityId, accountId: AccountId, target: MessageId.nullable(), words: DraftWords, by }))
    .output(Draft),
  /** `version`: the one that was read. @throws `draft_changed` when somebody saved it since. */
  save: oc.input(draft.extend({ version: z.number().int().positive(), words: DraftWords, by })).output(Draft),
  /** Removes it; what it said is answered, so that it can be added again. */
  discard: oc.input(draft).output(Draft),
}
