import { type FileHandle, open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileFault, unreadable } from '../file-fault.ts'
import { openFolder, openSingle } from './folder.ts'
import { merge } from './merge.ts'
import type { Source } from './source.ts'
import { isTar, openTar } from './tar.ts'
import { openZip } from './zip.ts'

/**
 * Opens an export: a zip, a tar, an unpacked folder, a single file, or several of these that are one export cut in parts. What it is is
 * told by its first bytes, not by its name. A folder that holds zips only is taken for the parts of one export.
 * @throws ConnectorFault `decision` / `file_unreadable`, `export_damaged`, `export_locked`, `export_too_large`.
 */
export async function openSource(paths: readonly string[], signal: AbortSignal): Promise<Source> {
  const opened: Source[] = []
  try {
    for (const path of paths) for (const part of await partsOf(path)) opened.push(await openOne(part, signal))
    const [only] = opened
    return only && opened.length === 1 ? only : await merge(opened)
  } catch (error) {
    for (const source of opened) await source.close()
    throw error
  }
}

/** The paths of a folder that holds the zips of one export; else the path itself. */
async function partsOf(path: string): Promise<string[]> {
  const found = await within(path, stat(path))
  if (!found.isDirectory()) return [path]
  const names = (await within(path, readdir(path, { withFileTypes: true }))).filter((entry) => !entry.name.startsWith('.'))
  const zips = names.filter((entry) => entry.isFile() && /\.zip$/i.test(entry.name)).map((entry) => entry.name)
  return zips.length > 0 && zips.length === names.length ? zips.sort().map((name) => join(path, name)) : [path]
}

async function openOne(path: string, signal: AbortSignal): Promise<Source> {
  const found = await within(path, stat(path))
  if (found.isDirectory()) return within(path, openFolder(path, signal))
  // Pipes and devices would be waited for without end.
  if (!found.isFile()) throw unreadable(path, 'it is no file')
  const file = await within(path, open(path, 'r'))
  let kept = false
  try {
    const source = await within(path, openPacked(file, path, signal))
    kept = source !== null
    return source ?? (await within(path, openSingle(path)))
  } finally {
    if (!kept) await file.close()
  }
}

/** @returns null for a file that packs no others. */
async function openPacked(file: FileHandle, path: string, signal: AbortSignal): Promise<Source | null> {
  const head = Buffer.alloc(512)
  await file.read(head, 0, head.length, 0)
  // Local file, or the end of an empty one; spanned archives begin with a mark of their own.
  const isZip = ['PK\x03\x04', 'PK\x05\x06', 'PK\x07\x08'].includes(head.toString('latin1', 0, 4))
  if (isZip) return openZip(file, path, signal)
  const isGzip = head[0] === 0x1f && head[1] === 0x8b
  return isGzip || isTar(head) ? openTar(file, path, isGzip, signal) : null
}

/** Faults of the disk in words. */
async function within<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw fileFault(error, path)
  }
}
