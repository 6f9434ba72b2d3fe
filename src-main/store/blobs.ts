import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { ProblemError } from '#shared/model/index.ts'

/**
 * Large records live as files `blobs/<first two>/<sha256 of the file>`: AES-256-GCM under a key of its own that only the
 * database holds, so that deleting the key erases the content. Layout: 12 bytes nonce, ciphertext, 16 bytes tag.
 */
const nonceBytes = 12
const tagBytes = 16

/** Records larger than this are files; smaller ones are in the database. */
export const largestInline = 64 * 1024

function pathOf(dir: string, name: string): string {
  return join(dir, 'blobs', name.slice(0, 2), name)
}

function syncDirectory(path: string): void {
  // Windows cannot sync a directory and does not need it.
  if (process.platform === 'win32') return
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

function writeAll(handle: number, parts: Uint8Array[]): void {
  for (const part of parts) {
    for (let at = 0; at < part.byteLength; ) at += writeSync(handle, part, at)
  }
}

/**
 * Encrypts and writes a file and returns when it is on the disk. A file that no committed row names is an orphan: harmless,
 * found by `dispatch doctor`.
 */
export function writeBlob(dir: string, bytes: Uint8Array): { name: string; key: Uint8Array } {
  const key = randomBytes(32)
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  const parts = [nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  const name = hash.digest('hex')
  const path = pathOf(dir, name)
  const folder = join(dir, 'blobs', name.slice(0, 2))
  const isNew = !existsSync(folder)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const partial = `${path}.part`
  const handle = openSync(partial, 'w', 0o600)
  try {
    writeAll(handle, parts)
    fsyncSync(handle)
  } catch (error) {
    rmSync(partial, { force: true })
    throw error
  } finally {
    closeSync(handle)
  }
  renameSync(partial, path)
  syncDirectory(folder)
  if (isNew) syncDirectory(join(dir, 'blobs'))
  return { name, key }
}

/** Decrypts a file. @throws `office_corrupt` when it is missing or was changed. */
export function readBlob(dir: string, name: string, key: Uint8Array): Uint8Array {
  try {
    const file = readFileSync(pathOf(dir, name))
    const decipher = createDecipheriv('aes-256-gcm', key, file.subarray(0, nonceBytes))
    decipher.setAuthTag(file.subarray(file.byteLength - tagBytes))
    return Buffer.concat([decipher.update(file.subarray(nonceBytes, file.byteLength - tagBytes)), decipher.final()])
  } catch (error) {
    throw new ProblemError('office_corrupt', {}, { cause: error })
  }
}

/** Removes a file whose row was rolled back. */
export function dropBlob(dir: string, name: string): void {
  rmSync(pathOf(dir, name), { force: true })
}

/** The encrypted bytes of a file as they lie on the disk. */
export function sealedBlob(dir: string, name: string): Uint8Array {
  return readFileSync(pathOf(dir, name))
}

/** Names of every file under `blobs/`, complete or partial. */
export function* blobNames(dir: string): Generator<string> {
  const root = join(dir, 'blobs')
  if (!existsSync(root)) return
  for (const folder of readdirSync(root, { withFileTypes: true })) {
    if (folder.isDirectory()) yield* readdirSync(join(root, folder.name))
  }
}
