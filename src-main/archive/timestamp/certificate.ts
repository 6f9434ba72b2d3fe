import { context, type Der, DerError, Parts, readBits, readDer, readOid, readSmall, readTime, tags } from './der.ts'

/** A certificate (RFC 5280), as far as a timestamp is judged by it. Names are compared as they were written. */
export interface Certificate {
  whole: Uint8Array
  /** What is signed. */
  signedPart: Uint8Array
  serial: Uint8Array
  issuer: Uint8Array
  subject: Uint8Array
  /** The subject, readable: its organisation and its name. */
  name: string
  /** ms since 1970. */
  notBefore: number
  notAfter: number
  /** SubjectPublicKeyInfo. */
  publicKey: Uint8Array
  algorithm: Der
  signature: Uint8Array
  /** May sign other certificates. */
  authority: boolean
  /** How many authorities may stand between this one and the signer; null without a limit. */
  pathLength: number | null
  keyId: Uint8Array | null
  /** For stamping time and nothing else, and says so as critical (RFC 3161 section 2.3). */
  forTimestamps: boolean
  /** Something that must be understood and is not. */
  unknownCritical: boolean
}

const oids = {
  keyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  basicConstraints: '2.5.29.19',
  extendedKeyUsage: '2.5.29.37',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  commonName: '2.5.4.3',
  organisation: '2.5.4.10',
}

/** @throws DerError. */
export function readCertificate(bytes: Uint8Array): Certificate {
  const outer = new Parts(readDer(bytes))
  const signedPart = outer.take(tags.sequence)
  const algorithm = outer.take(tags.sequence)
  const signature = readBits(outer.take())
  outer.end()
  const body = new Parts(signedPart)
  body.maybe(context(0))
  const serial = body.take(tags.integer).value
  body.take(tags.sequence)
  const issuer = body.take(tags.sequence).whole
  const validity = new Parts(body.take())
  const [notBefore, notAfter] = [readTime(validity.take()), readTime(validity.take())]
  const subject = body.take(tags.sequence)
  const publicKey = body.take(tags.sequence).whole
  const [extensions] = body.rest().filter(({ tag }) => tag === context(3))
  const common = { whole: bytes, signedPart: signedPart.whole, serial, issuer, subject: subject.whole, name: readName(subject) }
  return { ...common, notBefore, notAfter, publicKey, algorithm, signature, ...readExtensions(extensions) }
}

type Extensions = Pick<Certificate, 'authority' | 'pathLength' | 'keyId' | 'forTimestamps' | 'unknownCritical'>

function readExtensions(wrapped: Der | undefined): Extensions {
  const found: Extensions = { authority: false, pathLength: null, keyId: null, forTimestamps: false, unknownCritical: false }
  if (wrapped === undefined) return found
  let maySign = true
  for (const extension of new Parts(readDer(wrapped.value)).rest()) {
    const parts = new Parts(extension)
    const oid = readOid(parts.take())
    const critical = parts.maybe(tags.boolean) !== null
    const value = readDer(parts.take(tags.octetString).value)
    if (oid === oids.basicConstraints) {
      const constraints = new Parts(value)
      found.authority = constraints.maybe(tags.boolean)?.value[0] === 0xff
      const limit = constraints.maybe(tags.integer)
      found.pathLength = limit === null ? null : readSmall(limit)
    } else if (oid === oids.keyUsage) {
      // The bit of keyCertSign is the sixth from the left.
      maySign = ((value.value[1] ?? 0) & 0x04) !== 0
    } else if (oid === oids.keyId) found.keyId = value.value
    else if (oid === oids.extendedKeyUsage) {
      const uses = new Parts(value).rest().map(readOid)
      found.forTimestamps = critical && uses.length === 1 && uses[0] === oids.timeStamping
    } else if (critical) found.unknownCritical = true
  }
  return { ...found, authority: found.authority && maySign }
}

function readName(subject: Der): string {
  const values = new Map<string, string>()
  for (const set of new Parts(subject).rest()) {
    for (const attribute of new Parts(set, tags.set).rest()) {
      const parts = new Parts(attribute)
      values.set(readOid(parts.take()), new TextDecoder().decode(parts.take().value))
    }
  }
  return [values.get(oids.organisation), values.get(oids.commonName)].filter((value) => value !== undefined).join(', ')
}

/** The certificates of a PEM file (RFC 7468). @throws DerError when one of them is none. */
export function readPem(text: string): Certificate[] {
  const blocks = text.matchAll(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE-----/g)
  return [...blocks].map(([, base64 = '']) => readCertificate(decode(base64)))
}

function decode(base64: string): Uint8Array {
  try {
    return Uint8Array.from(atob(base64.replace(/\s/g, '')), (letter) => letter.charCodeAt(0))
  } catch (error) {
    throw new DerError('It is not base64.', { cause: error })
  }
}
