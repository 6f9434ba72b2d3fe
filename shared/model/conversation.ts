import { z } from 'zod'
import { Network } from './account.ts'
import { AccountId, ConversationId, IdentityId, Instant, LabelId, MessageId, SortKey } from './ids.ts'

export const ConversationState = z.enum(['needs_reply', 'waiting', 'done'])
export type ConversationState = z.infer<typeof ConversationState>

/** The lists of the inbox. `open` is needs_reply and waiting; snoozed conversations are in `snoozed` (and `all`) only. */
export const View = z.enum(['open', 'needs_reply', 'waiting', 'done', 'snoozed', 'all'])
export type View = z.infer<typeof View>

/** What a list shows: one view, narrowed to an identity or an account, to what has a label or topic, or to what is unread. */
export const InboxFilter = z.object({
  view: View,
  identityId: IdentityId.nullable(),
  accountId: AccountId.nullable(),
  labelId: LabelId.nullable(),
  unreadOnly: z.boolean(),
})
export type InboxFilter = z.infer<typeof InboxFilter>

export const ConversationRow = z.object({
  id: ConversationId,
  /** The row's place in every list: newest first by this key. Changes when a message arrives. */
  sortKey: SortKey,
  identityId: IdentityId,
  accountId: AccountId,
  network: Network,
  /** Name (or handle) of who wrote last, of the other side where there is one. */
  from: z.string(),
  subject: z.string(),
  snippet: z.string(),
  at: Instant,
  /** Unread messages in it. */
  unread: z.number().int().nonnegative(),
  messages: z.number().int().positive(),
  state: ConversationState,
  snoozedUntil: Instant.nullable(),
  hasAttachment: z.boolean(),
  /** The last message is our own. */
  outbound: z.boolean(),
  /** Labels and topics of its identity that it has, oldest first. */
  labels: z.array(LabelId),
  /** Notes on it that were not withdrawn. */
  notes: z.number().int().nonnegative(),
})
export type ConversationRow = z.infer<typeof ConversationRow>

export const Party = z.object({ name: z.string(), handle: z.string() })
export type Party = z.infer<typeof Party>

/** `act`: a like, a boost, a follow. `file`: a file of an export that is kept as it is. */
export const MessageKind = z.enum(['mail', 'post', 'mention', 'reply', 'comment', 'direct', 'sms', 'article', 'act', 'file'])
export type MessageKind = z.infer<typeof MessageKind>
export const Direction = z.enum(['inbound', 'outbound'])
export type Direction = z.infer<typeof Direction>

export const Attachment = z.object({
  /** Its place among the message's attachments, from 0. */
  index: z.number().int().nonnegative(),
  name: z.string(),
  mediaType: z.string(),
  /** Decoded bytes. */
  size: z.number().int().nonnegative(),
  /** For pictures that the text shows in place: the id that `cid:` addresses use. */
  contentId: z.string().nullable(),
  inline: z.boolean(),
  /** What it shows, for those who do not see it; not there where nobody said. */
  alt: z.string().optional(),
})
export type Attachment = z.infer<typeof Attachment>

export const Message = z.object({
  id: MessageId,
  conversationId: ConversationId,
  identityId: IdentityId,
  accountId: AccountId,
  network: Network,
  kind: MessageKind,
  direction: Direction,
  from: Party,
  to: z.array(Party),
  cc: z.array(Party),
  subject: z.string(),
  snippet: z.string(),
  at: Instant,
  read: z.boolean(),
  answered: z.boolean(),
  /** When it was found to be gone from the network, or when an export says that it was removed; the copy stays. */
  deletedAt: Instant.nullable(),
  /** Captured versions; more than one means it was edited. */
  versions: z.number().int().positive(),
  attachments: z.array(Attachment),
  /** Address of the message on the web, where it has one. */
  link: z.string().nullable(),
})
export type Message = z.infer<typeof Message>

/** What a message says, derived from the network's own bytes each time it is asked for. HTML is NOT yet sanitised. */
export const MessageContent = z.object({
  messageId: MessageId,
  html: z.string().nullable(),
  text: z.string(),
  /** Faults met while decoding; what could be read is shown. */
  damaged: z.boolean(),
})
export type MessageContent = z.infer<typeof MessageContent>

export const SearchHit = z.object({
  id: MessageId,
  conversationId: ConversationId,
  identityId: IdentityId,
  accountId: AccountId,
  network: Network,
  kind: MessageKind,
  direction: Direction,
  at: Instant,
  from: z.string(),
  /** Marked as `snippet` is. */
  subject: z.string(),
  /** Text around the first match; matched words between U+E000 and U+E001 (private use, never in stored text). */
  snippet: z.string(),
})
export type SearchHit = z.infer<typeof SearchHit>
