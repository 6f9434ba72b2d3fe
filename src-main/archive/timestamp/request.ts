import { tags } from './der.ts'

/** What is sent to an authority: RFC 3161 section 2.4.1. */

/** 2.16.840.1.101.3.4.2.1, SHA-256, with the NULL that most authorities expect. */
const sha256Algorithm = Uint8Array.of(0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00)

/**
 * DER of a `TimeStampReq` that asks for the authority's certificate too.
 * @param hash SHA-256 of what is to be stamped: 32 bytes.
 * @param nonce Random bytes that the answer has to repeat.
 */
export function timestampRequest(hash: Uint8Array, nonce: Uint8Array): Uint8Array {
  const imprint = write(tags.sequence, sha256Algorithm, write(tags.octetString, hash))
  const version = Uint8Array.of(tags.integer, 1, 1)
  const certificatePlease = Uint8Array.of(tags.boolean, 1, 0xff)
  return write(tags.sequence, version, imprint, writeInteger(nonce), certificatePlease)
}

/** The bytes of a nonce as its INTEGER has them: positive, and no longer than it needs to be. */
export function integerBytes(nonce: Uint8Array): Uint8Array {
  const start = nonce.findIndex((byte) => byte !== 0)
  const bytes = start < 0 ? Uint8Array.of(0) : nonce.subarray(start)
  return (bytes[0] ?? 0) > 0x7f ? Uint8Array.of(0, ...bytes) : bytes
}

function writeInteger(bytes: Uint8Array): Uint8Array {
  return write(tags.integer, integerBytes(bytes))
}

/** For contents below 128 bytes, which is all that a request has. */
function write(tag: number, ...parts: Uint8Array[]): Uint8Array {
  const content = parts.flatMap((part) => [...part])
  if (content.length > 0x7f) throw new RangeError(`${content.length} bytes are too many here.`)
  return Uint8Array.of(tag, content.length, ...content)
}
