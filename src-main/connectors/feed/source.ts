import { charsetOf, decode, isAsciiBased } from './charset.ts'

/** A document in which markup is found by position, and from which any part can be had as the very bytes that came. */
export interface Source {
  charset: string
  /** For finding markup: ASCII characters are right, others may not be. Positions are those of `slice`. */
  view: string
  /** The bytes from one position of the view to another. */
  slice(start: number, end: number): Uint8Array
}

/**
 * Lays a view over the bytes. In nearly every encoding a byte below 0x80 is ASCII, so the view has one character for
 * each byte and positions are exact even where bytes are broken; UTF-16 has one for each pair. Only ISO-2022-JP hides
 * markup in its text; such documents are turned into UTF-8 first, and the kept bytes are those.
 */
export function openSource(bytes: Uint8Array, contentType: string | undefined): Source {
  const charset = charsetOf(bytes, contentType)
  if (isAsciiBased(charset)) return byteSource(bytes, charset)
  if (!charset.startsWith('utf-16')) return byteSource(Buffer.from(decode(bytes, charset)), 'utf-8')
  const view = new TextDecoder(charset, { ignoreBOM: true }).decode(bytes)
  return { charset, view, slice: (start, end) => copy(bytes, start * 2, end * 2) }
}

function byteSource(bytes: Uint8Array, charset: string): Source {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  return { charset, view, slice: (start, end) => copy(bytes, start, end) }
}

/** A part in memory of its own, so that keeping or sending it does not keep or send the document. */
function copy(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return new Uint8Array(bytes.subarray(start, end))
}
