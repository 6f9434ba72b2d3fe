import { z } from 'zod'
import { AccountId, ConversationId, CoverageState, Instant, MessageId } from '#shared/model/index.ts'
import { quote } from './canonical.ts'

/**
 * The entries of a ledger (docs/formats.md). What is hashed is the text, so each kind has a schema to read it by and a
 * function that writes it: canonical JSON, its members in order, by hand, because a busy office writes ten thousand a second.
 */

const count = z.number().int().nonnegative()
const digits = z.string().regex(/^[0-9]{1,16}$/)
const base64Hash = z.string().regex(/^[A-Za-z0-9+/]{43}=$/)
const head = { at: Instant, seq: count, v: z.literal(1) }

/** How a record came: by a connection to its network, or out of a file. */
export const Origin = z.enum(['sync', 'file'])
export type Origin = z.infer<typeof Origin>

export const TriageActKind = z.enum(['state', 'snooze', 'read', 'label', 'note', 'wake', 'undo'])

const captured = {
  account: AccountId,
  commitment: base64Hash,
  message: MessageId,
  network: z.string().min(1),
  origin: Origin,
  record: digits,
}

export const KeyEntry = z.object({
  ...head,
  kind: z.literal('key'),
  algorithm: z.literal('Ed25519'),
  office: z.string().min(1),
  publicKey: base64Hash,
})
export const CaptureEntry = z.object({ ...head, kind: z.literal('capture'), ...captured, version: z.literal(1) })
export const EditEntry = z.object({ ...head, kind: z.literal('edit'), ...captured, version: z.number().int().min(2) })
export const DeletionEntry = z.object({
  ...head,
  kind: z.literal('deletion'),
  account: AccountId,
  lastSeen: Instant.nullable(),
  message: MessageId,
  state: z.enum(['gone', 'back']),
})
export const TriageEntry = z.object({
  ...head,
  kind: z.literal('triage'),
  act: TriageActKind,
  by: z.string(),
  conversations: z.array(ConversationId),
  value: z.string().nullable(),
})
export const PolicyEntry = z.object({
  ...head,
  kind: z.literal('policy'),
  by: z.string(),
  commitment: base64Hash,
  what: z.string(),
})
export const SendEntry = z.object({
  ...head,
  kind: z.literal('send'),
  account: AccountId,
  action: z.enum(['queued', 'sent', 'failed', 'cancelled']),
  by: z.string(),
  commitment: base64Hash,
  item: digits,
  message: MessageId.nullable(),
})
export const CoverageEntry = z.object({
  ...head,
  kind: z.literal('coverage'),
  account: AccountId,
  from: Instant,
  state: CoverageState,
  to: Instant,
})
export const HoldEntry = z.object({
  ...head,
  kind: z.literal('hold'),
  action: z.enum(['set', 'lifted']),
  by: z.string(),
  commitment: base64Hash,
  hold: digits,
})
export const ExportEntry = z.object({
  ...head,
  kind: z.literal('export'),
  by: z.string(),
  export: z.string(),
  records: count,
  size: count,
})
export const DisposalEntry = z.object({
  ...head,
  kind: z.literal('disposal'),
  approvedBy: z.string(),
  certificate: z.string().regex(/^[0-9a-f]{64}$/),
  disposal: digits,
  entries: z.array(count),
  proposedBy: z.string(),
  rule: z.string(),
})

/** Every kind of entry there is. Members that are not known are left out of what is read, never out of what is hashed. */
export const Entry = z.discriminatedUnion('kind', [
  KeyEntry,
  CaptureEntry,
  EditEntry,
  DeletionEntry,
  TriageEntry,
  PolicyEntry,
  SendEntry,
  CoverageEntry,
  HoldEntry,
  ExportEntry,
  DisposalEntry,
])
export type Entry = z.infer<typeof Entry>
type Kind<Name extends Entry['kind']> = Extract<Entry, { kind: Name }>

/** What a function that writes an entry is given: all but what every entry of its kind has alike. */
type Fields<Name extends Entry['kind']> = Omit<Kind<Name>, 'kind' | 'v'>

export function keyEntry({ algorithm, at, office, publicKey, seq }: Fields<'key'>): string {
  return `{"algorithm":"${algorithm}","at":"${at}","kind":"key","office":${quote(office)},"publicKey":"${publicKey}","seq":${seq},"v":1}`
}

/** The first version of a message (`version` 1) is a `capture`, every later one an `edit`. */
export type CapturedFields = Omit<Fields<'edit'>, 'version'> & { version: number }

export function capturedEntry(fields: CapturedFields): string {
  const { account, at, commitment, message, network, origin, record, seq, version } = fields
  const kind = version === 1 ? 'capture' : 'edit'
  return `{"account":"${account}","at":"${at}","commitment":"${commitment}","kind":"${kind}","message":"${message}","network":${quote(network)},"origin":"${origin}","record":"${record}","seq":${seq},"v":1,"version":${version}}`
}

export function deletionEntry({ account, at, lastSeen, message, seq, state }: Fields<'deletion'>): string {
  const seen = lastSeen === null ? 'null' : `"${lastSeen}"`
  return `{"account":"${account}","at":"${at}","kind":"deletion","lastSeen":${seen},"message":"${message}","seq":${seq},"state":"${state}","v":1}`
}

export type TriageFields = Fields<'triage'>

export function triageEntry({ act, at, by, conversations, seq, value }: TriageFields): string {
  const set = value === null ? 'null' : quote(value)
  return `{"act":"${act}","at":"${at}","by":${quote(by)},"conversations":${JSON.stringify(conversations)},"kind":"triage","seq":${seq},"v":1,"value":${set}}`
}

export function policyEntry({ at, by, commitment, seq, what }: Fields<'policy'>): string {
  return `{"at":"${at}","by":${quote(by)},"commitment":"${commitment}","kind":"policy","seq":${seq},"v":1,"what":${quote(what)}}`
}

export function sendEntry({ account, action, at, by, commitment, item, message, seq }: Fields<'send'>): string {
  const became = message === null ? 'null' : `"${message}"`
  return `{"account":"${account}","action":"${action}","at":"${at}","by":${quote(by)},"commitment":"${commitment}","item":"${item}","kind":"send","message":${became},"seq":${seq},"v":1}`
}

export function coverageEntry({ account, at, from, seq, state, to }: Fields<'coverage'>): string {
  return `{"account":"${account}","at":"${at}","from":"${from}","kind":"coverage","seq":${seq},"state":"${state}","to":"${to}","v":1}`
}

export function holdEntry({ action, at, by, commitment, hold, seq }: Fields<'hold'>): string {
  return `{"action":"${action}","at":"${at}","by":${quote(by)},"commitment":"${commitment}","hold":"${hold}","kind":"hold","seq":${seq},"v":1}`
}

export function exportEntry({ at, by, export: id, records, seq, size }: Fields<'export'>): string {
  return `{"at":"${at}","by":${quote(by)},"export":${quote(id)},"kind":"export","records":${records},"seq":${seq},"size":${size},"v":1}`
}

export function disposalEntry(fields: Fields<'disposal'>): string {
  const { approvedBy, at, certificate, disposal, entries, proposedBy, rule, seq } = fields
  return `{"approvedBy":${quote(approvedBy)},"at":"${at}","certificate":"${certificate}","disposal":"${disposal}","entries":${JSON.stringify(entries)},"kind":"disposal","proposedBy":${quote(proposedBy)},"rule":${quote(rule)},"seq":${seq},"v":1}`
}
