import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { ConnectorFault } from '../../fault.ts'
import { Listing } from './guard.ts'
import { type Source, type SourceEntry, UnreadableFile } from './source.ts'
import { type Bytes, plainBytes, unpackGzip } from './spool.ts'

const BLOCK = 512
/** Bytes of a long name or of extended fields. */
const MOST_EXTENDED = 1024 * 1024

interface TarEntry extends SourceEntry {
  at: number
}

/** Whether these are the first 512 bytes of a tar. */
export function isTar(head: Uint8Array): boolean {
  return head.length >= BLOCK && Buffer.from(head).toString('latin1', 257, 262) === 'ustar'
}

/**
 * A tar (POSIX.1-2001 pax, GNU long names), packed with gzip or not, as a source. Links and devices are no files of the export and are told.
 * @throws ConnectorFault `decision` / `export_damaged`, `export_too_large`. @returns null for a gzip file that holds something else.
 */
export async function openTar(file: FileHandle, path: string, isPacked: boolean, signal: AbortSignal): Promise<Source | null> {
  const { size } = await file.stat()
  const listing = new Listing<TarEntry>(path)
  const bytes = isPacked
    ? await unpack(file, size, path, (unpacked) => listing.weigh(size, unpacked), signal)
    : plainBytes(file, size)
  const close = async () => {
    await bytes.close()
    if (isPacked) await file.close()
  }
  try {
    const head = await take(bytes, 0, BLOCK)
    if (!isTar(head)) {
      if (isPacked) await bytes.close()
      return null
    }
    const hash = createHash('sha256')
    for await (const { name, at, size: length, modified } of members(bytes, path, listing)) {
      signal.throwIfAborted()
      hash.update(`${name}\n${length}\n${modified}\n`)
      listing.add(name, (safe) => ({ path: safe, size: length, modified, at }))
    }
    return listing.source({ fingerprint: hash, read: (entry) => whole(bytes, entry), close })
  } catch (error) {
    if (isPacked) await bytes.close()
    throw error
  }
}

async function unpack(
  file: FileHandle,
  size: number,
  path: string,
  weigh: (unpacked: number) => void,
  signal: AbortSignal,
): Promise<Bytes> {
  try {
    return await unpackGzip(file, size, weigh, signal)
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))
      throw damaged(path, error.message, error)
    throw error
  }
}

function damaged(path: string, detail: string, cause?: Error): ConnectorFault {
  return new ConnectorFault('decision', 'export_damaged', { path, detail }, cause ? { cause } : {})
}

interface Member {
  name: string
  at: number
  size: number
  modified: string
}

async function* members(bytes: Bytes, path: string, listing: Listing<TarEntry>): AsyncGenerator<Member> {
  let extended: Map<string, string> = new Map()
  for (let at = 0; at + BLOCK <= bytes.size; ) {
    const head = await take(bytes, at, BLOCK)
    if (head.every((byte) => byte === 0)) return
    if (!checks(head)) throw damaged(path, `header at ${at}`)
    const type = String.fromCharCode(head[156] as number)
    const own = numberAt(head, 124, 12)
    const size = type === 'x' || type === 'L' ? own : Number(extended.get('size') ?? own)
    const start = at + BLOCK
    if (!Number.isSafeInteger(size) || size < 0 || start + size > bytes.size) throw damaged(path, `size at ${at}`)
    at = start + Math.ceil(size / BLOCK) * BLOCK
    if (type === 'x' || type === 'L') {
      if (size > MOST_EXTENDED) throw damaged(path, `name at ${start}`)
      const content = await take(bytes, start, size)
      if (type === 'L') extended.set('path', cString(content))
      else extended = new Map([...extended, ...paxFields(content)])
      continue
    }
    const name = extended.get('path') ?? nameAt(head)
    const seconds = Number(extended.get('mtime') ?? numberAt(head, 136, 12))
    extended = new Map()
    if (type === '0' || type === '\0' || type === '7') yield { name, at: start, size, modified: dateOf(seconds) }
    else if (type !== '5' && type !== 'g' && type !== 'K')
      listing.remarks.push({ kind: 'file_unreadable', path: name, name: 'link' })
  }
}

function dateOf(seconds: number): string {
  return new Date(Math.min(Math.max(0, seconds * 1000 || 0), 253_402_300_799_000)).toISOString()
}

/** The sum of a header's bytes, its own field counted as blanks. */
function checks(head: Buffer): boolean {
  let sum = 8 * 0x20
  head.forEach((byte, at) => {
    if (at < 148 || at >= 156) sum += byte
  })
  return sum === numberAt(head, 148, 8)
}

/** An octal number, or one of 64 bits with the first bit set. */
function numberAt(head: Buffer, at: number, length: number): number {
  if (((head[at] as number) & 0x80) !== 0) return Number(head.readBigUInt64BE(at + length - 8))
  return Number.parseInt(cString(head.subarray(at, at + length)).trim() || '0', 8)
}

function nameAt(head: Buffer): string {
  const name = cString(head.subarray(0, 100))
  const prefix = head.toString('latin1', 257, 263) === 'ustar\0' ? cString(head.subarray(345, 500)) : ''
  return prefix === '' ? name : `${prefix}/${name}`
}

function cString(bytes: Buffer): string {
  const end = bytes.indexOf(0)
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end)
}

/** Fields of a pax header: `<length> <name>=<value>\n`, the length counting all of it. */
function paxFields(content: Buffer): Map<string, string> {
  const fields = new Map<string, string>()
  for (let at = 0; at < content.length; ) {
    const blank = content.indexOf(0x20, at)
    const length = Number.parseInt(content.toString('latin1', at, Math.max(at, blank)), 10)
    if (blank < 0 || !(length > 0)) break
    const field = content.toString('utf8', blank + 1, at + length - 1)
    const equals = field.indexOf('=')
    if (equals > 0) fields.set(field.slice(0, equals), field.slice(equals + 1))
    at += length
  }
  return fields
}

async function* whole(bytes: Bytes, { path, at, size }: TarEntry): AsyncGenerator<Uint8Array> {
  let read = 0
  for await (const piece of bytes.read(at, size)) {
    read += piece.byteLength
    yield piece
  }
  if (read !== size) throw new UnreadableFile(path, 'cut')
}

async function take(bytes: Bytes, at: number, length: number): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const piece of bytes.read(at, length)) parts.push(piece)
  return Buffer.concat(parts)
}
