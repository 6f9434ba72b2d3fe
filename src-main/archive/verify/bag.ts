import { bagDeclaration, packPaths } from '../pack-paths.ts'
import type { BagIo, FileHash } from './io.ts'
import type { Problems } from './verdict.ts'

/** Checks a bag as RFC 8493 section 3 wants it, and stricter where there is more than one way to write the same. */

/** A file that a manifest names. */
export interface BagFile {
  /** Hex, as the manifest has it. */
  listed: string
  /** As it is; null when it is missing or cannot be read. */
  actual: string | null
  /** Something in the pack accounts for it. */
  known: boolean
}

/** Every file that a manifest names, by its path. */
export type BagFiles = Map<string, BagFile>

/** Files hashed at a time, where that can go on side by side. */
const atOnce = 32
const line = /^([0-9a-f]{64}) {2}([\x21-\x7e]+)$/
/** Small tag files; a manifest is read line by line. */
const mostTagBytes = 1 << 20

export interface Watch {
  signal?: AbortSignal | undefined
  /** Files hashed so far, of how many. */
  onProgress?: ((done: number, total: number) => void) | undefined
}

/** @returns null when there is no bag to speak of. */
export async function checkBag(io: BagIo, problems: Problems, watch: Watch): Promise<BagFiles | null> {
  const there = await io.list()
  const declaration = await readText(io, packPaths.declaration)
  if (declaration !== bagDeclaration) problems.add({ code: 'not_a_bag', path: packPaths.declaration })
  const files: BagFiles = new Map()
  const tags = await readManifest(io, packPaths.tagManifest, (path) => !path.startsWith('data/'), files, problems)
  const payload = await readManifest(io, packPaths.manifest, (path) => path.startsWith('data/'), files, problems)
  if (!tags || !payload) return null
  for (const path of [packPaths.declaration, packPaths.info, packPaths.manifest]) {
    if (!files.has(path)) problems.add({ code: 'missing', path, listedIn: packPaths.tagManifest })
  }
  const listed: string[] = []
  for (const { path, file } of there) {
    if (!file) problems.add({ code: 'unreadable', path })
    else if (files.has(path)) listed.push(path)
    else if (path !== packPaths.tagManifest) problems.add({ code: 'extra', path })
  }
  const octets = await hashAll(io, listed, files, problems, watch)
  judgeFiles(files, new Set(there.map(({ path }) => path)), problems)
  // A bag that is not whole has other numbers for that reason.
  if (!problems.any) await checkOxum(io, octets, listed.filter((path) => path.startsWith('data/')).length, problems)
  return files
}

/** Which manifest names a path. */
export function manifestOf(path: string): string {
  return path.startsWith('data/') ? packPaths.manifest : packPaths.tagManifest
}

async function readManifest(
  io: BagIo,
  manifest: string,
  belongs: (path: string) => boolean,
  files: BagFiles,
  problems: Problems,
): Promise<boolean> {
  let number = 0
  try {
    for await (const lines of io.lines(manifest)) {
      for (const text of lines) {
        number++
        const [, hash, path] = line.exec(text) ?? []
        if (hash === undefined || path === undefined || !belongs(path) || isUnsafe(path)) {
          problems.add({ code: 'manifest_malformed', path: manifest, line: number })
        } else if (files.has(path)) problems.add({ code: 'named_twice', path, listedIn: manifest, line: number })
        else files.set(path, { listed: hash, actual: null, known: false })
      }
    }
  } catch {
    // Whatever keeps it from being read: without it nothing can be said of the bag.
    number = 0
  }
  if (number === 0) problems.add({ code: 'not_a_bag', path: manifest })
  return number > 0
}

/** Paths that lead out of the bag, or that two systems would read differently. */
function isUnsafe(path: string): boolean {
  return path.includes('\\') || path.split('/').some((part) => part === '' || part === '.' || part === '..')
}

/** @returns the bytes of the payload. */
async function hashAll(io: BagIo, paths: string[], files: BagFiles, problems: Problems, watch: Watch): Promise<number> {
  let octets = 0
  for (let start = 0; start < paths.length; start += atOnce) {
    watch.signal?.throwIfAborted()
    const some = paths.slice(start, start + atOnce)
    const begun = some.map((path) => io.hash(path))
    // Where every answer was there at once, nothing is waited for.
    const hashes = begun.some((hash) => hash instanceof Promise) ? await Promise.all(begun) : (begun as (FileHash | null)[])
    for (const [index, path] of some.entries()) {
      const hash = hashes[index] ?? null
      const file = files.get(path)
      if (hash === null) problems.add({ code: 'unreadable', path })
      if (hash === null || file === undefined) continue
      file.actual = hash.hex
      if (path.startsWith('data/')) octets += hash.bytes
    }
    watch.onProgress?.(start + some.length, paths.length)
  }
  return octets
}

function judgeFiles(files: BagFiles, there: ReadonlySet<string>, problems: Problems): void {
  for (const [path, { listed, actual }] of files) {
    if (!there.has(path)) problems.add({ code: 'missing', path, listedIn: manifestOf(path) })
    else if (actual !== null && actual !== listed) problems.add({ code: 'changed', path, listedIn: manifestOf(path) })
  }
}

/** RFC 8493 section 2.2.2: bytes and number of the payload files, where `bag-info.txt` tells them. */
async function checkOxum(io: BagIo, octets: number, count: number, problems: Problems): Promise<void> {
  const info = await readText(io, packPaths.info)
  const [, told] = /^Payload-Oxum: (\d+\.\d+)$/m.exec(info ?? '') ?? []
  if (told !== undefined && told !== `${octets}.${count}`) problems.add({ code: 'oxum', path: packPaths.info })
}

async function readText(io: BagIo, path: string): Promise<string | null> {
  const bytes = await io.read(path, mostTagBytes)
  return bytes === null ? null : new TextDecoder().decode(bytes)
}
