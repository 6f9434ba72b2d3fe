import type { Clock, Http, Log, Sockets } from '#ports/index.ts'
import type {
  Attachment,
  Capabilities,
  Direction,
  ImportFormat,
  ImportReport,
  Instant,
  MessageKind,
  Metrics,
  Network,
  OutgoingContent,
  Party,
  Problem,
  Profile,
  Progress,
  SendLimits,
} from '#shared/model/index.ts'

/**
 * The one interface between the engine and a network. A connector is a folder `connectors/<network>/` that exports a
 * `Connector` and a line in `registry.ts`. It knows its protocol and nothing of the store or the screen.
 *
 * Rules: `create` does no I/O. Faults are thrown as `ConnectorFault`; anything else is taken for a bug of the connector.
 * Everything that must survive a kill goes through `Context.commit`: messages and cursor are saved in one transaction.
 */
export interface Connector<Settings> {
  readonly network: Network
  /** The most that an account of it can do. */
  readonly capabilities: Capabilities
  /** What an account with these settings can do, where that is less: one that only holds what was imported. */
  capabilitiesOf?(settings: Settings): Capabilities
  /** Parses stored settings. @throws when they do not fit. */
  parseSettings(stored: unknown): Settings
  /** What the account's row shows as its address. */
  address(settings: Settings): string
  /**
   * What an account becomes when somebody signs in to it again, or for the first time after imports. Without it, the address must be the same.
   * @throws ConnectorFault `decision` / `account_other` when it is not the same account on the network.
   */
  adopt?(stored: Settings, signedIn: Settings): Settings
  /** A client for one account. No I/O. */
  create(context: Context<Settings>): Client
  /** Derives what a person reads from the network's own bytes. Pure; survives garbage (`damaged: true`). */
  render(raw: Uint8Array, mediaType: string): Promise<Rendered>
  /**
   * Brings messages in from files on disk, through the same batches as a sync. Resumable (the cursor of the stream
   * `import:<format>:<path>` says where it got to) and idempotent (the same file twice adds nothing).
   * @throws ConnectorFault `decision` / `file_unreadable`, `not_a_mailbox` or why an export cannot be used (`export_...`).
   */
  importFiles?(request: ImportRequest, context: Context<Settings>, signal: AbortSignal): Promise<ImportReport>
  /** One attachment's decoded bytes by its index. @returns null when there is none, or the message only names where it is. */
  attachment(raw: Uint8Array, mediaType: string, index: number): Promise<Uint8Array | null>
  /**
   * Fetches an attachment that the message only names, because a person asked for it. Nothing of it is kept.
   * @returns null when there is none. @throws ConnectorFault why it cannot be had.
   */
  fetchAttachment?(named: NamedAttachment, http: Http, signal: AbortSignal): Promise<Uint8Array | null>
}

/** What is known of a network without its code: enough to list its accounts and to read their settings. */
export type About<Settings> = Pick<
  Connector<Settings>,
  'network' | 'capabilities' | 'capabilitiesOf' | 'parseSettings' | 'address' | 'adopt'
>

export interface NamedAttachment {
  raw: Uint8Array
  mediaType: string
  index: number
  /** Where the message came from. @see IncomingMessage.endpoint */
  endpoint: string
}

export interface ImportRequest {
  format: ImportFormat
  path: string
  /** Further files of the same export, where the network cut it in parts. */
  parts: string[]
}

/** A file that was put into the office before the message that it belongs to. */
export interface KeptFile {
  /** Of its bytes, in hex. */
  sha256: string
  size: number
}

/** A file of a message that came apart from its bytes: a picture of an export. */
export interface IncomingMedia extends KeptFile {
  /** The attachment that it is. */
  index: number
}

export interface Rendered {
  /** Not sanitised; the interface does that. Pictures of the mail itself are addressed `cid:<content id>`. */
  html: string | null
  text: string
  damaged: boolean
  attachments: Attachment[]
  /** What stands above the text, where the network lets it be changed afterwards. */
  subject?: string
}

/**
 * One account's connection to its network. Used by one supervisor, one call at a time, but: `act`, `send`, `find`, `reread` and `profile` may come
 * while `sync` or `wait` run (one of these at a time), and `close` at any time.
 */
