import { type Certificate, readCertificate } from './certificate.ts'
import { context, type Der, DerError, Parts, readDer, readOid, readSmall, readTime, sameBytes, tags } from './der.ts'
import { hashName } from './signature.ts'

/** What an authority answered, taken apart (RFC 3161 section 2.4.2 and CMS, RFC 5652). Nothing of it is checked yet. */
export interface Token {
  /** `TSTInfo` as it was written: what `messageDigest` is the hash of. */
  content: Uint8Array
  /** Hash of what was stamped, and by what it was hashed. */
  imprint: Uint8Array
  imprintHash: string
  /** ms since 1970. */
  time: number
  nonce: Uint8Array | null
  certificates: Certificate[]
  /** The certificate that signed. */
  signer: Certificate
  /** Signed attributes by object identifier. */
  attributes: Map<string, Der>
  /** The signed attributes as they are hashed for the signature. */
  signedBytes: Uint8Array
  digest: Der
  algorithm: Der
  signature: Uint8Array
}

const signedData = '1.2.840.113549.1.7.2'
const timestampInfo = '1.2.840.113549.1.9.16.1.4'

/** The authority refused; `status` as RFC 3161 numbers it. */
export class Refused extends Error {
  readonly status: number

  constructor(status: number) {
    super(`The authority refused (status ${status}).`)
    this.status = status
  }
}

/** @param response DER of a `TimeStampResp`. @throws DerError, or Refused. */
export function readToken(response: Uint8Array): Token {
  const outer = new Parts(readDer(response))
  const status = readSmall(new Parts(outer.take()).take())
  // Granted, or granted with modifications.
  if (status > 1) throw new Refused(status)
  const content = new Parts(outer.take())
  outer.end()
  if (readOid(content.take()) !== signedData) throw new DerError('There is no signed data.')
  return readSignedData(readDer(content.take(context(0)).value))
}

function readSignedData(element: Der): Token {
  const parts = new Parts(element)
  parts.take(tags.integer)
  parts.take(tags.set)
  const inner = new Parts(parts.take())
  if (readOid(inner.take()) !== timestampInfo) throw new DerError('There is no timestamp.')
  const content = readDer(inner.take(context(0)).value, tags.octetString).value
  const given = parts.maybe(context(0))
  const certificates = given === null ? [] : new Parts(given, context(0)).rest().map(({ whole }) => readCertificate(whole))
  parts.maybe(context(1))
  const signers = new Parts(parts.take(), tags.set)
  const info = new Parts(signers.take())
  signers.end()
  return { content, certificates, ...readInfo(content), ...readSigner(info, certificates) }
}

function readInfo(content: Uint8Array): Pick<Token, 'imprint' | 'imprintHash' | 'time' | 'nonce'> {
  const parts = new Parts(readDer(content))
  if (readSmall(parts.take()) !== 1) throw new DerError('The timestamp is of another version.')
  parts.take(tags.oid)
  const imprint = new Parts(parts.take())
  const imprintHash = hashName(imprint.take())
  const hash = imprint.take(tags.octetString).value
  parts.take(tags.integer)
  const time = readTime(parts.take(tags.generalizedTime))
  parts.maybe(tags.sequence)
  parts.maybe(tags.boolean)
  const nonce = parts.maybe(tags.integer)
  return { imprint: hash, imprintHash, time, nonce: nonce?.value ?? null }
}

type Signer = Pick<Token, 'signer' | 'attributes' | 'signedBytes' | 'digest' | 'algorithm' | 'signature'>

function readSigner(info: Parts, certificates: readonly Certificate[]): Signer {
  info.take(tags.integer)
  const signer = findSigner(info.take(), certificates)
  const digest = info.take(tags.sequence)
  const signed = info.take(context(0))
  const algorithm = info.take(tags.sequence)
  const signature = info.take(tags.octetString).value
  // RFC 5652 section 5.4: what is signed is the set with the tag of a set.
  const signedBytes = Uint8Array.from(signed.whole)
  signedBytes[0] = tags.set
  return { signer, attributes: readAttributes(signed), signedBytes, digest, algorithm, signature }
}

/** By issuer and serial number, or by the key's id. */
function findSigner(id: Der, certificates: readonly Certificate[]): Certificate {
  const isSigner = (certificate: Certificate) => {
    if (id.tag === 0x80) return certificate.keyId !== null && sameBytes(certificate.keyId, id.value)
    const parts = new Parts(id)
    return sameBytes(certificate.issuer, parts.take().whole) && sameBytes(certificate.serial, parts.take(tags.integer).value)
  }
  const signer = certificates.find(isSigner)
  if (signer === undefined) throw new DerError("The signer's certificate is not there.")
  return signer
}

function readAttributes(signed: Der): Map<string, Der> {
  const attributes = new Map<string, Der>()
  for (const attribute of new Parts(signed, context(0)).rest()) {
    const parts = new Parts(attribute)
    const oid = readOid(parts.take())
    const values = new Parts(parts.take(), tags.set)
    if (attributes.has(oid)) throw new DerError('A signed attribute is there twice.')
    attributes.set(oid, values.take())
    values.end()
  }
  return attributes
}
