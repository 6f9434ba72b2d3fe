import type { Sha256 } from './sha256.ts'

/** Bytes of a salt. */
export const SALT_BYTES = 32

/** Most manifests fit here, so that committing to one needs no memory of its own. */
const scratch = new Uint8Array(4096)
const utf8 = new TextEncoder()

/**
 * The commitment to a text (a manifest, or the canonical JSON of whatever else an entry commits to).
 * @param salt 32 bytes.
 * @returns base64.
 */
export function commit(sha: Sha256, salt: Uint8Array, text: string): string {
  if (salt.length !== SALT_BYTES) throw new RangeError(`A salt has ${SALT_BYTES} bytes, not ${salt.length}.`)
  // A character is at most three bytes of UTF-8 for each of its UTF-16 units.
  const room = SALT_BYTES + text.length * 3
  const bytes = room <= scratch.length ? scratch : new Uint8Array(room)
  bytes.set(salt)
  const { written } = utf8.encodeInto(text, bytes.subarray(SALT_BYTES))
  return sha.base64(bytes.subarray(0, SALT_BYTES + written))
}
