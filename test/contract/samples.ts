import type { InferContractRouterInputs, InferContractRouterOutputs } from '@orpc/contract'
import type { BadgeCounts, Contract } from '#shared/contract/index.ts'
import {
  type Account,
  AccountId,
  ActId,
  ConversationId,
  type ConversationRow,
  type Identity,
  IdentityId,
  type InboxFilter,
  JobId,
  LabelId,
  type MailServer,
  type Message,
  MessageId,
  SortKey,
} from '#shared/model/index.ts'
import { draftSamples } from './draft-samples.ts'
import { labelSamples } from './label-samples.ts'
import { outboxSamples } from './outbox-samples.ts'
import { retentionSamples } from './retention-samples.ts'
import { searchSamples } from './search-samples.ts'
import { voicesSamples } from './voices-samples.ts'

type Inputs = InferContractRouterInputs<Contract>
type Outputs = InferContractRouterOutputs<Contract>
/** One fitting question and answer for every call; event streams are tested apart. */
export type Samples = {
  [Topic in keyof Contract]: {
    [Call in keyof Contract[Topic] as Call extends 'changes' ? never : Call]: {
      input: Inputs[Topic][Call & keyof Inputs[Topic]]
      output: Outputs[Topic][Call & keyof Outputs[Topic]]
    }
  }
}

const at = '2026-02-03T04:05:06.789Z'
const identityId = IdentityId.parse('1')
const id = AccountId.parse('2')
const conversationId = ConversationId.parse('3')
const messageId = MessageId.parse('4')
const key = SortKey.parse('5')
const act = ActId.parse('6')
const job = JobId.parse('import-1')
const server: MailServer = { host: 'mail.example', port: 993, security: 'tls' }
const filter: InboxFilter = { view: 'open', identityId: null, accountId: null, labelId: null, unreadOnly: false }
const identity: Identity = {
  id: identityId,
  name: 'Committee office',
  voice: 'institutional',
  shape: 'square',
  color: 'blue',
  signature: 'The committee\noffice',
}
const targets = [{ id: conversationId, identityId }]
const account: Account = {
  id,
  identityId,
  network: 'mail',
  label: 'Office',
  address: 'office@parliament.example',
  capabilities: {
    push: true,
    readFlag: true,
    answeredFlag: true,
    edits: false,
    deletions: true,
    login: true,
    imports: ['mbox'],
    live: true,
    sends: false,
    finds: false,
    rereads: false,
    profiles: false,
  },
  status: { phase: 'live', since: at, reason: null, nextTryAt: null, progress: { done: 1, total: null }, lastSyncAt: at },
}
export const row: ConversationRow = {
  id: conversationId,
  sortKey: key,
  identityId,
  accountId: id,
  network: 'mail',
  from: 'Añá ✉ 議会',
  subject: 'Réponse',
  snippet: 'مرحبا',
  at,
  unread: 1,
  messages: 2,
  state: 'needs_reply',
  snoozedUntil: null,
  hasAttachment: true,
  outbound: false,
  labels: [LabelId.parse('7')],
  notes: 1,
}
const message: Message = {
  id: messageId,
  conversationId,
  identityId,
  accountId: id,
  network: 'mail',
  kind: 'mail',
  direction: 'inbound',
  from: { name: 'Ana', handle: 'ana@example.org' },
  to: [],
  cc: [],
  subject: 's',
  snippet: 'n',
  at,
  read: false,
  answered: false,
  deletedAt: null,
  versions: 1,
  attachments: [{ index: 0, name: 'a.pdf', mediaType: 'application/pdf', size: 3, contentId: null, inline: false }],
  link: null,
}
const counts: BadgeCounts = { open: 1, needs_reply: 1, waiting: 0, done: 0, snoozed: 0, unread: 1 }
/** Every byte there is, among them the one that parts text from bytes in a frame. */
export const everyByte = Uint8Array.from({ length: 1024 }, (_, index) => index % 256)
const blob = new Blob([everyByte], { type: 'application/pdf' })

