import type { Voice } from '#shared/model/index.ts'
import type { Manifest } from '../commitment.ts'
import type { KeyLine, PackInfo } from '../formats.ts'

/** One identity's ledger as the pack proves by it. Everything in it is text, so that an interrupted export can keep it. */
export interface ProvedLedger {
  /** The identity's id: decimal digits. */
  ledger: string
  /** The identity's name, and its voice. */
  identity: string
  voice: Voice
  /** Entries that the checkpoint covers, and their root in base64. */
  size: number
  root: string
  /** The signed note, and the key to check it with (docs/formats.md). */
  checkpoint: string
  key: string
  /** Every entry of kind `key` that the checkpoint covers. */
  keys: readonly KeyLine[]
  /** DER of an RFC 3161 `TimeStampResp` in base64, and the authority's chain in PEM; null where there is no outside time. */
  timestamp: string | null
  authority: string | null
}

/** What is settled before the first record is written and stays so, however often the export is interrupted. */
export interface PackHead {
  /** Letters, digits and hyphens. */
  id: string
  office: string
  madeAt: string
  /** Who exports. */
  madeBy: string
  /** Name and version of this program. */
  program: string
  /** The search as it was written. */
  query: string
  /** In the order in which their records come. */
  ledgers: readonly ProvedLedger[]
  coverage: PackInfo['coverage']
  /** How many records there will be, for progress; null where it is not known. */
  records: number | null
}

/** Something that came with a message. `size` in bytes. */
export interface ShownFile {
  name: string
  mediaType: string
  size: number
}

/** A record as a person reads it: plain text, derived from its bytes. */
export interface Shown {
  /** When the message was written, by its own word; null where it does not say. */
  at: string | null
  from: string
  to: readonly string[]
  subject: string
  text: string
  /** `mail`, `post`, `reply`, ... */
  kind: string
  /** Where it stands on the web; null where it does not. */
  link: string | null
  attachments: readonly ShownFile[]
  /** How many versions of the message the office has. */
  versions: number
}

/** Bytes, or what gives them piece by piece where they are many. */
export type PackBytes = Uint8Array | (() => AsyncIterable<Uint8Array>)

/** Parts of a record's manifest. */
export type Captured = Pick<
  Manifest,
  'record' | 'message' | 'version' | 'network' | 'capturedAt' | 'mediaType' | 'sha256' | 'size' | 'media'
>

/** One record with everything that proves it. */
export interface PackRecord {
  ledger: string
  seq: number
  /** The entry: exactly the text whose UTF-8 was hashed. */
  entry: string
  /** Inclusion proof for the size of the ledger's checkpoint, deepest first. */
  proof: readonly Uint8Array[]
  /** Canonical JSON of the record's `Manifest`: exactly the text that was committed to. */
  manifest: string
  /** What the exporter needs of it, so that it need not be read again from the text. */
  captured: Captured
  salt: Uint8Array
  /** The network's own bytes. */
  bytes: PackBytes
  shown: Shown
}

/** The last record that was written. */
export interface PackCursor {
  ledger: string
  seq: number
}

/** What a pack is made of. Whoever has the office implements it; the exporter knows nothing of databases. */
export interface PackSource {
  /**
   * @param resumed Head of the export that goes on. The source gives the same again, and with it the same records and proofs
   *   for the same checkpoints, whatever was captured since; or rejects where it cannot.
   */
  begin(resumed: PackHead | null): Promise<PackHead>
  /** The records after `after`, in the order of the head's ledgers, and in each by rising `seq`. */
  records(after: PackCursor | null): AsyncIterable<PackRecord>
  /** A file that came apart from a record's bytes. @param sha256 In hex. */
  media(sha256: string): AsyncIterable<Uint8Array>
  /** The entries of a ledger from `first` to `last`, both included. */
  entries(ledger: string, first: number, last: number): AsyncIterable<string>
}
