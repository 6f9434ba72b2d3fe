import { createHash, type Hash } from 'node:crypto'
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs'

/** What is gathered before it is written. */
const BUFFER = 256 * 1024
/** What is read at once: small, because text is made of it, which takes several times its room. */
export const PIECE = 128 * 1024

/**
 * Writes all of it: a single call may write less than it was given.
 * @param place Where in the file; at its current position when left out.
 */
export function writeAll(handle: number, bytes: Uint8Array, place: number | null = null): void {
  for (let at = 0; at < bytes.length; ) {
    at += writeSync(handle, bytes, at, bytes.length - at, place === null ? null : place + at)
  }
}

/** Pieces of an open file, from `start` to before `end`. Each is overwritten by the next. */
export function* pieces(handle: number, start: number, end: number): Generator<Uint8Array> {
  const piece = Buffer.allocUnsafe(Math.max(1, Math.min(PIECE, end - start)))
  for (let at = start; at < end; ) {
    const read = readSync(handle, piece, 0, Math.min(piece.length, end - at), at)
    if (read === 0) return
    at += read
    yield piece.subarray(0, read)
  }
}

/** Lines of a file of ASCII without their ends, however long the file is. */
export function* asciiLines(path: string): Generator<string> {
  const handle = openSync(path, 'r')
  try {
    let rest = ''
    for (const piece of pieces(handle, 0, fstatSync(handle).size)) {
      const lines = (rest + Buffer.from(piece.buffer, piece.byteOffset, piece.length).toString('latin1')).split('\n')
      rest = lines.pop() ?? ''
      yield* lines
    }
    if (rest !== '') yield rest
  } finally {
    closeSync(handle)
  }
}

/**
 * A file that grows: small pieces are gathered, written a quarter of a megabyte at a time, and hashed on the way. The calls
 * are synchronous: for pieces this small, handing each to another thread and back takes many times as long as the write.
 */
export class AppendFile {
  private readonly handle: number
  private readonly hash: Hash
  private readonly buffer = Buffer.allocUnsafe(BUFFER)
  private filled = 0
  private written: number

  private constructor(handle: number, hash: Hash, written: number) {
    this.handle = handle
    this.hash = hash
    this.written = written
  }

  static create(path: string): AppendFile {
    return new AppendFile(openSync(path, 'w+'), createHash('sha256'), 0)
  }

  /**
   * Goes on with a file of which the first `size` bytes count. What is behind them is cut off.
   * @returns null when it is shorter than that.
   */
  static resume(path: string, size: number): AppendFile | null {
    const handle = openSync(path, 'r+')
    if (fstatSync(handle).size < size) {
      closeSync(handle)
      return null
    }
    ftruncateSync(handle, size)
    const hash = createHash('sha256')
    for (const piece of pieces(handle, 0, size)) hash.update(piece)
    return new AppendFile(handle, hash, size)
  }

  /** Bytes so far, those included that are not written yet. */
  get size(): number {
    return this.written + this.filled
  }

  /** Adds text as UTF-8. */
  text(text: string): void {
    if (this.filled + text.length * 3 > BUFFER) {
      this.flush()
      if (text.length * 3 > BUFFER) {
        this.put(Buffer.from(text))
        return
      }
    }
    this.filled += this.buffer.write(text, this.filled, 'utf8')
  }

  /** Adds text of which each character is a byte. */
  latin1(text: string): void {
    if (this.filled + text.length > BUFFER) {
      this.bytes(Buffer.from(text, 'latin1'))
      return
    }
    this.filled += this.buffer.write(text, this.filled, 'latin1')
  }

  bytes(bytes: Uint8Array): void {
    if (this.filled + bytes.length > BUFFER) {
      this.flush()
      if (bytes.length > BUFFER) {
        this.put(bytes)
        return
      }
    }
    this.buffer.set(bytes, this.filled)
    this.filled += bytes.length
  }

  flush(): void {
    if (this.filled === 0) return
    const bytes = this.buffer.subarray(0, this.filled)
    this.filled = 0
    this.put(bytes)
  }

  /** What was written, once it is: from `start` to before `end`. */
  read(start: number, end: number): Generator<Uint8Array> {
    return pieces(this.handle, start, end)
  }

  /** Writes the rest, and what the system still holds back. @returns SHA-256 of the whole file in hex. */
  finish(): string {
    this.flush()
    fsyncSync(this.handle)
    closeSync(this.handle)
    return this.hash.digest('hex')
  }

  /** Leaves the file as it is; what was only gathered is lost. */
  abandon(): void {
    closeSync(this.handle)
  }

  private put(bytes: Uint8Array): void {
    writeAll(this.handle, bytes, this.written)
    this.hash.update(bytes)
    this.written += bytes.length
  }
}
