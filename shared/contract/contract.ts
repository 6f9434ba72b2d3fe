import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import {
  Account,
  AccountId,
  ActId,
  ArchiveNetwork,
  ArchiveSettings,
  ConversationId,
  ConversationRow,
  ConversationState,
  Identity,
  IdentityColor,
  IdentityId,
  IdentityName,
  IdentityShape,
  IdentitySignature,
  ImportFormat,
  ImportReport,
  InboxFilter,
  Instant,
  JobId,
  LabelId,
  MailAuth,
  MailServer,
  Message,
  MessageContent,
  MessageId,
  Problem,
  Progress,
  SortKey,
  Voice,
} from '../model/index.ts'
import { archiveContract, ExportSummary } from './archive.ts'
import { draftContract } from './drafts.ts'
import { guardContract } from './guard.ts'
import { labelContract, noteContract } from './labels.ts'
import { accountMetrics, messageMetrics, outboxContract, peopleContract } from './outbox.ts'
import { retentionContract } from './retention.ts'
import { searchContract } from './search.ts'
import { AccountLogin, BrowserSignIn, SendingInput } from './sign-in.ts'
import { voicesContract } from './voices.ts'

/** Raw bytes as both transports carry them: a Blob, named by its shape because this layer has no DOM types. */
export interface Bytes {
  readonly size: number
  readonly type: string
  arrayBuffer(): Promise<ArrayBuffer>
}
const bytes = z.custom<Bytes>((value) => Object.prototype.toString.call(value) === '[object Blob]', 'expected a Blob')

const call = oc
/** The state of the office itself: where it is, how it is protected, what to warn of for as long as it holds. */
export const OfficeStatus = z.object({
  dir: z.string(),
  version: z.string(),
  host: z.enum(['electron', 'server', 'cli']),
  /** Where the key of the database lives. */
  key: z.enum(['keychain', 'file', 'passphrase']),
  readOnly: z.boolean(),
  /** Shown until they no longer hold, e.g. `key_in_file`, `corrupt`, `disk_full`, `clock_jumped`. */
  warnings: z.array(z.enum(['key_in_file', 'corrupt', 'disk_full', 'clock_jumped'])),
  sample: z.boolean(),
})
export type OfficeStatus = z.infer<typeof OfficeStatus>

/** A conversation named together with its identity: an act that names another identity is refused. */
export const Target = z.object({ id: ConversationId, identityId: IdentityId })
export type Target = z.infer<typeof Target>
const targets = z.array(Target).min(1).max(5000)

export const Acted = z.object({
  /** Undo token; acts can be undone for as long as the office is open, the interface offers it for 10 s. */
  act: ActId,
  changed: z.number().int().nonnegative(),
})
export type Acted = z.infer<typeof Acted>

export const PageInput = z.object({
  filter: InboxFilter,
  /** First row to show: this key or the next older one. Null starts at the newest. */
  from: SortKey.nullable(),
  /** Stop before this key (exclusive). Null: no lower end. */
  until: SortKey.nullable(),
  limit: z.number().int().min(1).max(500),
})
export type PageInput = z.infer<typeof PageInput>
export const Page = z.object({
  rows: z.array(ConversationRow),
  /** Key to ask `from` for the next older page; null at the end. */
  next: SortKey.nullable(),
})
export type Page = z.infer<typeof Page>

/** The length of a list and the key of every `step`-th row, so that a scrollbar can jump anywhere by key. */
export const Outline = z.object({
  total: z.number().int().nonnegative(),
  step: z.number().int().positive(),
  keys: z.array(SortKey),
})
export type Outline = z.infer<typeof Outline>

