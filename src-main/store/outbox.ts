import type {
  AccountId,
  DraftId,
  IdentityId,
  Instant,
  MessageId,
  Metrics,
  Network,
  OutboxId,
  OutboxItem,
  OutboxState,
  OutgoingContent,
  Problem,
  Profile,
  SendLimits,
} from '#shared/model/index.ts'
import type { NewFile, StoredFile } from './files.ts'
import type { BatchResult, SourceOf, StoreBatch, StoreMessage } from './store.ts'

/** What is to be sent, before it has a number. */
export interface NewItem
  extends Pick<OutboxItem, 'identityId' | 'accountId' | 'content' | 'target' | 'quote' | 'after' | 'leaves'> {
  by: string
  at: Instant
  notBefore: Instant
  /** What it was written as; that is gone then. */
  draft?: DraftId | null
}

/** What deciding about an item needs, without its content. */
export interface LaneItem {
  id: OutboxId
  state: Extract<OutboxState, 'queued' | 'sending' | 'unknown'>
  does: OutgoingContent['do']
  queuedAt: Instant
  notBefore: Instant
  nextTryAt: Instant | null
  triedAt: Instant | null
  tries: number
  toConfirm: boolean
  /** Of the item that must be sent first; null where there is none. */
  after: OutboxState | null
  reason: Problem | null
}

/** An item as its connector is given it, but for its files' bytes. `key` in hex. */
export interface OutgoingItem {
  id: OutboxId
  key: string
  queuedAt: Instant
  content: OutgoingContent
  target: SourceOf | null
  quote: SourceOf | null
  files: Map<string, StoredFile>
}

/** Which items, newest first. */
export interface OutboxQuery {
  identityId: IdentityId | null
  accountId: AccountId | null
  /** Null for all. */
  states: OutboxState[] | null
  /** Only those that are older than this one. */
  before: OutboxId | null
  limit: number
}

/** What an item became on its network. */
export interface SentItem {
  id: OutboxId
  at: Instant
  /** Null: nothing of it is to be kept. Its files are in the office already, or kept before. */
  message: StoreMessage | null
  answer?: NonNullable<StoreBatch['answer']>
  /** The network keeps a flag for what was answered. */
  flagsAnswered: boolean
  /** Own messages can be read again. */
  rereads: boolean
}

export interface OutboxReads {
  /** @throws `not_found`; `voice_mismatch` for an item of another identity. */
  outboxItem(id: OutboxId, identityId: IdentityId): OutboxItem
  outboxItems(query: OutboxQuery): OutboxItem[]
  /** Null when the item is gone. */
  outboxContent(id: OutboxId): Pick<OutboxItem, 'identityId' | 'content'> | null
  /** Accounts with items that have not ended. */
  outboxAccounts(): AccountId[]
  /** The items of an account that have not ended and wait for nobody, in the order in which they are to be sent. */
  outboxLane(accountId: AccountId, limit: number): LaneItem[]
  /** How many items of an account were sent, failed, or have not ended. */
  outboxCounts(accountId: AccountId): { sent: number; failed: number; left: number }
  /** Null when the item is gone. */
  outgoing(id: OutboxId): OutgoingItem | null
  sendLimits(accountId: AccountId): SendLimits | null
  /** Snapshots of who is behind a handle, newest first. */
  profiles(identityId: IdentityId, network: Network, handle: string, limit: number): StoredProfile[]
  /** Handles of people in open conversations of an account that were not asked about since. */
  profilesDue(accountId: AccountId, since: Instant, limit: number): string[]
  /** Figures of a message, oldest first. @throws `not_found` */
  messageMetrics(id: MessageId): Metrics[]
  accountMetrics(id: AccountId): Metrics[]
  /** Own messages that are to be read again, and when the next one is. */
  rereadsDue(
    accountId: AccountId,
    now: Instant,
    limit: number,
  ): { due: { id: MessageId; remoteId: string }[]; next: Instant | null }
}

/** `seenAt`: when it was last found to be so. */
export interface StoredProfile {
  profile: Profile
  seenAt: Instant
}

export interface OutboxWrites {
  /** @throws `not_found`, `voice_mismatch`, `bad_request`, `outbox_file_missing`; then nothing is queued. */
  queueItem(item: NewItem): OutboxItem
  /** Takes back what was not begun, and what was to follow it. @throws `outbox_state` */
  cancelItem(input: ItemAct): OutboxItem
  /** Has what failed or waits for its next try sent again. @throws `outbox_state` */
  retryItem(input: ItemAct): OutboxItem
  /** Says again that what waited too long is to be sent. @throws `outbox_state` */
  confirmItem(input: ItemAct): OutboxItem
  /** A person's word on what became of an item whose outcome is not known. @throws `outbox_state` */
  judgeItem(input: ItemAct & { outcome: 'sent' | 'again' }): OutboxItem
  /** Stores that it is about to be sent. @returns false when it may not be any more: then nothing is changed. */
  beginItem(id: OutboxId, at: Instant): boolean
  /** Stores what a try came to, when it is not known to be sent. `tried`: whether it counts as a try. */
  settleItem(input: {
    id: OutboxId
    at: Instant
    state: 'queued' | 'unknown' | 'failed'
    nextTryAt: Instant | null
    reason: Problem | null
    tried: boolean
  }): void
  /** It is sent: its end, its message with record and ledger, and the state of what it answers, at once. */
  sentItem(sent: SentItem): { item: OutboxItem; batch: BatchResult }
  /** What was being sent when the program was stopped has an unknown outcome; what can be repeated is queued again. @returns how many. */
  recoverItems(at: Instant): number
  /** What waited too long waits for a person's word. */
  ageItems(ids: OutboxId[]): void
  /** It may not be sent now: it waits for a person's word, and says why. */
  holdItem(id: OutboxId, reason: Problem): void
  /** Has a file that was put into the office kept until something names it, or for a while. */
  attachFile(identityId: IdentityId, file: NewFile, at: Instant): void
  /** Lets go of files that nothing came to name. */
  dropAttached(before: Instant): void
  setLimits(accountId: AccountId, limits: SendLimits, at: Instant): void
  /** Keeps what the network said of someone. @returns null when that is no news. */
  addProfile(input: { accountId: AccountId; identityId: IdentityId; profile: StoreProfile }): void
  /** They were read again: the next time follows, or none. */
  rereadDone(ids: MessageId[], at: Instant): void
}

interface ItemAct {
  id: OutboxId
  identityId: IdentityId
  by: string
  at: Instant
}

/** Who is behind a handle, as a network told it, with its bytes. */
export interface StoreProfile {
  profile: Profile
  raw: Uint8Array
  mediaType: string
  endpoint: string
}

/** Figures of an own message, or with null of the account. */
export interface StoreMetrics extends Metrics {
  remoteId: string | null
}
