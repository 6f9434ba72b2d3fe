import { oc } from '@orpc/contract'
import { z } from 'zod'
import { IdentityId, Instant, JobId, MessageId } from '../model/index.ts'
import { Coverage, CoverageQuestion } from './coverage.ts'
import { MessageHistory } from './history.ts'

const count = z.number().int().nonnegative()
const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/)

/** A signed head of a ledger (docs/formats.md). */
export const Checkpoint = z.object({
  size: count,
  root: base64,
  madeAt: Instant,
  /** The signed note. */
  note: z.string(),
  /** The key to check it with: `<name>+<hex key id>+<base64>`. */
  key: z.string(),
  /** An authority outside said the time of it. */
  timestamped: z.boolean(),
})
export type Checkpoint = z.infer<typeof Checkpoint>

export const Ledger = z.object({
  identityId: IdentityId,
  size: count,
  /** Root of its tree now. */
  root: base64,
  /** The newest one; null before the first. */
  checkpoint: Checkpoint.nullable(),
})
export type Ledger = z.infer<typeof Ledger>

/** How far the check of a ledger is: entries before `next` of `size` were looked at. To be handed back as it came. */
export const LedgerCarry = z.object({
  next: count,
  size: count,
  tiles: z.array(z.object({ level: count, n: count, hashes: base64 })).max(16),
  captures: count,
  disposed: count,
  /** Intervals of coverage that were entered. */
  covered: count,
  /** Bytes of records that were hashed. */
  bytes: count,
})
export type LedgerCarry = z.infer<typeof LedgerCarry>
export const LedgerFault = z.object({
  code: z.enum([
    'bundle_missing',
    'entry_missing',
    'entry_changed',
    'record_missing',
    'commitment_differs',
    'content_differs',
    'checkpoint_differs',
    'signature_wrong',
    'hashes_differ',
    'records_differ',
    'coverage_differs',
  ]),
  /** Entry at which it was met. */
  seq: count,
})
export type LedgerFault = z.infer<typeof LedgerFault>
export const LedgerStep = z.object({ carry: LedgerCarry, faults: z.array(LedgerFault), done: z.boolean() })
export type LedgerStep = z.infer<typeof LedgerStep>

/** What proves one captured version: enough to check it with nothing but docs/formats.md. */
export const Proof = z.object({
  identityId: IdentityId,
  version: z.number().int().positive(),
  record: z.string(),
  seq: count,
  /** Exactly the text that was hashed. */
  entry: z.string(),
  manifest: z.string(),
  salt: base64,
  /** Inclusion proof for the size of the checkpoint, deepest hash first. */
  proof: z.array(base64),
  checkpoint: Checkpoint,
})
export type Proof = z.infer<typeof Proof>

/** What came of an export. */
export const ExportSummary = z.object({
  /** The finished evidence pack. */
  dir: z.string(),
  id: z.string(),
  records: count,
  redacted: count,
  bytes: count,
  files: count,
  /** Records whose bytes no longer are what was captured. */
  damaged: count,
  /** Records that are whole and say words that were blacked out in another. */
  stillThere: count,
  /** Lines of redactions that had no effect. */
  idle: z.array(count),
})
export type ExportSummary = z.infer<typeof ExportSummary>

const input = z.object({ identityId: IdentityId })

/** Calls of the archive: ledgers, their checkpoints and proofs. */
export const archiveContract = {
  ledgers: oc.input(z.object({}).optional()).output(z.array(Ledger)),
  /** Signs the head of a ledger as it is now. A head that is signed already is handed back. */
  checkpoint: oc.input(input).output(Checkpoint),
  /** Who says the time of checkpoints from outside (RFC 3161); `url` is null when nobody does. */
  authority: oc.input(z.object({}).optional()).output(z.object({ url: z.string().nullable() })),
  /** Chooses that authority: its address, and the certificates to trust for it, in PEM. Null: none. */
  setAuthority: oc
    .input(z.object({ authority: z.object({ url: z.string().max(2000), certificates: z.string().max(200_000) }).nullable() }))
    .output(z.object({ url: z.string().nullable() })),
  /** Checks a ledger and its records, some thousand entries with each call; goes on from `carry` until it is `done`. */
  verify: oc.input(input.extend({ carry: LedgerCarry.nullable(), payloads: z.boolean() })).output(LedgerStep),
  /** Every captured version of a message, oldest first, proved in the newest checkpoint (which is made where there is none that has it). */
  prove: oc.input(z.object({ messageId: MessageId })).output(z.array(Proof)),
  /** How a message came, its versions with what can be said of each, and its deletion. Signs nothing. */
  history: oc.input(z.object({ messageId: MessageId })).output(MessageHistory),
  /** How many records an export of this would have. */
  count: oc
    .input(z.object({ query: z.string().max(10_000), identityIds: z.array(IdentityId).min(1).nullable() }))
    .output(z.object({ records: count })),
  /**
   * Writes an evidence pack of the messages that a search finds (empty: all) into a folder that is empty or not there. Goes on where
   * an export into that folder was interrupted. The finished job says what came of it.
   */
  export: oc
    .input(
      z.object({
        query: z.string().max(10_000),
        identityIds: z.array(IdentityId).min(1).nullable(),
        dir: z.string().min(1).max(4096),
        /** A file of redactions (docs/user-guide.md). */
        redactions: z.string().min(1).max(4096).nullable(),
        /** Who exports: stands in the pack and in the ledger. */
        by: z.string().trim().min(1).max(200),
      }),
    )
    .output(z.object({ job: JobId })),
  /** When accounts were watched, and why not. Null: of all identities, all accounts, since each account has been here, until now. */
  coverage: oc.input(CoverageQuestion).output(Coverage),
  /** The proof that a ledger of `newSize` entries begins with the one of `oldSize`. */
  consistency: oc
    .input(input.extend({ oldSize: z.number().int().positive(), newSize: z.number().int().positive().nullable() }))
    .output(z.object({ oldSize: count, newSize: count, oldRoot: base64, newRoot: base64, proof: z.array(base64) })),
}