/** Counts kept by the store: conversations by view, and unread ones, for the whole, each identity and each account. */
export const BadgeCounts = z.object({
  open: z.number().int(),
  needs_reply: z.number().int(),
  waiting: z.number().int(),
  done: z.number().int(),
  snoozed: z.number().int(),
  /** Open conversations with unread messages. */
  unread: z.number().int(),
})
export type BadgeCounts = z.infer<typeof BadgeCounts>
export const Badges = z.object({
  all: BadgeCounts,
  identities: z.record(IdentityId, BadgeCounts),
  accounts: z.record(AccountId, BadgeCounts),
  /** Of labels and topics that something has, or had. */
  labels: z.record(LabelId, BadgeCounts),
})
export type Badges = z.infer<typeof Badges>

export const CertificateInfo = z.object({
  host: z.string(),
  port: z.number().int(),
  fingerprint: z.string(),
  subject: z.string(),
  issuer: z.string(),
  validFrom: z.string(),
  validTo: z.string(),
})
export type CertificateInfo = z.infer<typeof CertificateInfo>

/** What was found for a mail address; every field can be changed by the person. */
export const MailSuggestion = z.object({
  address: z.string(),
  user: z.string(),
  imap: MailServer.nullable(),
  smtp: MailServer.nullable(),
  /** Ways to sign in, best first. */
  auth: z.array(MailAuth).min(1),
  /** For OAuth2: the provider's name. */
  provider: z.enum(['google', 'microsoft']).nullable(),
  /** Where the answer came from. */
  source: z.enum(['provider', 'well-known', 'srv', 'common-name', 'none']),
})
export type MailSuggestion = z.infer<typeof MailSuggestion>

export const FeedCandidate = z.object({ url: z.string(), title: z.string() })
export type FeedCandidate = z.infer<typeof FeedCandidate>

const secret = z.string().min(1).max(10_000)
export const MailAccountInput = z.object({
  identityId: IdentityId,
  label: z.string().trim().max(80).nullable(),
  address: z.string().trim().min(1).max(320),
  user: z.string().min(1).max(320),
  imap: MailServer,
  smtp: MailServer.nullable(),
  folders: z.array(z.string().min(1).max(1000)).max(500),
  ca: z.string().max(100_000).nullable(),
  /** A certificate that a person has looked at and accepted for this server. */
  acceptFingerprint: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  login: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('password'), password: secret }),
    /** Finished sign-in from `accounts.oauthBegin`. */
    z.object({ kind: z.literal('oauth2'), flow: z.string().min(1).max(100) }),
  ]),
})
export type MailAccountInput = z.infer<typeof MailAccountInput>

export const Job = z.object({
  id: JobId,
  kind: z.enum(['import', 'sample', 'backup', 'check', 'export', 'disposal']),
  /** What it works on, for showing: a file name or an account's label. */
  about: z.string(),
  phase: z.enum(['running', 'done', 'failed', 'cancelled']),
  progress: Progress,
  /** Of an import, when done: messages that were new, already there, or not understood. */
  result: ImportReport.nullable(),
  /** Of an export, when done. */
  exported: ExportSummary.nullable(),
  problem: Problem.nullable(),
})
export type Job = z.infer<typeof Job>

export const SyncReport = z.object({
  accountId: AccountId,
  new: z.number().int(),
  updated: z.number().int(),
  deleted: z.number().int(),
  seconds: z.number(),
  problem: Problem.nullable(),
})
export type SyncReport = z.infer<typeof SyncReport>

export const DoctorFinding = z.object({
  check: z.enum(['integrity', 'foreign_keys', 'search_index', 'badges', 'blobs', 'outbox', 'key', 'lock', 'disk', 'accounts']),
  ok: z.boolean(),
  detail: z.string(),
})
export type DoctorFinding = z.infer<typeof DoctorFinding>

