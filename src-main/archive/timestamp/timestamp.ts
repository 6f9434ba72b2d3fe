import { type Certificate, readPem } from './certificate.ts'
import { type Der, DerError, Parts, readOid, sameBytes, tags } from './der.ts'
import { integerBytes, timestampRequest } from './request.ts'
import { buffer, hashName, type Subtle, verifySignature } from './signature.ts'
import { Refused, readToken, type Token } from './token.ts'

/** Why a timestamp does not hold. */
export type TimestampFault =
  /** It is not a timestamp, or of a kind that is not taken. */
  | 'malformed'
  /** The authority gave none. */
  | 'refused'
  /** It is about something else. */
  | 'other_content'
  /** It answers another request. */
  | 'other_nonce'
  /** What is signed is not what it says. */
  | 'signature'
  /** Signed by a certificate that is not for stamping time. */
  | 'purpose'
  /** A certificate was not valid at that time. */
  | 'expired'
  /** The certificates do not lead to the given authority. */
  | 'authority'

export type TimestampVerdict =
  | {
      ok: true
      /** ISO 8601. What was stamped existed then, if the authority is trusted. */
      time: string
      /** Who says so: the names on the signing certificate. */
      signer: string
    }
  | { ok: false; fault: TimestampFault }

class Fault extends Error {
  readonly fault: TimestampFault

  constructor(fault: TimestampFault) {
    super(fault)
    this.fault = fault
  }
}

export interface TimestampQuestion {
  /** DER of a `TimeStampResp`. */
  response: Uint8Array
  /** SHA-256 of what was stamped. */
  hash: Uint8Array
  /** What the request had; null where that was not kept. */
  nonce: Uint8Array | null
  /** Certificates of the authority, in PEM. Each of them is trusted. */
  authority: string
}

/** Checks a timestamp: status, imprint, nonce, signed attributes, signature, purpose, and the chain at the time it tells. */
export async function verifyTimestamp(subtle: Subtle, question: TimestampQuestion): Promise<TimestampVerdict> {
  try {
    const token = readToken(question.response)
    judgeContent(token, question)
    await judgeSignature(subtle, token)
    await judgeChain(subtle, token, readPem(question.authority))
    return { ok: true, time: new Date(token.time).toISOString(), signer: token.signer.name }
  } catch (error) {
    return { ok: false, fault: faultOf(error) }
  }
}

function faultOf(error: unknown): TimestampFault {
  if (error instanceof Fault) return error.fault
  if (error instanceof Refused) return 'refused'
  if (error instanceof DerError || (error instanceof Error && keyFaults.has(error.name))) return 'malformed'
  throw error
}

/** What Web Cryptography says of a key or a signature that is none. */
const keyFaults = new Set(['DataError', 'OperationError', 'NotSupportedError', 'InvalidAccessError'])

function judgeContent({ imprint, imprintHash, nonce }: Token, question: TimestampQuestion): void {
  if (imprintHash !== 'SHA-256' || !sameBytes(imprint, question.hash)) throw new Fault('other_content')
  if (question.nonce === null) return
  if (nonce === null || !sameBytes(nonce, integerBytes(question.nonce))) throw new Fault('other_nonce')
}

const attributes = {
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
}
const timestampInfo = '1.2.840.113549.1.9.16.1.4'

async function judgeSignature(subtle: Subtle, token: Token): Promise<void> {
  const type = token.attributes.get(attributes.contentType)
  const digest = token.attributes.get(attributes.messageDigest)
  if (type === undefined || digest?.tag !== tags.octetString || readOid(type) !== timestampInfo) throw new Fault('signature')
  const content = await hash(subtle, hashName(token.digest), token.content)
  if (!sameBytes(content, digest.value)) throw new Fault('signature')
  if (!(await isNamed(subtle, token))) throw new Fault('signature')
  const { algorithm, signature, signedBytes: data, signer } = token
  const holds = await verifySignature(subtle, { algorithm, digest: token.digest, publicKey: signer.publicKey, data, signature })
  if (!holds) throw new Fault('signature')
}

/** The signature names its certificate by hash (RFC 5035), so that no other with the same key can be put in its place. */
async function isNamed(subtle: Subtle, { attributes: signed, signer }: Token): Promise<boolean> {
  const second = signed.get(attributes.signingCertificateV2)
  const first = signed.get(attributes.signingCertificate)
  const list = second ?? first
  if (list === undefined) return false
  const id = new Parts(new Parts(new Parts(list).take()).take())
  const algorithm: Der | null = second === undefined ? null : id.maybe(tags.sequence)
  const name = algorithm === null ? (second === undefined ? 'SHA-1' : 'SHA-256') : hashName(algorithm)
  return sameBytes(await hash(subtle, name, signer.whole), id.take(tags.octetString).value)
}

/** Authorities between the signer and the given one; no real chain has more. */
const longestChain = 8

async function judgeChain(subtle: Subtle, token: Token, trusted: readonly Certificate[]): Promise<void> {
  if (!token.signer.forTimestamps || token.signer.unknownCritical) throw new Fault('purpose')
  const known = [...trusted, ...token.certificates]
  let current = token.signer
  for (let length = 0; length <= longestChain; length++) {
    if (token.time < current.notBefore || token.time > current.notAfter) throw new Fault('expired')
    if (trusted.some((certificate) => sameBytes(certificate.whole, current.whole))) return
    const issuer = await findIssuer(subtle, current, known, length)
    if (issuer === null) break
    current = issuer
  }
  throw new Fault('authority')
}

/** @param between Authorities between the wanted one and the signer. */
async function findIssuer(subtle: Subtle, child: Certificate, known: readonly Certificate[], between: number) {
  for (const issuer of known) {
    const may = issuer.authority && !issuer.unknownCritical && (issuer.pathLength === null || issuer.pathLength >= between)
    if (!may || !sameBytes(issuer.subject, child.issuer)) continue
    const { algorithm, signature, signedPart: data } = child
    if (await verifySignature(subtle, { algorithm, publicKey: issuer.publicKey, data, signature })) return issuer
  }
  return null
}

async function hash(subtle: Subtle, name: string, bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await subtle.digest(name, buffer(bytes)))
}

export interface Stamping {
  /** SHA-256 of what is to be stamped. */
  hash: Uint8Array
  /** 16 random bytes. */
  nonce: Uint8Array
  /** Certificates of the authority, in PEM. */
  authority: string
  /** Sends `application/timestamp-query` to the authority. @returns the `application/timestamp-reply`. */
  post(request: Uint8Array): Promise<Uint8Array>
}

/** Asks an authority for a timestamp and takes it only if it holds. @returns it, as it is to be kept, with the verdict. */
export async function stamp(subtle: Subtle, { hash, nonce, authority, post }: Stamping) {
  const response = await post(timestampRequest(hash, nonce))
  return { response, verdict: await verifyTimestamp(subtle, { response, hash, nonce, authority }) }
}
