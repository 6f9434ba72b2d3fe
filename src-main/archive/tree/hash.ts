import { HASH_BYTES, type Sha256 } from '../sha256.ts'

/**
 * The hashes of a Merkle tree, RFC 6962 section 2.1: leaves and nodes begin with different bytes, so that one can never pass
 * for the other.
 */

/** Hash of one entry, given as the text whose UTF-8 is the entry. */
export function leafHash(sha: Sha256, entry: string): Uint8Array {
  return sha.digest(`\0${entry}`)
}

/** Root of a tree without entries: the hash of nothing. */
export function emptyRoot(sha: Sha256): Uint8Array {
  return sha.digest('')
}

const input = new Uint8Array(1 + 2 * HASH_BYTES)
input[0] = 1

export function nodeHash(sha: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array {
  input.set(left, 1)
  input.set(right, 1 + HASH_BYTES)
  return sha.digest(input)
}

/** As `nodeHash`, of two hashes that stand side by side at `at` in `hashes`. */
export function pairHash(sha: Sha256, hashes: Uint8Array, at: number): Uint8Array {
  input.set(hashes.subarray(at, at + 2 * HASH_BYTES), 1)
  return sha.digest(input)
}

export function sameHash(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}
