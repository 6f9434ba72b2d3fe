import { z } from 'zod'
import {
  type BadgeCounts,
  Checkpoint,
  CoverageGap,
  DoctorFinding,
  LedgerFault,
  MessageHistory,
  Proof,
  RecordVersion,
} from '#shared/contract/index.ts'
import {
  type Account,
  AccountPhase,
  Attachment,
  type ConversationRow,
  ConversationState,
  CoverageReason,
  Direction,
  Identity,
  ImportReport,
  Instant,
  Label,
  type Message,
  MessageKind,
  Network,
  type Note,
  NoteVersion,
  Party,
  type Problem,
  ProblemCode,
  ProblemError,
  Progress,
  type SearchHit,
} from '#shared/model/index.ts'
import type { Names } from './names.ts'

/** What every command prints with `--json`. Scripts rely on these: fields are added, never renamed. */

const id = z.string().regex(/^[0-9]+$/)
const ProblemShape = z.object({ code: ProblemCode, message: z.string() })

export const IdentityShape = Identity.extend({ id })
export const AccountShape = z.object({
  id,
  identity: id,
  identityName: z.string(),
  network: Network,
  label: z.string(),
  address: z.string(),
  phase: AccountPhase,
  since: Instant,
  problem: ProblemShape.nullable(),
  nextTryAt: Instant.nullable(),
  progress: Progress.nullable(),
  lastSyncAt: Instant.nullable(),
})
export const SyncShape = z.object({
  account: id,
  label: z.string(),
  network: Network,
  new: z.number().int(),
  updated: z.number().int(),
  deleted: z.number().int(),
  seconds: z.number(),
  problem: ProblemShape.nullable(),
})
export const RowShape = z.object({
  id,
  identity: id,
  identityName: z.string(),
  account: id,
  accountLabel: z.string(),
  network: Network,
  from: z.string(),
  subject: z.string(),
  snippet: z.string(),
  at: Instant,
  unread: z.number().int(),
  messages: z.number().int(),
  state: ConversationState,
  snoozedUntil: Instant.nullable(),
  hasAttachment: z.boolean(),
  outbound: z.boolean(),
  /** Ids of its labels and topics. */
  labels: z.array(id),
  notes: z.number().int(),
  cursor: id,
})
export const HitShape = z.object({
  id,
  conversation: id,
  identity: id,
  identityName: z.string(),
  account: id,
  accountLabel: z.string(),
  network: Network,
  kind: MessageKind,
  direction: Direction,
  at: Instant,
  from: z.string(),
  subject: z.string(),
  snippet: z.string(),
  matches: z.array(z.string()),
  cursor: id,
})
const messageFields = {
  id,
  conversation: id,
  identity: id,
  identityName: z.string(),
  account: id,
  accountLabel: z.string(),
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
  deletedAt: Instant.nullable(),
  versions: z.number().int(),
  attachments: z.array(Attachment),
  link: z.string().nullable(),
}
export const MessageSummaryShape = z.object(messageFields)
export const MessageShape = z.object({ ...messageFields, text: z.string(), html: z.string().nullable(), damaged: z.boolean() })
export const ConversationShape = RowShape.omit({ messages: true }).extend({
  messages: z.array(MessageSummaryShape),
  older: z.number().int(),
})
export const ActedShape = z.object({ ids: z.array(id), changed: z.number().int() })
export const StateActedShape = ActedShape.extend({ state: ConversationState })
export const SnoozeActedShape = ActedShape.extend({ until: Instant.nullable() })
export const ReadActedShape = ActedShape.extend({ read: z.boolean() })
export const ImportShape = ImportReport
export const BackupShape = z.object({ file: z.string(), bytes: z.number().int() })
export const RestoreShape = z.object({
  file: z.string(),
  office: z.string(),
  madeAt: z.string(),
  replaced: z.string().nullable(),
})
export const FindingShape = DoctorFinding
export const ErrorShape = z.object({ error: z.object({ code: ProblemCode, message: z.string() }) })

export const problemShape = (problem: Problem | null): z.infer<typeof ProblemShape> | null =>
  problem && { code: problem.code, message: new ProblemError(problem.code, problem.params).message }

export function accountShape(account: Account, names: Names): z.infer<typeof AccountShape> {
  const { id, identityId, network, label, address, status } = account
  return {
    id,
    identity: identityId,
    identityName: names.identity(identityId),
    network,
    label,
    address,
    phase: status.phase,
    since: status.since,
    problem: problemShape(status.reason),
    nextTryAt: status.nextTryAt,
    progress: status.progress,
    lastSyncAt: status.lastSyncAt,
  }
}

