import { z } from 'zod'
import { AccountId, CoverageState, IdentityId, Instant, Voice } from '#shared/model/index.ts'

/** The JSON of an evidence pack, as docs/formats.md has it: what the exporter writes and a verifier reads. */

const count = z.number().int().nonnegative()
const base64Hash = z.string().regex(/^[A-Za-z0-9+/]{43}=$/)

/** Why a part of a record was taken out of its copy, and who decided it. */
export const Redaction = z.object({ by: z.string(), reason: z.string() })
export type Redaction = z.infer<typeof Redaction>

/** One line of `data/records/<ledger>.jsonl`. */
export const RecordLine = z.object({
  /** The entry: exactly the text that was hashed. */
  entry: z.string(),
  /** Path below `data/`; null for a redacted record. */
  file: z.string().nullable(),
  /** Canonical JSON of the manifest; null, as the salt, for a redacted record. */
  manifest: z.string().nullable(),
  /** Inclusion proof for the size of the checkpoint, deepest hash first. */
  proof: z.array(base64Hash),
  redactions: z.array(Redaction),
  salt: base64Hash.nullable(),
  seq: count,
})
export type RecordLine = z.infer<typeof RecordLine>

/** One line of `data/ledger/<ledger>/keys.jsonl`: an entry of kind `key`, proved like a record. */
export const KeyLine = RecordLine.pick({ entry: true, proof: true, seq: true })
export type KeyLine = z.infer<typeof KeyLine>

export const PackLedger = z.object({
  /** Whether `entries.jsonl` is there. */
  entries: z.boolean(),
  /** `seq` of the first and the last exported record; null where there is none. */
  first: count.nullable(),
  last: count.nullable(),
  /** Name of the identity, for people. */
  identity: z.string(),
  ledger: IdentityId,
  records: count,
  /** Of the tree that the checkpoint signs. */
  root: base64Hash,
  size: count,
  voice: Voice,
})
export type PackLedger = z.infer<typeof PackLedger>

/** `data/pack.json`. */
export const PackInfo = z.object({
  coverage: z.array(z.object({ account: AccountId, from: Instant, state: CoverageState, to: Instant })),
  /** Of this export, as its ledger entry has it. */
  id: z.string(),
  ledgers: z.array(PackLedger),
  madeAt: Instant,
  /** Who asked for it. */
  madeBy: z.string(),
  office: z.string(),
  /** Name and version of the program. */
  program: z.string(),
  /** In the search language. */
  query: z.string(),
  records: count,
  redacted: count,
  v: z.literal(1),
})
export type PackInfo = z.infer<typeof PackInfo>