const checkpoint = { size: 3, root: 'cm9vdA==', madeAt: at, note: 'note', key: 'key', timestamped: false }
const carry = {
  next: 3,
  size: 3,
  tiles: [{ level: 0, n: 0, hashes: 'cm9vdA==' }],
  captures: 3,
  disposed: 0,
  covered: 0,
  bytes: 10,
}

export const samples: Samples = {
  office: {
    status: {
      input: undefined,
      output: { dir: '/o', version: '1', host: 'cli', key: 'file', readOnly: false, warnings: ['key_in_file'], sample: false },
    },
    backup: { input: { file: '/b' }, output: { bytes: 1 } },
    doctor: { input: undefined, output: [{ check: 'integrity', ok: true, detail: 'ok' }] },
    sample: { input: undefined, output: { job } },
    preferences: { input: undefined, output: { theme: 'dark' } },
    setPreference: { input: { name: 'theme', value: 'dark' }, output: {} },
  },
  identities: {
    list: { input: undefined, output: [identity] },
    add: { input: { name: 'Committee office', voice: 'institutional', shape: null, color: null }, output: identity },
    update: { input: { id: identityId, name: 'New', shape: 'circle', color: 'red' }, output: identity },
  },
  accounts: {
    metrics: { input: { id, identityId }, output: [{ at, counts: { followers: 12 } }] },
    list: { input: undefined, output: [account] },
    discoverMail: {
      input: { address: 'a@b.example' },
      output: { address: 'a@b.example', user: 'a', imap: server, smtp: null, auth: ['password'], provider: null, source: 'srv' },
    },
    discoverFeed: { input: { url: 'b.example' }, output: [{ url: 'https://b.example/feed', title: 'News' }] },
    inspectCertificate: {
      input: { server },
      output: { host: 'h', port: 1, fingerprint: 'f', subject: 's', issuer: 'i', validFrom: 'a', validTo: 'b' },
    },
    addMail: {
      input: {
        identityId,
        label: null,
        address: 'a@b.example',
        user: 'a',
        imap: server,
        smtp: null,
        folders: [],
        ca: null,
        acceptFingerprint: null,
        login: { kind: 'password', password: 'p' },
      },
      output: account,
    },
    addFeed: { input: { identityId, url: 'https://b.example/feed', label: null }, output: account },
    oauthBegin: {
      input: { provider: 'google', address: 'a@b.example', clientId: 'c', clientSecret: null },
      output: { flow: 'f', url: 'https://accounts.example' },
    },
    add: { input: { identityId, label: null, login: { kind: 'mastodon', server: 'a.example', token: 't' } }, output: account },
    signInAgain: { input: { id, identityId, login: { kind: 'flow', flow: 'f' } }, output: account },
    oauthWait: { input: { flow: 'f' }, output: { done: true, problem: { code: 'cancelled', params: {} } } },
    rename: { input: { id, identityId, label: 'New' }, output: account },
    setSending: {
      input: { id, identityId, smtp: null, name: 'Office', perMinute: 20, acceptFingerprint: null },
      output: account,
    },
    pause: { input: { id, identityId }, output: account },
    resume: { input: { id, identityId }, output: account },
    signIn: { input: { id, identityId, password: 'p', acceptFingerprint: null }, output: account },
    sync: { input: { id: null }, output: [{ accountId: id, new: 1, updated: 2, deleted: 3, seconds: 0.5, problem: null }] },
    addArchive: {
      input: { identityId, network: 'x', label: null, handle: '@office', server: null },
      output: account,
    },
    importFiles: { input: { id, identityId, format: 'mbox', path: '/m', parts: [] }, output: { job } },
  },
  jobs: {
    list: {
      input: undefined,
      output: [
        {
          id: job,
          kind: 'import',
          about: 'm',
          phase: 'done',
          progress: { done: 1, total: 1 },
          result: null,
          exported: null,
          problem: null,
        },
      ],
    },
    cancel: { input: { id: job }, output: {} },
  },
  inbox: {
    page: { input: { filter, from: key, until: null, limit: 500 }, output: { rows: [row], next: null } },
    outline: { input: { filter }, output: { total: 1, step: 100, keys: [key] } },
    keyAt: { input: { filter, at }, output: { key } },
    badges: {
      input: undefined,
      output: {
        all: counts,
        identities: { [identityId]: counts },
        accounts: { [id]: counts },
        labels: { [LabelId.parse('7')]: counts },
      },
    },
  },
  conversations: {
    get: { input: { id: conversationId }, output: { row, messages: [message], older: 0 } },
    setState: { input: { targets, state: 'done' }, output: { act, changed: 1 } },
    snooze: { input: { targets, until: at }, output: { act, changed: 1 } },
    setRead: { input: { targets, read: true }, output: { act, changed: 1 } },
    undo: { input: { act }, output: { changed: 1 } },
  },
  messages: {
    get: { input: { id: messageId }, output: message },
    content: { input: { id: messageId }, output: { messageId, html: '<p>', text: 't', damaged: false } },
    attachment: {
      input: { id: messageId, index: 0 },
      output: { attachment: { name: 'a.pdf', mediaType: 'application/pdf' }, bytes: blob },
    },
    source: { input: { id: messageId }, output: { mediaType: 'message/rfc822', bytes: blob } },
    metrics: { input: { id: messageId }, output: [{ at, counts: { likes: 3, boosts: 0 } }] },
  },
  ...labelSamples({ act, row }),
  ...outboxSamples(row),
  ...voicesSamples(identityId),
  ...draftSamples({ identityId, accountId: id, target: messageId, at }),
  archive: {
    ledgers: { input: {}, output: [{ identityId, size: 3, root: 'cm9vdA==', checkpoint }] },
    checkpoint: { input: { identityId }, output: checkpoint },
    authority: { input: {}, output: { url: null } },
    setAuthority: {
      input: { authority: { url: 'https://time.example/tsa', certificates: 'PEM' } },
      output: { url: 'https://time.example/tsa' },
    },
    verify: {
      input: { identityId, carry: null, payloads: true },
      output: { carry, faults: [{ code: 'entry_changed', seq: 1 }], done: true },
    },
    prove: {
      input: { messageId },
      output: [
        {
          identityId,
          version: 1,
          record: '9',
          seq: 2,
          entry: '{}',
          manifest: '{}',
          salt: 'c2FsdA==',
          proof: ['cm9vdA=='],
          checkpoint,
        },
      ],
    },
    history: {
      input: { messageId },
      output: {
        messageId,
        identityId,
        versions: [
          {
            version: 1,
            seq: 2,
            accountId: id,
            capturedAt: at,
            clockOffsetMs: -120,
            endpoint: 'imap://mail.example/INBOX',
            origin: 'sync',
            mediaType: 'message/rfc822',
            size: 3,
            sha256: 'ab',
            subject: null,
            text: 't',
            cut: false,
            received: { answer: 'yes', reason: 'committed' },
            unchanged: { answer: 'yes', reason: 'proved' },
            notLater: { answer: 'cannot_say', reason: 'no_timestamp' },
          },
        ],
        older: 0,
        deletion: { foundAt: at, lastSeen: null },
        complete: { answer: 'yes', reason: 'every_entry' },
        checkpoint: { size: 3, madeAt: at, timestamped: false, stampedAt: null, stampedBy: null },
      },
    },
    count: { input: { query: 'pension', identityIds: null }, output: { records: 12 } },
    export: {
      input: { query: 'pension', identityIds: [identityId], dir: '/tmp/pack', redactions: null, by: 'Records office' },
      output: { job },
    },
    coverage: {
      input: { identityIds: null, accountIds: [id], from: at, to: null },
      output: {
        from: at,
        to: at,
        watched: 0.97,
        unwatched: [{ reason: 'closed', ms: 3_600_000 }],
        accounts: [
          {
            accountId: id,
            identityId,
            from: at,
            to: at,
            watched: null,
            gaps: [{ reason: 'closed', from: at, to: at }],
            more: 0,
          },
        ],
      },
    },
    consistency: {
      input: { identityId, oldSize: 1, newSize: null },
      output: { oldSize: 1, newSize: 3, oldRoot: 'cm9vdA==', newRoot: 'cm9vdA==', proof: ['cm9vdA=='] },
    },
  },
  ...retentionSamples({ identityId, conversationId, messageId, job, at }),
  search: searchSamples,
}
