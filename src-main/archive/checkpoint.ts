import { fromBase64, toBase64 } from './base64.ts'
import { type Ed25519, type NoteKey, parseNote, signNote, verifyNote } from './note.ts'
import { HASH_BYTES, type Sha256 } from './sha256.ts'

/** The head of a ledger, as a signed note says it (C2SP tlog-checkpoint). */
export interface Checkpoint {
  origin: string
  /** Entries. */
  size: number
  /** 32 bytes. */
  root: Uint8Array
}

/** Name of a ledger, and of the key that signs its checkpoints. */
export function ledgerOrigin(office: string, identity: string): string {
  return `dispatch-box/${office}/${identity}`
}

/** The text that is signed: three lines. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${toBase64(root)}\n`
}

export function signCheckpoint(
  sha: Sha256,
  checkpoint: Checkpoint,
  key: NoteKey,
  sign: (message: Uint8Array) => Uint8Array,
): string {
  return signNote(sha, checkpointText(checkpoint), key, sign)
}

/** @returns null when the text is not a checkpoint. Lines after the third, which others may add, are left aside. */
export function parseCheckpoint(text: string): Checkpoint | null {
  const [origin, size, root, ...rest] = text.split('\n')
  if (!origin || size === undefined || root === undefined || rest.at(-1) !== '') return null
  const bytes = fromBase64(root)
  const entries = Number(size)
  if (!/^(0|[1-9][0-9]{0,15})$/.test(size) || !Number.isSafeInteger(entries) || bytes?.length !== HASH_BYTES) return null
  return { origin, size: entries, root: bytes }
}

/** Reads a checkpoint out of a whole note. @returns null unless `key` signed it and it is of the ledger that the key is named after. */
export function openCheckpoint(sha: Sha256, ed25519: Ed25519, whole: string, key: NoteKey): Checkpoint | null {
  const note = parseNote(whole)
  if (note === null || !verifyNote(sha, ed25519, note, key)) return null
  const checkpoint = parseCheckpoint(note.text)
  return checkpoint?.origin === key.name ? checkpoint : null
}