export interface Client {
  /** Signs in and checks that the account can be used; quick, changes nothing. Used before an account is made. */
  check(signal: AbortSignal): Promise<Checked>
  /** Signs in where the account sends, where that is another server than the one that it reads from; changes nothing. */
  checkSending?(signal: AbortSignal): Promise<void>
  /**
   * One complete pass: brings everything that is there now, then resolves. Resumable: commits as it goes.
   * @returns what a person should know although the pass came to its end; null when there is nothing to say.
   */
  sync(signal: AbortSignal): Promise<Problem | null>
  /**
   * Stays on the network: resolves when there is (or may be) something new, so that the engine calls `sync` again; where
   * there is no push it resolves after the interval. Rejects with a fault when the connection is lost.
   */
  wait(signal: AbortSignal): Promise<void>
  /** Carries out one stored act on the network. Must be safe to repeat. */
  act(act: NetworkAct, signal: AbortSignal): Promise<void>
  /**
   * Hands one item of the outbox to the network. Called by the outbox only, which stored before that it would.
   * @throws ConnectorFault with `untaken` where the network certainly has nothing of it; after any other fault the outcome is unknown,
   *   and the outbox calls `find` before anything else.
   */
  send?(item: Outgoing, signal: AbortSignal): Promise<Sent>
  /**
   * Asks the network whether an item is there whose outcome is not known (idempotency key, own newest posts, Message-ID in Sent).
   * Without it, an item that publishes and whose outcome is not known waits for a person's word.
   * @returns null when it certainly is not there. @throws ConnectorFault when that cannot be said now.
   */
  find?(item: Outgoing, signal: AbortSignal): Promise<Sent | null>
  /** Reads own messages again, for edits and deletions and their figures, and commits what it finds. */
  reread?(remoteIds: string[], signal: AbortSignal): Promise<void>
  /** Who is behind a handle now. @returns null when the network knows nobody by it. */
  profile?(handle: string, signal: AbortSignal): Promise<IncomingProfile | null>
  /** Ends connections at once. Never throws. */
  close(): Promise<void>
}

/** One item of the outbox as a connector is given it. The same at every try. */
export interface Outgoing {
  /** Random, made once when the item was stored, 32 hex digits: idempotency keys, Message-IDs and record keys are derived from it. */
  key: string
  queuedAt: Instant
  content: OutgoingContent
  /** The message that it answers, edits, deletes or acts on. For a later part of a thread: the part before it. */
  target: SourceMessage | null
  quote: SourceMessage | null
  /** The bytes of one of its files. */
  open(sha256: string): AsyncIterable<Uint8Array>
}

/** A message of the account as the office has it, with the newest bytes of it. */
export interface SourceMessage {
  remoteId: string
  direction: Direction
  /** Where it was last seen. */
  places: string[]
  raw: Uint8Array
  mediaType: string
}

/** What became of an item that the network took. */
export interface Sent {
  /** The message as the network has it now: what it answered to the sending. Null where nothing is to be kept of it (acts, deletions). */
  message: IncomingMessage | null
  answer?: Answer
}

/** Who is behind a handle, with the network's own bytes that said so. */
export interface IncomingProfile {
  profile: Profile
  raw: Uint8Array
  mediaType: string
  endpoint: string
}

/** Figures of an own message, or with `remoteId` null of the account itself. */
export interface IncomingMetrics extends Metrics {
  remoteId: string | null
}

export interface Checked {
  /** A title to suggest as the account's label. */
  label: string
  /** The folders or streams that would be synced. */
  streams: string[]
}

/** Acts that triage sends back to the network. `places` are those the message was last seen at. */
export type NetworkAct = { kind: 'set_read' | 'set_answered'; remoteId: string; places: string[]; on: boolean }

