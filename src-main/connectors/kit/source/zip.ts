import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { crc32, createInflateRaw } from 'node:zlib'
import { type Entry, fromRandomAccessReaderPromise, getFileNameLowLevel, type ZipFile } from 'yauzl'
import { ConnectorFault } from '../../fault.ts'
import { limits } from '../limits.ts'
import { FileReader, pieces } from './file.ts'
import { Listing } from './guard.ts'
import { utf8Name } from './names.ts'
import { type Source, type SourceEntry, UnreadableFile } from './source.ts'

const STORED = 0
const DEFLATED = 8

interface ZipEntry extends SourceEntry {
  /** What is needed to find its bytes. */
  at: number
  packed: number
  method: number
  crc: number
}

/**
 * A zip as a source (APPNOTE 6.3.10, Zip64 too). Only the list of files is held in memory.
 * @throws ConnectorFault `decision` / `export_damaged`, `export_locked`, `export_too_large`.
 */
export async function openZip(file: FileHandle, path: string, signal: AbortSignal): Promise<Source> {
  const { size } = await file.stat()
  const listing = new Listing<ZipEntry>(path)
  const hash = createHash('sha256')
  let zip: ZipFile
  try {
    zip = await fromRandomAccessReaderPromise(new FileReader(file), size, {
      lazyEntries: true,
      decodeStrings: false,
      autoClose: false,
    })
    for await (const entry of zip.eachEntry()) {
      signal.throwIfAborted()
      const name = nameOf(entry)
      if (name.endsWith('/')) continue
      if (entry.isEncrypted()) throw new ConnectorFault('decision', 'export_locked', { path })
      hash.update(`${name}\n${entry.uncompressedSize}\n${entry.crc32}\n`)
      listing.add(name, (safe) => ({
        path: safe,
        size: entry.uncompressedSize,
        modified: dateOf(entry),
        at: entry.relativeOffsetOfLocalHeader,
        packed: entry.compressedSize,
        method: entry.compressionMethod,
        crc: entry.crc32,
      }))
    }
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof ConnectorFault || (error instanceof Error && 'syscall' in error)) throw error
    const detail = error instanceof Error ? error.message.slice(0, limits.path) : ''
    throw new ConnectorFault('decision', 'export_damaged', { path, detail }, { cause: error })
  }
  listing.weigh(size)
  const opened = zip
  return listing.source({ fingerprint: hash, read: (entry) => unpack(file, opened, entry), close: () => file.close() })
}

function nameOf(entry: Entry): string {
  const raw = entry.fileNameRaw
  return utf8Name(raw) ?? getFileNameLowLevel(entry.generalPurposeBitFlag, raw, entry.extraFields, false)
}

function dateOf(entry: Entry): string | null {
  const ms = entry.getLastModDate({ timezone: 'UTC' }).getTime()
  // Programs without a clock write the first date that a zip can hold.
  return Number.isFinite(ms) && ms > Date.UTC(1980, 0, 2) ? new Date(ms).toISOString() : null
}

async function* unpack(file: FileHandle, zip: ZipFile, entry: ZipEntry): AsyncGenerator<Uint8Array> {
  const { path, size, packed, method } = entry
  if (method !== STORED && method !== DEFLATED) throw new UnreadableFile(path, 'method')
  const start = await dataStart(zip, entry)
  const raw = pieces(file, start, packed)
  let read = 0
  let crc = 0
  try {
    for await (const piece of method === STORED ? raw : inflate(raw)) {
      read += piece.byteLength
      if (read > size) throw new UnreadableFile(path, 'size')
      crc = crc32(piece, crc)
      yield piece
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))
      throw new UnreadableFile(path, 'cut', { cause: error })
    throw error
  }
  if (read !== size) throw new UnreadableFile(path, 'size')
  if (crc !== entry.crc) throw new UnreadableFile(path, 'checksum')
}

async function dataStart(zip: ZipFile, { path, at, packed }: ZipEntry): Promise<number> {
  try {
    const entry = { relativeOffsetOfLocalHeader: at, compressedSize: packed } as Entry
    return (await zip.readLocalFileHeaderPromise(entry, { minimal: true })).fileDataStart
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) throw error
    throw new UnreadableFile(path, 'cut', { cause: error })
  }
}

async function* inflate(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const inflater = createInflateRaw({ chunkSize: 256 * 1024 })
  // Faults reach whoever reads the other end.
  pipeline(bytes, inflater, () => undefined)
  for await (const piece of inflater) yield piece as Uint8Array
}
