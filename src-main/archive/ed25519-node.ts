import { createPrivateKey, createPublicKey, type KeyObject, randomBytes, sign, verify } from 'node:crypto'
import type { Ed25519 } from './note.ts'

/** What stands before the 32 bytes of a key in DER: RFC 8410 sections 4 (public) and 7 (private). */
const spki = Buffer.from('302a300506032b6570032100', 'hex')
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex')
const KEY_BYTES = 32

/** Checks signatures with Node's own cryptography. */
export const nodeEd25519: Ed25519 = {
  verify(publicKey, message, signature) {
    if (publicKey.length !== KEY_BYTES) return false
    const key = createPublicKey({ key: Buffer.concat([spki, publicKey]), format: 'der', type: 'spki' })
    return verify(null, message, key, signature)
  },
}

/** 32 random bytes that a signing key is made of: what is to be kept secret. */
export function newSeed(): Uint8Array {
  return randomBytes(KEY_BYTES)
}

/** A key that signs. @param seed 32 bytes, RFC 8032 section 5.1.5. */
export function signer(seed: Uint8Array): { publicKey: Uint8Array; sign(message: Uint8Array): Uint8Array } {
  if (seed.length !== KEY_BYTES) throw new RangeError(`A seed has ${KEY_BYTES} bytes, not ${seed.length}.`)
  const key = createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: 'der', type: 'pkcs8' })
  return { publicKey: publicOf(key), sign: (message) => sign(null, message, key) }
}

function publicOf(key: KeyObject): Uint8Array {
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(spki.length)
}
