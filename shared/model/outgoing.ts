import { z } from 'zod'
import { ConversationState, MessageKind, Party } from './conversation.ts'
import { AccountId, ConversationId, IdentityId, Instant, MessageId, OutboxId } from './ids.ts'
import { Problem } from './problem.ts'

/** What can be written to a network. `comment`: an answer under an article. */
export const OutgoingKind = MessageKind.extract(['mail', 'post', 'reply', 'comment', 'direct', 'sms'])
export type OutgoingKind = z.infer<typeof OutgoingKind>

/** What can be done to a message or a person on a network without writing. `approve`, `hold`, `spam` and `trash` are for comments on one's own articles. */
export const RemoteAct = z.enum(['like', 'boost', 'follow', 'mute', 'block', 'report', 'approve', 'hold', 'spam', 'trash'])
export type RemoteAct = z.infer<typeof RemoteAct>

/** Who may see a post, where the network lets one choose. */
export const Visibility = z.enum(['public', 'unlisted', 'followers'])
export type Visibility = z.infer<typeof Visibility>

/** A file that was put into the office to be sent. */
export const OutgoingMedia = z.object({
  /** Of its bytes, in hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  size: z.number().int().nonnegative(),
  name: z.string().min(1).max(255),
  mediaType: z.string().min(1).max(200),
  /** What it shows, for those who do not see it; empty where nobody said. */
  alt: z.string().max(10_000),
})
export type OutgoingMedia = z.infer<typeof OutgoingMedia>

const text = z.string().max(1_000_000)
const words = {
  text,
  /** Of a mail or an article; empty elsewhere. */
  subject: z.string().max(2000),
  /** What a reader is warned of before the text is shown; empty for none. */
  warning: z.string().max(2000),
  /** BCP 47; null where nobody said. */
  language: z.string().max(35).nullable(),
  media: z.array(OutgoingMedia).max(100),
}
const parties = z.array(Party).max(1000)

/**
 * What is to be sent, exactly: the bytes of its canonical JSON (RFC 8785) are what is approved, committed to in the ledger and
 * handed to the network. Whom it goes to beside `to` follows from the message that it answers.
 */
export const OutgoingContent = z.discriminatedUnion('do', [
  z.object({
    do: z.literal('publish'),
    kind: OutgoingKind,
    ...words,
    to: parties,
    cc: parties,
    bcc: parties,
    /** Null: what the account has as its own setting. */
    visibility: Visibility.nullable(),
  }),
  /** Puts other words and files in the place of those of an own message. */
  z.object({ do: z.literal('edit'), ...words }),
  /** Takes an own message off the network. The copy stays. */
  z.object({ do: z.literal('delete') }),
  z.object({
    do: z.literal('act'),
    act: RemoteAct,
    /** False takes it back. */
    on: z.boolean(),
    /** Whom it is about where it is not about a message: follow, mute, block, report. */
    handle: z.string().max(320).nullable(),
    /** For a report: what the network's moderators are told. */
    comment: z.string().max(5000),
  }),
])
export type OutgoingContent = z.infer<typeof OutgoingContent>

/**
 * Where an item of the outbox is; stored before anything is done.
 * - `queued`: waits for its time, its connection or, `toConfirm`, for a person's word.
 * - `sending`: is being handed to the network. Found so after a kill, it is taken for `unknown`.
 * - `unknown`: the network may or may not have it, and is asked before anything is sent again.
 * - `sent`, `failed` (the network refused it), `cancelled`: ended.
 */
export const OutboxState = z.enum(['queued', 'sending', 'unknown', 'sent', 'failed', 'cancelled'])
export type OutboxState = z.infer<typeof OutboxState>

export const OutboxItem = z.object({
  id: OutboxId,
  identityId: IdentityId,
  accountId: AccountId,
  state: OutboxState,
  content: OutgoingContent,
  /** The message that it answers, edits, deletes or acts on: always one of the same account. */
  target: MessageId.nullable(),
  targetConversation: ConversationId.nullable(),
  /** The message that it quotes, of the same account. */
  quote: MessageId.nullable(),
  /** The item that must be sent first, and that it continues: a thread. */
  after: OutboxId.nullable(),
  /** The state in which it leaves the conversation of what it answers, unless more came in since it was written. */
  leaves: ConversationState.extract(['waiting', 'done']),
  /** Who of the office sent it on its way. */
  by: z.string(),
  queuedAt: Instant,
  /** Not sent before: the end of the time to undo, or the time that it is scheduled for. */
  notBefore: Instant,
  /** It waited too long without a connection: sent only after a person says so again. */
  toConfirm: z.boolean(),
  tries: z.number().int().nonnegative(),
  nextTryAt: Instant.nullable(),
  /** Why it is not sent yet, or failed. */
  reason: Problem.nullable(),
  endedAt: Instant.nullable(),
  /** What it became, once it is sent and in the archive. */
  message: MessageId.nullable(),
})
export type OutboxItem = z.infer<typeof OutboxItem>
