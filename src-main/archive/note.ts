import { fromBase64, toBase64, toHex } from './base64.ts'
import type { Sha256 } from './sha256.ts'

/**
 * Signed notes (C2SP signed-note): a text, an empty line, and a line for each signature. What is signed is the text with its
 * last line feed.
 */

/** Ed25519 as RFC 8032 has it. */
export interface Ed25519 {
  /** @param publicKey 32 bytes. @param signature 64 bytes. */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean
}

/** Who signs: the name that stands on the signature line, and the public key (32 bytes). */
export interface NoteKey {
  name: string
  publicKey: Uint8Array
}

/** One signature line. `id` is the first 4 bytes of what it carries, `signature` the rest. */
export interface NoteSignature {
  name: string
  id: Uint8Array
  signature: Uint8Array
}

export interface Note {
  /** With its last line feed. */
  text: string
  signatures: NoteSignature[]
}

/** The byte that stands for Ed25519 in a key. */
const ED25519 = 1
const KEY_BYTES = 32
const ID_BYTES = 4
const SIGNATURE_BYTES = 64
/** The most signature lines that are read, as Go's implementation has it. */
const MAX_SIGNATURES = 100

/** What may not stand in the name of a key: white space and plus. */
const badName = /^$|[\s+]/u
/** Characters that may not stand in a note: all that control, but the line feed. */
const control = /[^\n\P{Cc}]/u
const signatureLine = /^\u2014 (?<name>[^\s+]+) (?<value>[A-Za-z0-9+/]+={0,2})$/u

const utf8 = new TextEncoder()

/** The first 4 bytes of SHA-256(name || 0x0A || 0x01 || public key). */
export function keyId(sha: Sha256, { name, publicKey }: NoteKey): Uint8Array {
  const start = utf8.encode(`${name}\n`)
  return sha.digest(join(start, Uint8Array.of(ED25519), publicKey)).slice(0, ID_BYTES)
}

/** The key as it is handed on: `<name>+<hex key id>+<base64(0x01 || public key)>`. */
export function formatKey(sha: Sha256, key: NoteKey): string {
  return `${key.name}+${toHex(keyId(sha, key))}+${toBase64(join(Uint8Array.of(ED25519), key.publicKey))}`
}

/** @returns null for anything that is not an Ed25519 key in that form, with the id that belongs to it. */
export function parseKey(sha: Sha256, text: string): NoteKey | null {
  const [, name = '', id, encoded = ''] = /^([^+]*)\+([0-9a-f]{8})\+(.*)$/u.exec(text) ?? []
  const bytes = fromBase64(encoded)
  if (badName.test(name) || bytes === null || bytes.length !== 1 + KEY_BYTES || bytes[0] !== ED25519) return null
  const key = { name, publicKey: bytes.slice(1) }
  return toHex(keyId(sha, key)) === id ? key : null
}

/** @returns null when it is not a note: no text, no signature, or something that may not stand in one. */
export function parseNote(whole: string): Note | null {
  const end = whole.lastIndexOf('\n\n')
  if (end < 0 || !whole.endsWith('\n') || control.test(whole)) return null
  const lines = whole.slice(end + 2, -1).split('\n')
  if (end + 2 === whole.length || lines.length > MAX_SIGNATURES) return null
  const signatures: NoteSignature[] = []
  for (const line of lines) {
    const { name, value } = signatureLine.exec(line)?.groups ?? {}
    const bytes = value === undefined ? null : fromBase64(value)
    if (name === undefined || bytes === null || bytes.length <= ID_BYTES) return null
    signatures.push({ name, id: bytes.slice(0, ID_BYTES), signature: bytes.slice(ID_BYTES) })
  }
  return { text: whole.slice(0, end + 1), signatures }
}

/**
 * Whether the note has a good signature by this key. Signatures by other keys say nothing; a bad one by this key is enough to
 * refuse the note.
 */
export function verifyNote(sha: Sha256, ed25519: Ed25519, note: Note, key: NoteKey): boolean {
  const id = toHex(keyId(sha, key))
  const own = note.signatures.filter((one) => one.name === key.name && toHex(one.id) === id)
  const message = utf8.encode(note.text)
  return (
    own.length > 0 &&
    own.every(({ signature }) => signature.length === SIGNATURE_BYTES && ed25519.verify(key.publicKey, message, signature))
  )
}

/**
 * @param text Ends with a line feed.
 * @param sign Signs with the private key that belongs to `key`. @returns the whole note.
 */
export function signNote(sha: Sha256, text: string, key: NoteKey, sign: (message: Uint8Array) => Uint8Array): string {
  if (!text.endsWith('\n') || control.test(text)) throw new RangeError('A note is lines of text, each with its line feed.')
  if (badName.test(key.name)) throw new RangeError(`The name of a key has no white space and no plus: ${key.name}`)
  const signature = sign(utf8.encode(text))
  return `${text}\n\u2014 ${key.name} ${toBase64(join(keyId(sha, key), signature))}\n`
}

function join(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
