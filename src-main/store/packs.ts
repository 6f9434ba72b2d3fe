import { brotliCompressSync, brotliDecompressSync, constants, inflateRawSync } from 'node:zlib'
import { ProblemError } from '#shared/model/index.ts'

/**
 * Records of one batch lie together in packs, compressed as one: mails of one office resemble each other, so a pack takes
 * half the space of its records one by one, and one call of the compressor serves fifty of them.
 */
export const packBytes = 64 * 1024

/** How a pack's bytes are kept. Numbers are stored. */
const plain = 0
const deflate = 1
const brotli = 2

/** Below this, compressing costs more time than the space is worth. */
const smallestWorth = 256

/** zlib takes no smaller one. */
const leastChunk = 64

export interface Pack {
  codec: number
  /** Bytes when unpacked. */
  size: number
  content: Uint8Array
}

/** Packs bytes: brotli (RFC 7932) at its quickest useful setting, or as they are where that gains little. */
export function pack(bytes: Uint8Array): Pack {
  const size = bytes.byteLength
  if (size >= smallestWorth) {
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: 1,
      [constants.BROTLI_PARAM_LGWIN]: 18,
      [constants.BROTLI_PARAM_SIZE_HINT]: size,
    }
    const packed = brotliCompressSync(bytes, { params })
    if (packed.byteLength < size * 0.9) return { codec: brotli, size, content: packed }
  }
  return { codec: plain, size, content: bytes }
}

/** The bytes that were packed. @throws `office_corrupt`. */
export function unpack({ codec, size, content }: Pack): Uint8Array {
  try {
    const bytes = open(codec, content, size)
    if (bytes.byteLength !== size) throw new Error(`a pack has ${bytes.byteLength} bytes instead of ${size}`)
    return bytes
  } catch (error) {
    throw new ProblemError('office_corrupt', {}, { cause: error })
  }
}

function open(codec: number, content: Uint8Array, size: number): Uint8Array {
  if (codec === plain) return content
  if (codec === deflate) return inflateRawSync(content, { maxOutputLength: size })
  // In one piece: by itself zlib unpacks 16 KB at a time and copies the pieces together.
  if (codec === brotli) return brotliDecompressSync(content, { maxOutputLength: size, chunkSize: Math.max(size + 1, leastChunk) })
  throw new Error(`a pack is kept in an unknown way: ${codec}`)
}
