import type { Manifest } from '#archive/commitment.ts'
import type { Interval, Seen } from '#archive/coverage.ts'
import type { Badges, DoctorFinding, LedgerCarry, LedgerStep, Outline, Page, PageInput, Target } from '#shared/contract/index.ts'
import type {
  Account,
  AccountId,
  AccountSettings,
  AccountStatus,
  ActId,
  Attachment,
  ConversationId,
  ConversationRow,
  ConversationState,
  Direction,
  Identity,
  IdentityColor,
  IdentityId,
  IdentityShape,
  InboxFilter,
  Instant,
  Message,
  MessageId,
  MessageKind,
  Network,
  Party,
  SortKey,
  Voice,
} from '#shared/model/index.ts'
import type { QueryNode } from '#shared/query/index.ts'
import type { CalendarReads, CalendarWrites } from './calendar.ts'
import type { DraftReads, DraftWrites } from './drafts.ts'
import type { FileStore, MediaReads, NewFile } from './files.ts'
import type { LabelReads, LabelWrites, Undone } from './labels.ts'
import type { OutboxReads, OutboxWrites, StoreMetrics, StoreProfile } from './outbox.ts'
import type { RetentionReads, RetentionWrites } from './retention.ts'
import type { SearchReads, SearchWrites } from './searches.ts'

/**
 * The office's database as the rest of the program sees it. `read` runs on reader threads against a snapshot; `write`
 * runs on the one writer thread, each call in one IMMEDIATE transaction that is durable when the promise resolves.
 * Every method rejects with a ProblemError; SQL errors are mapped (`disk_full`, `database_busy`, `office_corrupt`, `read_only`).
 */
export interface Store extends FileStore {
  readonly readOnly: boolean
  /** Random; names the office wherever it is. */
  readonly officeId: string
  readonly read: Reads
  readonly write: Writes
  /**
   * Writes the database anew, so that nothing that was deleted is left in its file. Writes wait meanwhile, reads for a moment at the
   * end. @throws `disk_full`, `read_only`; the office is then as it was.
   */
  rewrite(): Promise<void>
  /** Waits for what is running, checkpoints the WAL, ends the threads and gives up the lock. */
  close(): Promise<void>
}

type Async<Methods> = {
  [Name in keyof Methods]: Methods[Name] extends (...args: infer Args) => infer Result
    ? (...args: Args) => Promise<Result>
    : never
}
/** With a signal at the end a call can be given up: it then rejects with `cancelled`. */
type Abortable<Methods> = {
  [Name in keyof Methods]: Methods[Name] extends (...args: infer Args) => infer Result
    ? (...args: [...Args, signal?: AbortSignal]) => Promise<Result>
    : never
}

export type Reads = Abortable<ReadMethods>
export type Writes = Async<WriteMethods>

/** Reads: each is one function `(db, ...args)` in `store/read/<topic>.ts`. */
export interface ReadMethods extends RetentionReads, SearchReads, LabelReads, DraftReads, MediaReads, OutboxReads, CalendarReads {
  identities(): Identity[]
  accounts(): StoredAccount[]
  page(input: PageInput): Page
  outline(filter: InboxFilter): Outline
  keyAt(filter: InboxFilter, at: Instant): SortKey | null
  badges(): Badges
  rows(ids: ConversationId[]): ConversationRow[]
  /** Newest `limit` messages in time order, and how many older ones were left out. */
  conversation(id: ConversationId, limit: number): { row: ConversationRow; messages: Message[]; older: number } | null
  message(id: MessageId): Message | null
  /** The bytes of one captured version; without one, of the newest. */
  source(id: MessageId, version?: number | null): Source | null
  /** The newest bytes of a message of an account, by the network's own id. */
  sourceOf(accountId: AccountId, remoteId: string): SourceOf | null
  cursor(accountId: AccountId, stream: string): string | null
  known(accountId: AccountId, stream: string): { place: string; remoteId: string; read: boolean; answered: boolean }[]
  has(accountId: AccountId, remoteIds: string[]): string[]
  /** Snoozed conversations due at or before `now`, and when the next one is. */
  due(now: Instant): { targets: Target[]; next: Instant | null }
  /** Acts waiting to be carried out on the network, oldest first. */
  pendingActs(accountId: AccountId, limit: number): PendingAct[]
  preferences(): Record<string, string>
  meta(name: string): string | null
  /** When the account's messages arrived, for noticing silence: counts per day of the last 28 days, oldest first. */
  arrivals(accountId: AccountId, now: Instant): number[]
  doctor(): DoctorFinding[]
  /** Every identity's ledger. */
  ledgers(): LedgerHead[]
  /** Entries from number `from` on, as they were hashed. */
  entries(identityId: IdentityId, from: number, limit: number): string[]
  checkpoints(identityId: IdentityId, limit: number): StoredCheckpoint[]
  /** Base64 hashes, deepest first. @throws `bad_request` for numbers that the ledger does not have. */
  inclusionProof(identityId: IdentityId, seq: number, size: number): string[]
  /** As `inclusionProof`, for many entries of one ledger. */
  inclusionProofs(identityId: IdentityId, seqs: number[], size: number): string[][]
  consistencyProof(
    identityId: IdentityId,
    oldSize: number,
    newSize: number,
  ): { oldRoot: string; newRoot: string; proof: string[] }
  /** What proves each captured version of a message, oldest first. */
  recordProofs(id: MessageId): RecordProof[]
  /** The newest captured versions of a message, oldest first, and its deletion. */
  history(id: MessageId, limit: number): StoredHistory | null
  /** How many records the messages have that a query finds; null finds all. Null for all identities. */
  countRecords(query: QueryNode | null, identityIds: IdentityId[] | null): number
  /** Records of all messages that a query finds (null: of all), for an export. `sizes`: how many entries of each ledger count. */
  chooseRecords(query: QueryNode | null, sizes: Record<IdentityId, number>): ChosenRecords[]
  exportRecords(identityId: IdentityId, records: Float64Array): ExportRecord[]
  recordContent(record: string): Uint8Array
  /** Numbers of the entries that name a key. */
  keyPlaces(identityId: IdentityId): number[]
  /** Every key that the ledger named, base64, the one in use last. */
  ledgerKeys(identityId: IdentityId): string[]
  /** One step of the check of a ledger; goes on from `carry`. */
  verifyLedger(identityId: IdentityId, carry: LedgerCarry | null, limit: number, payloads: boolean): LedgerStep
  /** What accounts were doing in a time; with it the newest that is known. */
  coverage(query: CoverageQuery): AccountCoverage[]
}