export interface Context<Settings> {
  readonly settings: Settings
  /** The account's secret (password or OAuth tokens as JSON), read from the keychain at each use. */
  secret(): Promise<string | null>
  /** Keeps a renewed secret (OAuth refresh). */
  setSecret(value: string): Promise<void>
  /** Keeps changed settings (a feed that moved). Committed with the next batch. */
  setSettings(settings: Settings): Promise<void>
  /** The last committed cursor of a stream; null on the first sync. */
  cursor(stream: string): Promise<string | null>
  /** Every place known in a stream, with the flags as last seen on the network. For networks that do not tell of changes. */
  known(stream: string): Promise<KnownPlace[]>
  /** Which of these remote ids the office already has. */
  has(remoteIds: string[]): Promise<Set<string>>
  /**
   * Saves a batch and its cursor in one transaction and resolves when both are durable. The connector may prepare the
   * next batch meanwhile but awaits in order: at most two batches may be in flight.
   * @throws ConnectorFault `transient` for a full disk or a closed office: stop, the cursor was not moved.
   */
  commit(batch: Batch): Promise<Committed>
  /**
   * Puts a file of any size into the office, encrypted, as it is read. A message names it in `media` of a batch that is committed
   * afterwards; a file that no batch names is removed when the import or the connection ends.
   * @throws ConnectorFault `transient` for a full disk; what `bytes` throws.
   */
  keep(bytes: AsyncIterable<Uint8Array>): Promise<KeptFile>
  /** First sync and catch-up, for the progress bar. */
  progress(progress: Progress): void
  /** What the account may send, as its server says. Kept until told otherwise. */
  limits(limits: SendLimits): void
  /** The newest bytes of a message of the account; null where the office has no such message. */
  source(remoteId: string): Promise<SourceMessage | null>
  /** The network hands out nothing older than this. Never called where it hands out all that it has. */
  reaches(oldest: Instant): void
  readonly clock: Clock
  readonly http: Http
  readonly sockets: Sockets
  readonly log: Log
}

export interface KnownPlace {
  place: string
  remoteId: string
  read: boolean
  answered: boolean
}
export interface Committed {
  new: number
  updated: number
  deleted: number
}

/** What a network's answer said of itself. */
export interface Answer {
  /** `[name, value]` of those worth keeping as proof, names in lower case. */
  headers: [string, string][]
  /** How far this computer's clock was ahead of the server's, in ms; null where the server did not tell its time. */
  clockOffsetMs: number | null
}

/** What one step of a sync brought. At most about 1,000 messages or 8 MB of raw bytes, whichever is first. */
export interface Batch {
  /** What the answer said that brought the messages: kept with their records. */
  answer?: Answer
  /** Folder, timeline, feed: a part of the account with a cursor of its own. */
  stream: string
  /** Opaque to everyone else: where to go on from. */
  cursor: string
  messages: IncomingMessage[]
  marks: Mark[]
  /** Places that are no longer there. A message whose last place is gone was deleted upstream; the copy stays. */
  gone: string[]
  /** Every place of the stream is void (UIDVALIDITY changed); messages stay, and those that come again are known by their remote id. Applied before the rest of the batch. Deletions are judged when a later batch sets `settled`. */
  reset?: boolean
  /** People as the network told of them: kept as dated snapshots where something is other than before. */
  profiles?: IncomingProfile[]
  /** Figures as the network told them now: kept as dated snapshots where something is other than before. */
  metrics?: IncomingMetrics[]
  /** After a reset: all places have been listed again; messages of this stream left without a place were deleted. */
  settled?: boolean
}

export interface IncomingMessage {
  /** The network's id for the message, unique in the account and the same however it is reached. */
  remoteId: string
  /** Where it was seen (folder and number); null where the network has no such thing. */
  place: string | null
  /** Messages of the account that share any key are one conversation. At least one. */
  threadKeys: string[]
  kind: MessageKind
  direction: Direction
  from: Party
  to: Party[]
  cc: Party[]
  subject: string
  /** ISO 8601 UTC with ms: the time it orders by (when the network took it in, or its own date). */
  at: string
  /** Plain text for search and snippets. */
  text: string
  read: boolean
  answered: boolean
  attachments: Attachment[]
  link: string | null
  /** The network's own bytes, exactly. */
  raw: Uint8Array
  /** Media type of `raw`, e.g. `message/rfc822`, `application/rss+xml`. */
  mediaType: string
  /** Where the bytes came from, e.g. `imaps://host/INBOX`. No secrets. */
  endpoint: string
  /** Files that came apart from `raw`. */
  media?: IncomingMedia[]
  /** When it was removed from the network, where the network tells. */
  deletedAt?: Instant | null
  /**
   * Asks nothing of anybody: a like, a boost, a new follower. It is shown with its conversation, and makes none unread or needing a reply.
   */
  quiet?: boolean
  /** The bytes hold counts that change by themselves (likes): seen again with the same words and files it is no new version. */
  volatile?: boolean
}

/** Flags as the network now has them, for a message known by its place. */
export interface Mark {
  place: string
  read: boolean
  answered: boolean
  /** For a place that is new: the message, already in the office, that was now seen there too. Its bytes need not come again. */
  remoteId?: string
}