/** What changed, sent after the change is committed. The interface reads again what it shows. */
export const Change = z.discriminatedUnion('kind', [
  /** Conversations that are new or moved to the top, changed in place, or gone from lists. At most 500 rows; `more` when there were more. */
  z.object({
    kind: z.literal('conversations'),
    arrived: z.array(ConversationRow),
    changed: z.array(ConversationRow),
    more: z.boolean(),
  }),
  z.object({ kind: z.literal('badges') }),
  z.object({ kind: z.literal('accounts') }),
  z.object({ kind: z.literal('identities') }),
  /** Labels were made, changed or removed. */
  z.object({ kind: z.literal('labels') }),
  /** What is being written. */
  z.object({ kind: z.literal('drafts') }),
  z.object({ kind: z.literal('office') }),
  /** Something of the outbox: an item, or where it is. */
  z.object({ kind: z.literal('outbox') }),
  z.object({ kind: z.literal('calendar') }),
  /** Saved searches. */
  z.object({ kind: z.literal('searches') }),
  z.object({ kind: z.literal('job'), job: Job }),
])
export type Change = z.infer<typeof Change>

const none = z.object({}).optional()

/** Every call and event of the program. Nothing else is callable. */
export const contract = {
  office: {
    status: call.input(none).output(OfficeStatus),
    /** Changes from now on, until the caller stops listening. */
    changes: call.input(none).output(eventIterator(Change)),
    backup: call.input(z.object({ file: z.string().min(1).max(4096) })).output(z.object({ bytes: z.number().int() })),
    doctor: call.input(none).output(z.array(DoctorFinding)),
    /** Fills an office that has no account with the sample parliament. */
    sample: call.input(none).output(z.object({ job: JobId })),
    /** Small remembered things of the interface: window and column sizes, language, theme. */
    preferences: call.input(none).output(z.record(z.string(), z.string())),
    setPreference: call
      .input(z.object({ name: z.string().regex(/^[a-z][a-zA-Z.]{0,60}$/), value: z.string().max(2000) }))
      .output(z.object({})),
  },
  identities: {
    list: call.input(none).output(z.array(Identity)),
    add: call
      .input(z.object({ name: IdentityName, voice: Voice, shape: IdentityShape.nullable(), color: IdentityColor.nullable() }))
      .output(Identity),
    update: call
      .input(
        z.object({
          id: IdentityId,
          name: IdentityName,
          shape: IdentityShape,
          color: IdentityColor,
          /** Left out: as it is. */
          signature: IdentitySignature.optional(),
        }),
      )
      .output(Identity),
  },
  accounts: {
    list: call.input(none).output(z.array(Account)),
    /** Looks for the servers of a mail address; never sends a password. */
    discoverMail: call.input(z.object({ address: z.string().trim().min(3).max(320) })).output(MailSuggestion),
    discoverFeed: call.input(z.object({ url: z.string().trim().min(1).max(2000) })).output(z.array(FeedCandidate)),
    /** The certificate a server shows, to be looked at before it is accepted. */
    inspectCertificate: call.input(z.object({ server: MailServer })).output(CertificateInfo),
    /** Signs in first; an account is only made when that worked. */
    addMail: call.input(MailAccountInput).output(Account),
    addFeed: call
      .input(
        z.object({
          identityId: IdentityId,
          url: z.string().trim().min(1).max(2000),
          label: z.string().trim().max(80).nullable(),
        }),
      )
      .output(Account),
    /** Makes an account for what is imported from a network's exports; nobody signs in. */
    addArchive: call
      .input(
        z.object({
          identityId: IdentityId,
          network: ArchiveNetwork,
          label: z.string().trim().max(80).nullable(),
          handle: ArchiveSettings.shape.handle,
          server: ArchiveSettings.shape.server,
        }),
      )
      .output(Account),
    /** Makes an account of a network that says itself whose it is. Signs in first; an account is only made when that worked. */
    add: call
      .input(z.object({ identityId: IdentityId, label: z.string().trim().max(80).nullable(), login: AccountLogin }))
      .output(Account),
    /**
     * Signs in to an account that needs it, or that so far only holds what was imported: from then on it is live. Whoever signs in
     * must be the same on the network.
     */
    signInAgain: call.input(z.object({ id: AccountId, identityId: IdentityId, login: AccountLogin })).output(Account),
    /** Begins a sign-in in the browser: open `url` there; `flow` names it afterwards. */
    oauthBegin: call.input(BrowserSignIn).output(z.object({ flow: z.string(), url: z.string() })),
    /** Waits until the person has finished in the browser, or gave up. */
    oauthWait: call
      .input(z.object({ flow: z.string().min(1).max(100) }))
      .output(z.object({ done: z.boolean(), problem: Problem.nullable() })),
    rename: call
      .input(z.object({ id: AccountId, identityId: IdentityId, label: z.string().trim().min(1).max(80) }))
      .output(Account),
    pause: call.input(z.object({ id: AccountId, identityId: IdentityId })).output(Account),
    resume: call.input(z.object({ id: AccountId, identityId: IdentityId })).output(Account),
    /** New password, or a certificate accepted anew, for an account that needs a sign-in. */
    signIn: call
      .input(
        z.object({
          id: AccountId,
          identityId: IdentityId,
          password: secret.nullable(),
          acceptFingerprint: z
            .string()
            .regex(/^[0-9a-f]{64}$/)
            .nullable(),
        }),
      )
      .output(Account),
    /**
     * How a mailbox sends: what is left out stays as it is, `smtp` null ends sending. It signs in at the server first; when that fails nothing is changed.
     */
    setSending: call.input(SendingInput).output(Account),
    /** Runs to the end of what is there now. Without `id`: every account. */
    sync: call.input(z.object({ id: AccountId.nullable() })).output(z.array(SyncReport)),
    importFiles: call
      .input(
        z.object({
          id: AccountId,
          identityId: IdentityId,
          format: ImportFormat,
          path: z.string().min(1).max(4096),
          /** Further files of the same export, where the network cut it in parts. */
          parts: z.array(z.string().min(1).max(4096)).max(100).default([]),
        }),
      )
      .output(z.object({ job: JobId })),
    /** Figures of the account itself, as its network said them at times, oldest first. */
    metrics: accountMetrics,
  },
  jobs: {
    list: call.input(none).output(z.array(Job)),
    cancel: call.input(z.object({ id: JobId })).output(z.object({})),
  },
  inbox: {
    page: call.input(PageInput).output(Page),
    outline: call.input(z.object({ filter: InboxFilter })).output(Outline),
    /** The key at which a list reaches a date (the newest row at or before it); null when all rows are newer. */
    keyAt: call.input(z.object({ filter: InboxFilter, at: Instant })).output(z.object({ key: SortKey.nullable() })),
    badges: call.input(none).output(Badges),
  },
  conversations: {
    get: call
      .input(z.object({ id: ConversationId }))
      .output(z.object({ row: ConversationRow, messages: z.array(Message), older: z.number().int() })),
    setState: call.input(z.object({ targets, state: ConversationState })).output(Acted),
    snooze: call.input(z.object({ targets, until: Instant.nullable() })).output(Acted),
    setRead: call.input(z.object({ targets, read: z.boolean() })).output(Acted),
    undo: call.input(z.object({ act: ActId })).output(z.object({ changed: z.number().int() })),
  },
  messages: {
    get: call.input(z.object({ id: MessageId })).output(Message),
    content: call.input(z.object({ id: MessageId })).output(MessageContent),
    /** One attachment's decoded bytes. */
    attachment: call
      .input(z.object({ id: MessageId, index: z.number().int().min(0).max(100_000) }))
      .output(z.object({ attachment: z.object({ name: z.string(), mediaType: z.string() }), bytes: bytes })),
    /** The network's own bytes of a version, by default the newest. */
    source: call
      .input(z.object({ id: MessageId, version: z.number().int().positive().optional() }))
      .output(z.object({ mediaType: z.string(), bytes: bytes })),
    /** Figures of an own message, as its network said them at times, oldest first. */
    metrics: messageMetrics,
  },
  labels: labelContract,
  drafts: draftContract,
  guard: guardContract,
  notes: noteContract,
  outbox: outboxContract,
  voices: voicesContract,
  people: peopleContract,
  archive: archiveContract,
  retention: retentionContract,
  search: searchContract,
}
export type Contract = typeof contract
