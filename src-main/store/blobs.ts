import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import type Database from 'better-sqlite3'
import { ProblemError } from '#shared/model/index.ts'

/**
 * Large records live as files `blobs/<first two>/<sha256 of the file>`: AES-256-GCM under a key of its own that only the
 * database holds, so that deleting the key erases the content. Layout: 12 bytes nonce, ciphertext, 16 bytes tag.
 */
export const nonceBytes = 12
export const tagBytes = 16

/** Records larger than this are files; smaller ones are in the database. */
export const largestInline = 64 * 1024

/** Where a file lies. */
export function pathOf(dir: string, name: string): string {
  return join(dir, 'blobs', name.slice(0, 2), name)
}

/** Has the names in a directory on the disk. */
export function syncDirectory(path: string): void {
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
 * and removed at the next start (`dropUnnamed`).
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

/** Reads a file of any size to its end. @throws what is wrong with it. */
export function checkBlob(dir: string, name: string, key: Uint8Array): void {
  const handle = openSync(pathOf(dir, name), 'r')
  try {
    const end = fstatSync(handle).size - tagBytes
    const take = (at: number, length: number): Buffer => {
      const buffer = Buffer.alloc(length)
      if (readSync(handle, buffer, 0, length, at) !== length) throw new Error('the file is cut off')
      return buffer
    }
    const decipher = createDecipheriv('aes-256-gcm', key, take(0, nonceBytes))
    decipher.setAuthTag(take(end, tagBytes))
    for (let at = nonceBytes; at < end; at += pieceBytes) decipher.update(take(at, Math.min(pieceBytes, end - at)))
    decipher.final()
  } finally {
    closeSync(handle)
  }
}

/** Bytes read at once of a large file. */
const pieceBytes = 1024 * 1024

/** Paths of every file under `blobs/`, complete or partial. */
function* blobPaths(dir: string): Generator<string> {
  const root = join(dir, 'blobs')
  if (!existsSync(root)) return
  for (const folder of readdirSync(root, { withFileTypes: true })) {
    if (!folder.isDirectory()) continue
    for (const name of readdirSync(join(root, folder.name))) yield join(root, folder.name, name)
  }
}

/** Names of every file under `blobs/`, complete or partial. */
export function* blobNames(dir: string): Generator<string> {
  for (const path of blobPaths(dir)) yield basename(path)
}

/** What `writeBlob` makes: nothing else under `blobs/` is ours to remove. */
const ours = /^[0-9a-f]{64}(\.part)?$/

/**
 * Removes the files that no row names: written for a transaction that never ended, because its process was killed.
 * Must run on the write connection, outside a transaction and before the first one: then there is none whose record is
 * still to come. A name is never used twice, and a page that was damaged is refused by the cipher, not misread, so a file that is
 * named is always seen to be.
 */
export function dropUnnamed(db: Database.Database, dir: string): void {
  const named = db.prepare('SELECT 1 FROM record WHERE file = @file UNION ALL SELECT 1 FROM media WHERE file = @file').pluck()
  for (const path of blobPaths(dir)) {
    const name = basename(path)
    if (ours.test(name) && named.get({ file: name }) === undefined) rmSync(path, { force: true })
  }
}
