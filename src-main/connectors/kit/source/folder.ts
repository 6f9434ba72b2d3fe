import { createHash } from 'node:crypto'
import { open, opendir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { limits } from '../limits.ts'
import { pieces } from './file.ts'
import { Listing } from './guard.ts'
import { type Source, type SourceEntry, UnreadableFile } from './source.ts'

interface FileEntry extends SourceEntry {
  /** Where it lies on the disk. */
  file: string
}

/** An export that was unpacked already. Links are not followed, pipes and devices not opened. */
export async function openFolder(dir: string, signal: AbortSignal): Promise<Source> {
  const listing = new Listing<FileEntry>(dir)
  const found: { name: string; file: string; size: number; modified: string }[] = []
  await walk(dir, '', 0, async (name) => {
    signal.throwIfAborted()
    const file = join(dir, name)
    const { size, mtime } = await stat(file)
    found.push({ name, file, size, modified: mtime.toISOString() })
    if (found.length > limits.entries) throw listing.refuse(`> ${limits.entries}`)
  })
  // Folders list their files in any order.
  found.sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const { name, ...rest } of found) listing.add(name, (path) => ({ path, ...rest }))
  return sourceOf(listing)
}

/** One file as an export of its own. */
export async function openSingle(file: string): Promise<Source> {
  const { size, mtime } = await stat(file)
  const listing = new Listing<FileEntry>(file)
  listing.add(basename(file), (path) => ({ path, size, modified: mtime.toISOString(), file }))
  return sourceOf(listing)
}

async function walk(dir: string, inside: string, depth: number, each: (name: string) => Promise<void>): Promise<void> {
  for await (const entry of await opendir(join(dir, inside))) {
    const name = inside === '' ? entry.name : `${inside}/${entry.name}`
    if (entry.isFile()) await each(name)
    else if (entry.isDirectory() && depth < limits.folderDepth) await walk(dir, name, depth + 1, each)
  }
}

function sourceOf(listing: Listing<FileEntry>): Source {
  const hash = createHash('sha256')
  for (const { path, size, modified } of listing.values()) hash.update(`${path}\n${size}\n${modified}\n`)
  return listing.source({ fingerprint: hash, read, close: () => Promise.resolve() })
}

async function* read({ path, file, size }: FileEntry): AsyncGenerator<Uint8Array> {
  const handle = await open(file, 'r')
  let read = 0
  try {
    for await (const piece of pieces(handle, 0, size)) {
      read += piece.byteLength
      yield piece
    }
  } finally {
    await handle.close()
  }
  if (read !== size) throw new UnreadableFile(path, 'cut')
}
