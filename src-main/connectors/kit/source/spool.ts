import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { pieces } from './file.ts'

const CIPHER = 'aes-256-ctr'
const BLOCK = 16

/** Bytes that can be read anywhere. */
export interface Bytes {
  size: number
  read(at: number, length: number): AsyncIterable<Uint8Array>
  close(): Promise<void>
}

/** A file as it lies. */
export function plainBytes(file: FileHandle, size: number): Bytes {
  return { size, read: (at, length) => pieces(file, at, length), close: () => file.close() }
}

/**
 * What a gzip file holds, so that it can be read anywhere: unpacked into a file in the system's folder for such, encrypted under a key that is only
 * in memory, since that folder is no part of the office. The file is gone when the program is, however it ends.
 * @param weigh told how much was unpacked so far; throws when that is too much.
 * @throws what zlib says of damage (`Z_...`), the disk's faults.
 */
export async function unpackGzip(
  file: FileHandle,
  packed: number,
  weigh: (unpacked: number) => void,
  signal: AbortSignal,
): Promise<Bytes> {
  const key = randomBytes(32)
  const start = randomBytes(BLOCK)
  const spool = await openSpool()
  let size = 0
  try {
    const cipher = createCipheriv(CIPHER, key, start)
    const unpacker = createGunzip({ chunkSize: 256 * 1024 })
    pipeline(pieces(file, 0, packed), unpacker, () => undefined)
    for await (const piece of unpacker) {
      signal.throwIfAborted()
      const bytes = piece as Buffer
      size += bytes.length
      weigh(size)
      await spool.handle.writeFile(cipher.update(bytes))
    }
  } catch (error) {
    await spool.close()
    throw error
  }
  return {
    size,
    async *read(at, length) {
      const skip = at % BLOCK
      const decipher = createDecipheriv(CIPHER, key, counter(start, Math.floor(at / BLOCK)))
      let first = true
      for await (const piece of pieces(spool.handle, at - skip, length + skip)) {
        const bytes = decipher.update(piece)
        yield first ? bytes.subarray(skip) : bytes
        first = false
      }
    },
    close: spool.close,
  }
}

/** The counter of a block: the first one's plus its number, 128 bits. */
function counter(start: Buffer, block: number): Buffer {
  const sum = (BigInt(`0x${start.toString('hex')}`) + BigInt(block)) & (2n ** 128n - 1n)
  return Buffer.from(sum.toString(16).padStart(32, '0'), 'hex')
}

async function openSpool(): Promise<{ handle: FileHandle; close: () => Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'dispatch-import-'))
  const handle = await open(join(dir, 'spool'), 'wx+', 0o600)
  // A file without a name goes with its last handle. Windows knows no such files; there it goes when it is closed.
  const nameless = process.platform !== 'win32'
  if (nameless) await rm(dir, { recursive: true })
  const close = async () => {
    await handle.close()
    if (!nameless) await rm(dir, { recursive: true, force: true })
  }
  return { handle, close }
}
