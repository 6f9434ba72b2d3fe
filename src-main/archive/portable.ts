import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { toBase64, toHex } from './base64.ts'
import type { Ed25519 } from './note.ts'
import type { Sha256 } from './sha256.ts'

/** Hashes and signatures where Node is not: in a browser, whose own are slow to call or, for Ed25519, too young. */

const utf8 = new TextEncoder()
const digest = (input: string | Uint8Array) => sha256(typeof input === 'string' ? utf8.encode(input) : input)

export const portableSha256: Sha256 = {
  digest,
  base64: (input) => toBase64(digest(input)),
  hex: (input) => toHex(digest(input)),
}

/** For what comes in pieces. */
export function createSha256(): { update(piece: Uint8Array): void; hex(): string } {
  const hash = sha256.create()
  return {
    update: (piece) => {
      hash.update(piece)
    },
    hex: () => toHex(hash.digest()),
  }
}

export const portableEd25519: Ed25519 = {
  verify(publicKey, message, signature) {
    try {
      return ed25519.verify(signature, message, publicKey, { zip215: false })
    } catch {
      // A key or a signature of the wrong length, or a key that is no point of the curve.
      return false
    }
  },
}
