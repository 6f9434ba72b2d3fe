import { z } from 'zod'
import { type Draft, DraftWords, Instant } from '#shared/model/index.ts'

const id = z.string()

export const DraftShape = DraftWords.extend({
  id,
  identity: id,
  account: id,
  /** The message that it answers. */
  message: id.nullable(),
  conversation: id.nullable(),
  by: z.string(),
  savedAt: Instant,
})

export function draftShape(draft: Draft): z.infer<typeof DraftShape> {
  const { id, identityId, accountId, target, targetConversation, words, by, savedAt } = draft
  return {
    id,
    identity: identityId,
    account: accountId,
    message: target,
    conversation: targetConversation,
    by,
    savedAt,
    ...words,
  }
}
