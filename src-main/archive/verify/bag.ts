import { bagDeclaration, packPaths } from '../pack-paths.ts'
import type { BagIo, BagItem, FileHash } from './io.ts'
import type { Pace } from './pace.ts'
import type { Problems } from './verdict.ts'

/** Checks a bag as RFC 8493 section 3 wants it, and stricter where there is more than one way to write the same. */

/** A file that a manifest names. */
export interface BagFile {
  /** Hex, as the manifest has it. */
  listed: string
  /** As it is; null when it is missing or cannot be read. The very same string where both agree. */
  actual: string | null
  /** There is a file of that name. */
  there: boolean
  /** Something in the pack accounts for it. */
  known: boolean
}

/** Every file that a manifest names, by its path. */
export type BagFiles = Map<string, BagFile>

/** Files hashed at a time, where that can go on side by side. */
const atOnce = 32
const line = /^([0-9a-f]{64}) {2}([\x21-\x7e]+)$/
/** Paths that lead out of the bag, or that two systems would read differently. */
const unsafe = /\\|(?:^|\/)\.{0,2}(?:\/|$)/
/** Small tag files; a manifest is read line by line. */
const mostTagBytes = 1 << 20

/** @returns null when there is no bag to speak of. */
export async function checkBag(io: BagIo, problems: Problems, pace: Pace): Promise<BagFiles | null> {
  const declaration = await readText(io, packPaths.declaration)
  if (declaration !== bagDeclaration) problems.add({ code: 'not_a_bag', path: packPaths.declaration })
  const files: BagFiles = new Map()
  const tags = await readManifest(io, packPaths.tagManifest, (path) => !path.startsWith('data/'), files, problems)
  const payload = await readManifest(io, packPaths.manifest, (path) => path.startsWith('data/'), files, problems)
  if (!tags || !payload) return null
  for (const path of [packPaths.declaration, packPaths.info, packPaths.manifest]) {
    if (!files.has(path)) problems.add({ code: 'missing', path, listedIn: packPaths.tagManifest })
  }
  const payloadSeen = { octets: 0, files: 0 }
  let done = 0
  for await (const items of io.list()) {
    const named = takeListed(items, files, problems)
    for (let start = 0; start < named.length; start += atOnce) {
      await pace.rest()
      const some = named.slice(start, start + atOnce)
      await hashSome(io, some, files, problems, payloadSeen)
      done += some.length
      pace.progress(done, files.size)
    }
  }
  judgeFiles(files, problems)
  // A bag that is not whole has other numbers for that reason.
  if (!problems.any) await checkOxum(io, `${payloadSeen.octets}.${payloadSeen.files}`, problems)
  return files
}

/** Names what should not be there. @returns the paths that are in a manifest. */
function takeListed(items: readonly BagItem[], files: BagFiles, problems: Problems): string[] {
  const named: string[] = []
  for (const { path, file } of items) {
    const listed = files.get(path)
    if (!file) problems.add({ code: 'unreadable', path })
    else if (listed !== undefined) named.push(path)
    else if (path !== packPaths.tagManifest) problems.add({ code: 'extra', path })
    if (listed !== undefined) listed.there = true
  }
  return named
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
        if (hash === undefined || path === undefined || !belongs(path) || unsafe.test(path)) {
          problems.add({ code: 'manifest_malformed', path: manifest, line: number })
        } else if (files.has(path)) problems.add({ code: 'named_twice', path, listedIn: manifest, line: number })
        else files.set(path, { listed: hash, actual: null, there: false, known: false })
      }
    }
  } catch {
    // Whatever keeps it from being read: without it nothing can be said of the bag.
    number = 0
  }
  if (number === 0) problems.add({ code: 'not_a_bag', path: manifest })
  return number > 0
}

/** @param seen What there is of the payload, to be added to. */
async function hashSome(
  io: BagIo,
  paths: readonly string[],
  files: BagFiles,
  problems: Problems,
  seen: { octets: number; files: number },
): Promise<void> {
  const begun = paths.map((path) => io.hash(path))
  // Where every answer was there at once, nothing is waited for.
  const hashes = begun.some((hash) => hash instanceof Promise) ? await Promise.all(begun) : (begun as (FileHash | null)[])
  for (let index = 0; index < paths.length; index++) {
    const path = paths[index] ?? ''
    const hash = hashes[index] ?? null
    const file = files.get(path)
    if (hash === null) problems.add({ code: 'unreadable', path })
    if (hash === null || file === undefined) continue
    file.actual = hash.hex === file.listed ? file.listed : hash.hex
    if (!path.startsWith('data/')) continue
    seen.octets += hash.bytes
    seen.files++
  }
}

function judgeFiles(files: BagFiles, problems: Problems): void {
  for (const [path, { listed, actual, there }] of files) {
    if (!there) problems.add({ code: 'missing', path, listedIn: manifestOf(path) })
    else if (actual !== null && actual !== listed) problems.add({ code: 'changed', path, listedIn: manifestOf(path) })
  }
}

/** RFC 8493 section 2.2.2: bytes and number of the payload files, where `bag-info.txt` tells them. */
async function checkOxum(io: BagIo, oxum: string, problems: Problems): Promise<void> {
  const info = await readText(io, packPaths.info)
  const [, told] = /^Payload-Oxum: (\d+\.\d+)$/m.exec(info ?? '') ?? []
  if (told !== undefined && told !== oxum) problems.add({ code: 'oxum', path: packPaths.info })
}

async function readText(io: BagIo, path: string): Promise<string | null> {
  const bytes = await io.read(path, mostTagBytes)
  return bytes === null ? null : new TextDecoder().decode(bytes)
}
