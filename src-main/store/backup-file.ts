import { createHash, createHmac, type Hmac, timingSafeEqual } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs'
import { z } from 'zod'
import { ProblemError } from '#shared/model/index.ts'

/**
 * A backup is one file: the database (still encrypted with the office's key), then the record files (each encrypted under a
 * key that the database holds), then an index in clear, then a seal and the length of the index.
 *
 *     database | record files | index (JSON) | HMAC-SHA256 of all before (32 bytes) | length of index (8 bytes, big endian) | "DBOXBKP1"
 */
const magic = Buffer.from('DBOXBKP1')
const sealBytes = 32
const footerBytes = sealBytes + 8 + magic.byteLength
const chunkBytes = 1024 * 1024
const largestIndex = 1024 * 1024 * 1024

const size = z.number().int().nonnegative()
export const BackupIndex = z.object({
  office: z.object({ id: z.string(), created: z.string() }),
  madeAt: z.string(),
  /** Format of the database. */
  format: size,
  /** Bytes of the database, and of its log where the database was damaged and could only be copied as it lay. */
  database: size,
  log: size,
  files: z.array(z.object({ name: z.string().regex(/^[0-9a-f]{64}$/), size })),
  /** Record files that were missing when the backup was made. */
  missing: z.array(z.string()),
})
export type BackupIndex = z.infer<typeof BackupIndex>

const invalid = (cause?: unknown): ProblemError => new ProblemError('backup_invalid', {}, { cause })

function sealer(key: Uint8Array): Hmac {
  return createHmac('sha256', createHash('sha256').update('dispatch-box backup').update(key).digest())
}

function writeAll(handle: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.byteLength; ) at += writeSync(handle, bytes, at)
}

/** Reads `[from, to)` of a file in pieces. */
export function* pieces(handle: number, from: number, to: number): Generator<Uint8Array> {
  const buffer = Buffer.alloc(chunkBytes)
  for (let at = from; at < to; ) {
    const got = readSync(handle, buffer, 0, Math.min(chunkBytes, to - at), at)
    if (got === 0) throw invalid()
    yield buffer.subarray(0, got)
    at += got
  }
}

/** Ends a backup: appends index and seal to what was written so far. @returns the whole size. */
export function seal(file: string, key: Uint8Array, index: BackupIndex): number {
  const handle = openSync(file, 'r+')
  try {
    const hmac = sealer(key)
    const body = fstatSync(handle).size
    for (const piece of pieces(handle, 0, body)) hmac.update(piece)
    const text = Buffer.from(JSON.stringify(index))
    const length = Buffer.alloc(8)
    length.writeBigUInt64BE(BigInt(text.byteLength))
    const end = Buffer.concat([text, hmac.update(text).digest(), length, magic])
    for (let at = 0; at < end.byteLength; ) at += writeSync(handle, end, at, end.byteLength - at, body + at)
    return body + end.byteLength
  } finally {
    closeSync(handle)
  }
}

/** Appends bytes to an open file and says how many. */
export function append(handle: number, bytes: Iterable<Uint8Array>): number {
  let written = 0
  for (const piece of bytes) {
    writeAll(handle, piece)
    written += piece.byteLength
  }
  return written
}

/** The index of a backup, which is readable without its key but not to be trusted before `checkSeal`. @throws `backup_invalid`. */
export function readIndex(handle: number): { index: BackupIndex; end: number } {
  const total = fstatSync(handle).size
  if (total < footerBytes) throw invalid()
  const footer = Buffer.concat([...pieces(handle, total - footerBytes, total)].map((piece) => Buffer.from(piece)))
  if (!footer.subarray(sealBytes + 8).equals(magic)) throw invalid()
  const length = Number(footer.readBigUInt64BE(sealBytes))
  const end = total - footerBytes
  if (length > largestIndex || length > end) throw invalid()
  const text = Buffer.concat([...pieces(handle, end - length, end)].map((piece) => Buffer.from(piece)))
  try {
    const index = BackupIndex.parse(JSON.parse(text.toString('utf8')))
    const body = index.files.reduce((sum, item) => sum + item.size, index.database + index.log)
    if (body !== end - length) throw new Error('the parts do not add up')
    return { index, end }
  } catch (error) {
    throw invalid(error)
  }
}

/** Reads the whole backup and compares its seal. @throws `backup_invalid` when a byte differs or the key is another one. */
export function checkSeal(handle: number, end: number, key: Uint8Array): void {
  const hmac = sealer(key)
  for (const piece of pieces(handle, 0, end)) hmac.update(piece)
  const kept = Buffer.concat([...pieces(handle, end, end + sealBytes)].map((piece) => Buffer.from(piece)))
  if (!timingSafeEqual(hmac.digest(), kept)) throw invalid()
}
