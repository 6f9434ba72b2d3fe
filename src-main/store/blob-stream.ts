import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ProblemError } from '#shared/model/index.ts'
import { nonceBytes, pathOf, syncDirectory, tagBytes } from './blobs.ts'
import { toProblem } from './faults.ts'

/** Bytes read from the disk at once. */
const PIECE = 256 * 1024

/** A file of any size that was encrypted onto the disk; no row names it yet. */
export interface SealedFile {
  /** Of its content, in hex. */
  sha256: string
  size: number
  /** Puts it where files lie, on the disk when it resolves. */
  place(): Promise<{ file: string; key: Uint8Array }>
  drop(): Promise<void>
}

/**
 * Encrypts a file as it comes, in the form that `blobs.ts` describes. Holds one piece of it in memory. Until it is placed, or where a kill comes
 * in between, it is noise that nothing names: its key is nowhere.
 * @throws ProblemError `disk_full` and the like; what `bytes` throws.
 */
export async function sealFile(dir: string, bytes: AsyncIterable<Uint8Array>): Promise<SealedFile> {
  const key = randomBytes(32)
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  const content = createHash('sha256')
  const sealed = createHash('sha256')
  const partial = `${pathOf(dir, randomBytes(32).toString('hex'))}.part`
  let size = 0
  const handle = await onDisk(create(dir, partial))
  const write = async (part: Uint8Array): Promise<void> => {
    sealed.update(part)
    await onDisk(handle.writeFile(part))
  }
  const drop = () => rm(partial, { force: true })
  try {
    await write(nonce)
    for await (const piece of bytes) {
      content.update(piece)
      size += piece.byteLength
      await write(cipher.update(piece))
    }
    await write(Buffer.concat([cipher.final(), cipher.getAuthTag()]))
  } catch (error) {
    await handle.close()
    await drop()
    throw error
  }
  const file = sealed.digest('hex')
  const place = async () => {
    try {
      await onDisk(handle.sync())
    } finally {
      await handle.close()
    }
    await onDisk(settle(dir, partial, file))
    return { file, key }
  }
  const abandon = async () => {
    await handle.close()
    await drop()
  }
  return { sha256: content.digest('hex'), size, place, drop: abandon }
}

async function create(dir: string, partial: string): Promise<FileHandle> {
  await makeFolder(dir, dirname(partial))
  return open(partial, 'wx', 0o600)
}

async function settle(dir: string, partial: string, file: string): Promise<void> {
  const path = pathOf(dir, file)
  await makeFolder(dir, dirname(path))
  await rename(partial, path)
  syncDirectory(dirname(path))
}

async function makeFolder(dir: string, folder: string): Promise<void> {
  if (existsSync(folder)) return
  await mkdir(folder, { recursive: true, mode: 0o700 })
  syncDirectory(join(dir, 'blobs'))
}

async function onDisk<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw toProblem(error)
  }
}

/**
 * The content of an encrypted file, piece by piece. What it gave is only proved to be what was written when it comes to its end.
 * @throws `office_corrupt` when it is missing or was changed.
 */
export async function* openBlob(dir: string, name: string, key: Uint8Array): AsyncGenerator<Uint8Array> {
  let handle: FileHandle | null = null
  try {
    handle = await open(pathOf(dir, name), 'r')
    const { size } = await handle.stat()
    const end = size - tagBytes
    const nonce = await take(handle, 0, nonceBytes)
    const decipher = createDecipheriv('aes-256-gcm', key, nonce)
    decipher.setAuthTag(await take(handle, end, tagBytes))
    for (let at = nonceBytes; at < end; at += PIECE) yield decipher.update(await take(handle, at, Math.min(PIECE, end - at)))
    yield decipher.final()
  } catch (error) {
    throw new ProblemError('office_corrupt', {}, { cause: error })
  } finally {
    await handle?.close()
  }
}

async function take(handle: FileHandle, at: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length)
  for (let read = 0; read < length; ) {
    const { bytesRead } = await handle.read(buffer, read, length - read, at + read)
    if (bytesRead === 0) throw new Error('the file is cut off')
    read += bytesRead
  }
  return buffer
}