/** A ledger's size and the root of its tree, base64. */
export interface LedgerHead {
  identityId: IdentityId
  size: number
  root: string
}

/** A signed head of a ledger. `timestamp` is a DER TimeStampResp in base64, `authority` its certificate chain in PEM. */
export interface StoredCheckpoint {
  id: string
  size: number
  root: string
  madeAt: Instant
  note: string
  timestamp: string | null
  authority: string | null
}

/** One captured version: its entry as it was hashed, and what opens the entry's commitment. `salt` in base64. */
export interface RecordProof {
  record: string
  identityId: IdentityId
  version: number
  seq: number
  entry: string
  manifest: string
  salt: string
}

/** Captured versions of a message. `older` were left out. */
export interface StoredHistory {
  identityId: IdentityId
  versions: StoredVersion[]
  older: number
  /** Only while it is gone from its network. */
  deletion: StoredDeletion | null
}

/** One captured version with what opens the commitment of its entry. `salt` in base64. */
export interface StoredVersion {
  record: string
  seq: number
  entry: string
  manifest: Manifest
  /** The same as it was committed to. */
  manifestText: string
  salt: string
}

/** When a message was found gone, and when it was last known to be there. */
export interface StoredDeletion {
  foundAt: Instant
  lastSeen: Instant | null
}

/** Records of one ledger by rising `seq`; `records` are their ids. */
export interface ChosenRecords {
  identityId: IdentityId
  seqs: Float64Array
  records: Float64Array
}

/** One record with what an evidence pack says of it. `bytes` is null for large ones: `recordContent` has them. */
export interface ExportRecord {
  record: string
  seq: number
  entry: string
  manifest: Manifest
  salt: Uint8Array
  bytes: Uint8Array | null
  message: Message
  text: string
}

/** Writes: each is one function `(db, ...args)` in `store/write/<topic>.ts`. */
export interface WriteMethods extends RetentionWrites, SearchWrites, LabelWrites, DraftWrites, OutboxWrites, CalendarWrites {
  addIdentity(input: { name: string; voice: Voice; shape: IdentityShape; color: IdentityColor }): Identity
  /** `signature`: left out, it stays as it is. */
  updateIdentity(input: {
    id: IdentityId
    name: string
    shape: IdentityShape
    color: IdentityColor
    signature?: string | undefined
  }): Identity
  addAccount(input: {
    identityId: IdentityId
    label: string
    address: string
    settings: AccountSettings
    status: AccountStatus
  }): StoredAccount
  /** @throws `voice_mismatch` when the account is not of that identity, `not_found`. */
  updateAccount(input: {
    id: AccountId
    identityId: IdentityId
    label?: string
    address?: string
    settings?: AccountSettings
    status?: AccountStatus
    paused?: boolean
  }): StoredAccount
  applyBatch(batch: StoreBatch): BatchResult
  setState(targets: Target[], state: ConversationState, at: Instant): ActResult
  snooze(targets: Target[], until: Instant | null, at: Instant): ActResult
  /** Also queues the read flag for the network where `queue` names the account. */
  setRead(targets: Target[], read: boolean, queueFor: AccountId[], at: Instant): ActResult
  undo(act: ActId, queueFor: AccountId[], at: Instant): Undone
  /** Wakes snoozed conversations: back to needs_reply. */
  wake(targets: Target[], at: Instant): { changed: ConversationRow[] }
  /** Adds to accounts' coverage, oldest first, and enters what is over into the ledgers. @throws `voice_mismatch`, `not_found`. */
  cover(seen: CoverageSeen[]): void
  finishAct(id: number): void
  failAct(id: number, at: Instant): void
  setPreference(name: string, value: string): void
  setMeta(name: string, value: string): void
  /** Says in the identity's ledger which key signs from here on, unless it said so already. `publicKey` in base64. */
  nameKey(input: { identityId: IdentityId; office: string; publicKey: string; at: Instant }): void
  /** Keeps a signed checkpoint. @throws `bad_request` when the ledger never had that root at that size. */
  addCheckpoint(input: { identityId: IdentityId; size: number; root: string; madeAt: Instant; note: string }): StoredCheckpoint
  /** Says in the ledger that an evidence pack was made. `size`: of the ledger that the pack's checkpoint covers. */
  enterExport(input: { identityId: IdentityId; at: Instant; by: string; export: string; records: number; size: number }): void
  /** Keeps an outside time beside a checkpoint. `timestamp` in base64. */
  addTimestamp(input: { id: string; timestamp: string; authority: string }): void
  /** A consistent copy of the office into one file, encrypted with the same key. Blobs included. */
  backup(file: string): { bytes: number }
}

