import { z } from 'zod'
import { AccountId, ConversationId, DraftId, IdentityId, Instant, MessageId } from './ids.ts'
import { OutgoingKind, OutgoingMedia, Visibility } from './outgoing.ts'

/** Recipients as they were typed: nothing of them is lost while they make no sense yet. */
const typed = z.string().max(50_000)

/** What somebody is writing. Anything may be missing; what is to be sent is made of it, and checked, when it is sent. */
export const DraftWords = z.object({
  kind: OutgoingKind,
  text: z.string().max(1_000_000),
  subject: z.string().max(2000),
  warning: z.string().max(2000),
  language: z.string().max(35).nullable(),
  media: z.array(OutgoingMedia).max(100),
  to: typed,
  cc: typed,
  bcc: typed,
  visibility: Visibility.nullable(),
})
export type DraftWords = z.infer<typeof DraftWords>

/** A text of one identity for one of its accounts, kept as it is written. It never leaves the office by itself. */
export const Draft = z.object({
  id: DraftId,
  identityId: IdentityId,
  accountId: AccountId,
  /** The message that it answers; always one of the same account. */
  target: MessageId.nullable(),
  targetConversation: ConversationId.nullable(),
  words: DraftWords,
  /** Counts the times that it was saved. Whoever saves says which one was read, so that two windows never overwrite each other. */
  version: z.number().int().positive(),
  by: z.string(),
  savedAt: Instant,
})
export type Draft = z.infer<typeof Draft>

/** The most drafts of one identity: what a person can still look through. */
export const MOST_DRAFTS = 1000
