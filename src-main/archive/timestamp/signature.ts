import type { webcrypto } from 'node:crypto'
import { context, type Der, DerError, Parts, readDer, readOid, readSmall, tags } from './der.ts'

/** The Web Cryptography of the browser or of Node: the same in both. */
export type Subtle = Pick<webcrypto.SubtleCrypto, 'digest' | 'importKey' | 'verify'>

/** Hashes that may be signed, by object identifier. SHA-1 is left out: it can be made to collide. */
const hashes: Record<string, string> = {
  '2.16.840.1.101.3.4.2.1': 'SHA-256',
  '2.16.840.1.101.3.4.2.2': 'SHA-384',
  '2.16.840.1.101.3.4.2.3': 'SHA-512',
}
const rsaWithHash: Record<string, string> = {
  '1.2.840.113549.1.1.11': 'SHA-256',
  '1.2.840.113549.1.1.12': 'SHA-384',
  '1.2.840.113549.1.1.13': 'SHA-512',
}
const ecdsaWithHash: Record<string, string> = {
  '1.2.840.10045.4.3.2': 'SHA-256',
  '1.2.840.10045.4.3.3': 'SHA-384',
  '1.2.840.10045.4.3.4': 'SHA-512',
}
const rsaKey = '1.2.840.113549.1.1.1'
const rsaPss = '1.2.840.113549.1.1.10'
const curves: Record<string, { name: string; bytes: number }> = {
  '1.2.840.10045.3.1.7': { name: 'P-256', bytes: 32 },
  '1.3.132.0.34': { name: 'P-384', bytes: 48 },
  '1.3.132.0.35': { name: 'P-521', bytes: 66 },
}

/** Web Cryptography's name of a hash. @throws DerError for one that is not taken. */
export function hashName(algorithm: Der): string {
  const name = hashes[readOid(new Parts(algorithm).take())]
  if (name === undefined) throw new DerError('The hash is none that is taken.')
  return name
}

interface Signed {
  /** AlgorithmIdentifier of the signature. */
  algorithm: Der
  /** The hash, where the algorithm leaves it open (CMS with plain RSA). */
  digest?: Der
  /** SubjectPublicKeyInfo. */
  publicKey: Uint8Array
  data: Uint8Array
  signature: Uint8Array
}

/** Whether a signature by RSA or ECDSA holds. @throws DerError for an algorithm that is not taken. */
export async function verifySignature(
  subtle: Subtle,
  { algorithm, digest, publicKey, data, signature }: Signed,
): Promise<boolean> {
  const parts = new Parts(algorithm)
  const oid = readOid(parts.take())
  const ecdsa = ecdsaWithHash[oid]
  if (ecdsa !== undefined) return await verifyEcdsa(subtle, ecdsa, publicKey, data, signature)
  if (oid === rsaPss) {
    const { hash, saltLength } = readPss(parts.take())
    const key = await subtle.importKey('spki', buffer(publicKey), { name: 'RSA-PSS', hash }, false, ['verify'])
    return await subtle.verify({ name: 'RSA-PSS', saltLength }, key, buffer(signature), buffer(data))
  }
  const hash = oid === rsaKey && digest !== undefined ? hashName(digest) : rsaWithHash[oid]
  if (hash === undefined) throw new DerError('The signature is of a kind that is not taken.')
  const name = 'RSASSA-PKCS1-v1_5'
  const key = await subtle.importKey('spki', buffer(publicKey), { name, hash }, false, ['verify'])
  return await subtle.verify({ name }, key, buffer(signature), buffer(data))
}

async function verifyEcdsa(subtle: Subtle, hash: string, publicKey: Uint8Array, data: Uint8Array, signature: Uint8Array) {
  const key = new Parts(new Parts(readDer(publicKey)).take())
  key.take(tags.oid)
  const curve = curves[readOid(key.take())]
  if (curve === undefined) throw new DerError('The curve is none that is taken.')
  const algorithm = { name: 'ECDSA', namedCurve: curve.name }
  const imported = await subtle.importKey('spki', buffer(publicKey), algorithm, false, ['verify'])
  // The signature is a sequence of two numbers; Web Cryptography wants them side by side, each as wide as the curve.
  const pair = new Parts(readDer(signature))
  const raw = new Uint8Array(2 * curve.bytes)
  for (const at of [curve.bytes, 2 * curve.bytes]) {
    const { value } = pair.take(tags.integer)
    const number = value[0] === 0 ? value.subarray(1) : value
    if (number.length > curve.bytes) return false
    raw.set(number, at - number.length)
  }
  pair.end()
  return await subtle.verify({ name: 'ECDSA', hash }, imported, raw, buffer(data))
}

/** RFC 4055 section 3.1. What is left out would mean SHA-1. */
function readPss(parameters: Der): { hash: string; saltLength: number } {
  const parts = new Parts(parameters)
  const inner = (n: number) => {
    const found = parts.maybe(context(n))
    return found === null ? null : readDer(found.value)
  }
  const digest = inner(0)
  const mask = inner(1)
  const salt = inner(2)
  if (digest === null || mask === null) throw new DerError('The hash is none that is taken.')
  const maskParts = new Parts(mask)
  maskParts.take(tags.oid)
  const hash = hashName(digest)
  if (hashName(maskParts.take()) !== hash) throw new DerError('The signature is of a kind that is not taken.')
  return { hash, saltLength: salt === null ? 20 : readSmall(salt) }
}

/** A copy with a buffer of its own, as the types of Web Cryptography want it. */
export function buffer(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes)
}