export function rowShape(row: ConversationRow, names: Names): z.infer<typeof RowShape> {
  const { id, identityId, accountId, network, from, subject, snippet, at, unread, messages, state } = row
  return {
    id,
    identity: identityId,
    identityName: names.identity(identityId),
    account: accountId,
    accountLabel: names.account(accountId),
    network,
    from,
    subject,
    snippet,
    at,
    unread,
    messages,
    state,
    snoozedUntil: row.snoozedUntil,
    hasAttachment: row.hasAttachment,
    outbound: row.outbound,
    labels: row.labels,
    notes: row.notes,
    cursor: row.sortKey,
  }
}

/** Matched words stand between U+E000 and U+E001 in a hit's subject and snippet (see `SearchHit`). */
const MARKED = /\ue000([^\ue001]*)\ue001/g
const unmarked = (text: string): string => text.replace(/[\ue000\ue001]/g, '')

export function hitShape(hit: SearchHit, names: Names): z.infer<typeof HitShape> {
  const { id, conversationId, identityId, accountId, network, kind, direction, at, from, subject, snippet } = hit
  const matches = [...`${subject}\n${snippet}`.matchAll(MARKED)].map((match) => match[1] ?? '')
  return {
    id,
    conversation: conversationId,
    identity: identityId,
    identityName: names.identity(identityId),
    account: accountId,
    accountLabel: names.account(accountId),
    network,
    kind,
    direction,
    at,
    from,
    subject: unmarked(subject),
    snippet: unmarked(snippet),
    matches: [...new Set(matches)],
    cursor: id,
  }
}

export function messageShape(message: Message, names: Names): z.infer<typeof MessageSummaryShape> {
  const { conversationId, identityId, accountId, ...rest } = message
  return {
    ...rest,
    conversation: conversationId,
    identity: identityId,
    identityName: names.identity(identityId),
    account: accountId,
    accountLabel: names.account(accountId),
  }
}

export const CoverageShape = z.object({
  from: Instant.nullable(),
  to: Instant,
  watched: z.number().nullable(),
  unwatched: z.array(z.object({ reason: CoverageReason, seconds: z.number() })),
  accounts: z.array(
    z.object({
      account: id,
      accountLabel: z.string(),
      identity: id,
      identityName: z.string(),
      from: Instant,
      to: Instant,
      watched: z.number().nullable(),
      gaps: z.array(CoverageGap),
      more: z.number().int(),
    }),
  ),
})
export const HistoryShape = MessageHistory.omit({ messageId: true, identityId: true, versions: true }).extend({
  message: id,
  identity: id,
  versions: z.array(RecordVersion.omit({ accountId: true }).extend({ account: id })),
})
export const LedgerShape = z.object({
  identity: id,
  identityName: z.string(),
  size: z.number().int(),
  root: z.string(),
  checkpoint: Checkpoint.nullable(),
})
export const LedgerVerdictShape = z.object({
  identity: id,
  identityName: z.string(),
  ok: z.boolean(),
  entries: z.number().int(),
  records: z.number().int(),
  /** Of the records, how many were disposed of. */
  disposed: z.number().int(),
  bytes: z.number().int(),
  faults: z.array(LedgerFault),
})
export const LedgerProofShape = Proof.omit({ identityId: true }).extend({ identity: id })
export const LabelShape = Label.omit({ id: true, identityId: true }).extend({
  id,
  identity: id,
  identityName: z.string(),
  /** Conversations that have it, by state; `open` is needs_reply and waiting. */
  open: z.number().int(),
  done: z.number().int(),
  snoozed: z.number().int(),
})
export const LabelActedShape = z.object({ label: id, changed: z.number().int() })
export const NoteShape = z.object({
  id,
  conversation: id,
  identity: id,
  by: z.string(),
  at: Instant,
  /** What it says; null where it was withdrawn. */
  text: z.string().nullable(),
  versions: z.array(NoteVersion),
})

export function labelShape(label: Label, names: Names, counts: BadgeCounts | undefined): z.infer<typeof LabelShape> {
  const { id, identityId, kind, name, color } = label
  const { open = 0, done = 0, snoozed = 0 } = counts ?? {}
  return { id, identity: identityId, identityName: names.identity(identityId), kind, name, color, open, done, snoozed }
}

export function noteShape({ id, conversationId, identityId, versions }: Note): z.infer<typeof NoteShape> {
  const last = versions.at(-1)
  if (!last) throw new Error('a note has a wording')
  return { id, conversation: conversationId, identity: identityId, by: last.by, at: last.at, text: last.text, versions }
}
