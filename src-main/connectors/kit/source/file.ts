import type { FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { RandomAccessReader } from 'yauzl'

/** Bytes read at once. */
const PIECE = 256 * 1024

/** A part of a file, piece by piece. Ends early where the file does. */
export async function* pieces(file: FileHandle, start: number, length: number): AsyncGenerator<Uint8Array> {
  for (let at = start; at < start + length; ) {
    const buffer = Buffer.allocUnsafe(Math.min(PIECE, start + length - at))
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at)
    if (bytesRead === 0) return
    at += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}

/** A file for the reader of zips; whoever opened it closes it. */
export class FileReader extends RandomAccessReader {
  readonly #file: FileHandle

  constructor(file: FileHandle) {
    super()
    this.#file = file
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(pieces(this.#file, start, end - start))
  }

  override read(buffer: Buffer, offset: number, length: number, position: number, callback: (error: Error | null) => void): void {
    this.#fill(buffer.subarray(offset, offset + length), position).then(() => callback(null), callback)
  }

  async #fill(buffer: Buffer, position: number): Promise<void> {
    let read = 0
    for await (const piece of pieces(this.#file, position, buffer.length)) {
      buffer.set(piece, read)
      read += piece.byteLength
    }
    if (read < buffer.length) throw new Error('unexpected end of file')
  }

  override close(callback: (error: Error | null) => void): void {
    callback(null)
  }
}
