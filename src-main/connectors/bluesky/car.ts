import { createHash } from 'node:crypto'
import { decode } from '@ipld/dag-cbor'
import { CID } from 'multiformats/cid'
import { z } from 'zod'
import { limits } from './limits.ts'

/** One block of a CAR (content addressable archive, version 1). Its bytes are only there until the next block is asked for. */
export interface CarBlock {
  /** The content id under which it stands, as bytes. */
  id: Uint8Array
  /** The hash that the id names; null where it is of a kind that is not known here. */
  sha256: Uint8Array | null
  data: Uint8Array
}

/** A part of the file that is no block: kept as it is where it is not too long, and told. */
export interface CarFault {
  fault: 'bad_block' | 'too_large' | 'cut_off'
  /** The bytes that could not be understood; null when they are too many to hold. */
  data: Uint8Array | null
}

export interface CarHeader {
  /** Content ids of the roots; a repository has one, its commit. */
  roots: CID[]
}

/** The file is no CAR of version 1. */
export class NotACar extends Error {}

const Header = z.object({ version: z.literal(1), roots: z.array(z.custom<CID>((value) => CID.asCID(value) !== null)).min(1) })
const SHA2_256 = 0x12

/**
 * Reads a CAR from its first byte to its last, one block in memory at a time.
 * https://ipld.io/specs/transport/car/carv1/
 */
export class CarReader {
  readonly header: CarHeader
  private readonly input: Input

  private constructor(input: Input, header: CarHeader) {
    this.input = input
    this.header = header
  }

  /** @throws NotACar */
  static async open(bytes: AsyncIterable<Uint8Array>): Promise<CarReader> {
    const input = new Input(bytes)
    const length = await input.varint()
    const isHeader = length !== null && length > 0 && length <= limits.headerBytes
    const header = Header.safeParse(isHeader ? tryDecode(await input.take(length)) : null)
    if (header.success) return new CarReader(input, { roots: header.data.roots })
    await input.close()
    throw new NotACar('no header of version 1')
  }

  /** All blocks in the order of the file, once. After a part that is no block it goes on with the next one where its length is known. */
  async *blocks(): AsyncGenerator<CarBlock | CarFault> {
    try {
      yield* this.sections()
    } finally {
      await this.input.close()
    }
  }

  private async *sections(): AsyncGenerator<CarBlock | CarFault> {
    const { input } = this
    for (;;) {
      const start = input.at
      const length = await input.varint()
      if (length === null) {
        if (input.at > start) yield { fault: 'cut_off', data: null }
        return
      }
      if (length > limits.blockBytes) {
        yield { fault: 'too_large', data: null }
        await input.skip(length)
        continue
      }
      const section = await input.take(length)
      if (section.byteLength < length) {
        yield { fault: 'cut_off', data: section }
        return
      }
      yield toBlock(section)
    }
  }
}

export function isFault(part: CarBlock | CarFault): part is CarFault {
  return 'fault' in part
}

/** Whether the bytes have the hash under which they stand; true where that is of a kind that is not known here. */
export function isWhole({ sha256, data }: Pick<CarBlock, 'sha256' | 'data'>): boolean {
  return sha256 === null || createHash('sha256').update(data).digest().equals(sha256)
}

/** An id as people write it. */
export function nameOf({ id }: CarBlock): string {
  return CID.decode(id).toString()
}

/** The value of a block; null when it is not DAG-CBOR. */
export function tryDecode(data: Uint8Array): unknown {
  try {
    return decode(data)
  } catch (error) {
    // Hostile depth ends in a RangeError; the library throws plain errors for the rest.
    if (error instanceof Error) return null
    throw error
  }
}

/** Version 1, DAG-CBOR, SHA-256, 32 bytes: the ids of repositories, read without building an object for each. */
const COMMON = Uint8Array.of(0x01, 0x71, 0x12, 0x20)
const COMMON_LENGTH = 36

function toBlock(section: Uint8Array): CarBlock | CarFault {
  if (section.byteLength >= COMMON_LENGTH && COMMON.every((byte, index) => section[index] === byte)) {
    const id = section.subarray(0, COMMON_LENGTH)
    return { id, sha256: id.subarray(COMMON.length), data: section.subarray(COMMON_LENGTH) }
  }
  try {
    const [cid, data] = CID.decodeFirst(section)
    return { id: cid.bytes, sha256: cid.multihash.code === SHA2_256 ? cid.multihash.digest : null, data }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return { fault: 'bad_block', data: section }
  }
}

/** Bytes asked for by number, from chunks of any size. */
class Input {
  at = 0
  private readonly chunks: AsyncIterator<Uint8Array>
  private held: Uint8Array = new Uint8Array(0)
  private used = 0

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.chunks = bytes[Symbol.asyncIterator]()
  }

  /** The next unsigned LEB128 number; null at the end of the file, in its middle, or when it is none. */
  async varint(): Promise<number | null> {
    let value = 0
    for (let scale = 1; scale <= 2 ** 49; scale *= 128) {
      if (this.used === this.held.byteLength && !(await this.more())) return null
      const byte = this.held[this.used++] ?? 0
      this.at++
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
    }
    return Number.MAX_SAFE_INTEGER
  }

  /** The next `length` bytes, there until more is asked for; fewer where the file ends. */
  async take(length: number): Promise<Uint8Array> {
    if (this.used + length <= this.held.byteLength) {
      this.used += length
      this.at += length
      return this.held.subarray(this.used - length, this.used)
    }
    const out = new Uint8Array(length)
    let filled = 0
    while (filled < length) {
      if (this.used === this.held.byteLength && !(await this.more())) break
      const part = this.held.subarray(this.used, this.used + length - filled)
      out.set(part, filled)
      filled += part.byteLength
      this.used += part.byteLength
    }
    this.at += filled
    return filled === length ? out : out.slice(0, filled)
  }

  async skip(length: number): Promise<void> {
    for (let left = length; left > 0; ) {
      if (this.used === this.held.byteLength && !(await this.more())) return
      const step = Math.min(left, this.held.byteLength - this.used)
      this.used += step
      this.at += step
      left -= step
    }
  }

  /** Lets go of the file, wherever it is read to. */
  async close(): Promise<void> {
    await this.chunks.return?.()
  }

  private async more(): Promise<boolean> {
    do {
      const { done, value } = await this.chunks.next()
      if (done) return false
      this.held = value
      this.used = 0
    } while (this.held.byteLength === 0)
    return true
  }
}