/** Null for all identities, all accounts, from the beginning, up to the end. */
export interface CoverageQuery {
  identityIds: IdentityId[] | null
  accountIds: AccountId[] | null
  from: Instant | null
  to: Instant | null
}

/** @see Interval */
export interface AccountCoverage {
  accountId: AccountId
  identityId: IdentityId
  /** When its coverage begins: the account was made. */
  since: Instant
  /** In time order, cut to the time asked for. */
  intervals: Interval[]
}

export interface CoverageSeen extends Seen {
  accountId: AccountId
  identityId: IdentityId
  /** With the end of the first sync: nothing older was handed out by the network. Null where that is not so or not known. */
  reach: Instant | null
}

export interface StoredAccount extends Omit<Account, 'capabilities'> {
  settings: AccountSettings
  /** Paused by a person. */
  paused: boolean
}

export interface PendingAct {
  id: number
  kind: 'set_read' | 'set_answered'
  messageId: MessageId
  remoteId: string
  places: string[]
  on: boolean
  tries: number
}

export interface Source {
  mediaType: string
  raw: Uint8Array
  capturedAt: Instant
  endpoint: string
  version: number
  network: Network
  accountId: AccountId
}

/** A message as a connector sees it again: its newest bytes and where it was last seen. */
export interface SourceOf {
  remoteId: string
  direction: Direction
  places: string[]
  raw: Uint8Array
  mediaType: string
}

/** A connector's batch with what the engine adds. One transaction: messages, records, places, cursor, search, badges. */
export interface StoreBatch {
  accountId: AccountId
  identityId: IdentityId
  network: Network
  stream: string
  /** Null where nothing is to be remembered: what came with a sending, not with a sync. */
  cursor: string | null
  messages: StoreMessage[]
  /** With `remoteId`: the place is new, and belongs to the message known by that id (ignored when there is none). */
  marks: { place: string; read: boolean; answered: boolean; remoteId?: string }[]
  gone: string[]
  reset: boolean
  settled: boolean
  capturedAt: Instant
  /** What the network's answer said of itself; names of headers in lower case. */
  answer?: { headers: [string, string][]; clockOffsetMs: number | null }
  /** Brought by a connection to the network, or imported from a file. */
  origin: 'sync' | 'file'
  /**
   * `live`: an inbound message makes its conversation needs_reply, an outbound one waiting (from needs_reply).
   * `backfill` (first sync, import): needs_reply only when unread and newer than `recentAfter`, else done; a conversation that a person already triaged is left as it is.
   */
  arrival: { kind: 'live' } | { kind: 'backfill'; recentAfter: Instant }
  /** Settings and address to keep with the batch: the account's place on its network changed (a feed that moved). */
  moved: { settings: AccountSettings; address: string } | null
  profiles?: StoreProfile[]
  metrics?: StoreMetrics[]
  /** Own messages can be read again by their id: those of the last 30 days are, from time to time. */
  rereads?: boolean
}

export interface StoreMessage {
  remoteId: string
  place: string | null
  threadKeys: string[]
  kind: MessageKind
  direction: Direction
  from: Party
  to: Party[]
  cc: Party[]
  subject: string
  at: Instant
  text: string
  read: boolean
  answered: boolean
  attachments: Attachment[]
  link: string | null
  raw: Uint8Array
  mediaType: string
  endpoint: string
  /** Files that came apart from `raw`: put into the office by `keep` before, or there already. */
  media?: ({ index: number } & NewFile)[]
  /** When it was removed from its network, by the network's own word. */
  deletedAt?: Instant | null
  /** Asks nothing of anybody: makes no conversation unread or needing a reply. */
  quiet?: boolean
  /** Seen again with the same words and files it is no new version, though other bytes. */
  volatile?: boolean
}

export interface BatchResult {
  new: number
  updated: number
  deleted: number
  /** Conversations that got a new message, newest first, at most 500; `more` when there were more. */
  arrived: ConversationRow[]
  changed: ConversationRow[]
  more: boolean
}

export interface ActResult {
  act: ActId
  changed: ConversationRow[]
}
