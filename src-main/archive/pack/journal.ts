import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  lstatSync,
  opendirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { ProblemError } from '#shared/model/index.ts'
import { mediaFile, packPaths, recordLines } from '../pack-paths.ts'
import { asciiLines, pieces } from './append.ts'
import { type BagState, syncFolder } from './bag.ts'
import type { RowsState } from './html/rows.ts'
import type { PackCursor, PackHead } from './source.ts'
import type { PackSummary, Tally } from './summary.ts'

/** What an export keeps of itself while it goes on. */
export interface Journal {
  v: 1
  /** Of everything besides the head that must be the same when it goes on. */
  fingerprint: string
  head: PackHead
  /** The last record that is in the bag for certain; null before the first. */
  cursor: PackCursor | null
  bag: BagState
  rows: RowsState
  tally: Tally
  /** Set when the bag is whole and only has to be given its name. */
  done: PackSummary | null
}

/** Where an export works until its bag is whole: `DIR.partial` with the bag, the journal and what is sorted. */
export class Workplace {
  readonly dir: string
  readonly partial: string
  readonly bag: string
  readonly rows: string
  private readonly path: string

  constructor(dir: string) {
    this.dir = resolve(dir)
    this.partial = `${this.dir}.partial`
    this.bag = join(this.partial, 'bag')
    this.rows = join(this.partial, 'rows')
    this.path = join(this.partial, 'journal.json')
  }

  /** @returns null where no export was interrupted. @throws `export_folder_used` when something else is there. */
  read(): Journal | null {
    const journal = readJson(this.path)
    if (isJournal(journal)) return journal
    // Nothing but our own names: killed before the first journal, or a power cut took what was in it. It begins anew.
    if (existsSync(this.partial) && !isLeftOver(readdirSync(this.partial))) throw this.used()
    return null
  }

  write(journal: Journal): void {
    const next = `${this.path}.next`
    writeFileSync(next, JSON.stringify(journal))
    renameSync(next, this.path)
  }

  /** @throws `export_folder_used` unless the folder that the bag is to become is empty or not there. */
  checkTarget(): void {
    const there = lstatSync(this.dir, { throwIfNoEntry: false })
    if (there !== undefined && !(there.isDirectory() && readdirSync(this.dir).length === 0)) throw this.used()
  }

  /** Gives the bag its name, in one step, and clears up. Can be done again at any point of it. */
  publish(): void {
    if (existsSync(this.bag)) {
      // Only POSIX renames onto an empty folder.
      if (existsSync(this.dir)) rmdirSync(this.dir)
      renameSync(this.bag, this.dir)
      syncFolder(dirname(this.dir))
    }
    this.clear()
  }

  /** Removes everything that an interrupted export left. */
  clear(): void {
    rmSync(this.bag, { recursive: true, force: true })
    rmSync(this.partial, { recursive: true, force: true })
  }

  used(): ProblemError {
    return new ProblemError('export_folder_used', { dir: this.dir })
  }
}

/** @returns null for a file that is not there or is not JSON. */
function readJson(path: string): unknown {
  if (!existsSync(path)) return null
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

function isJournal(value: unknown): value is Journal {
  return typeof value === 'object' && value !== null && 'v' in value && value.v === 1 && 'fingerprint' in value
}

/** Everything that an export makes beside its folder. */
const own = ['bag', 'rows', 'medium', 'journal.json', 'journal.json.next']

function isLeftOver(names: string[]): boolean {
  return names.every((name) => own.includes(name))
}

/** Names under which everything lies that is made anew from the records when an export goes on. */
const remade = ['data/html', 'data/ledger', packPaths.pack]

/**
 * Takes away what was written after the journal, so that no file is in the bag that is not in its manifest.
 * @param ledgers In their order.
 */
export function cutBack(place: Workplace, { cursor, bag }: Journal, ledgers: readonly string[]): void {
  for (const path of remade) rmSync(join(place.bag, path), { recursive: true, force: true })
  const current = cursor === null ? -1 : ledgers.indexOf(cursor.ledger)
  for (const [index, ledger] of ledgers.entries()) {
    for (const kind of ['records', 'derived']) {
      const folder = join(place.bag, 'data', kind, ledger)
      if (index > current) rmSync(folder, { recursive: true, force: true })
      else if (index === current && cursor !== null) cutFolder(folder, cursor.seq)
    }
    const lines = recordLines(ledger)
    if (index > current && !(lines in bag.growing)) rmSync(join(place.bag, lines), { force: true })
  }
  for (const path of [packPaths.index, packPaths.mbox, packPaths.warc]) {
    if (!(path in bag.growing)) rmSync(join(place.bag, path), { force: true })
  }
  for (const name of readdirSync(place.bag)) {
    if (name !== 'data' && name !== packPaths.manifest) rmSync(join(place.bag, name), { force: true })
  }
}

function cutFolder(folder: string, last: number): void {
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder)) {
    const thousand = Number(name)
    if (thousand < Math.floor(last / 1000)) continue
    const inner = join(folder, name)
    for (const file of readdirSync(inner)) {
      if (Number.parseInt(file, 10) > last) rmSync(join(inner, file))
    }
  }
}

/**
 * Reads everything again that is in the bag so far: a power cut may have taken the bytes of files whose names are there.
 * @param pause Awaited between files.
 * @returns whether all of it is what it was.
 */
export async function stillWhole(root: string, pause: () => Promise<void> | null): Promise<boolean> {
  for (const line of asciiLines(join(root, packPaths.manifest))) {
    if (!isWhole(join(root, line.slice(66)), line.slice(0, 64))) return false
    await pause()
  }
  for (const name of mediaIn(root)) {
    if (!isWhole(join(root, mediaFile(name)), name)) return false
    await pause()
  }
  return true
}

/** Names of the media in the bag. Their names are their hashes, so that the folder itself says which are there. */
export function* mediaIn(root: string): Generator<string> {
  const path = join(root, mediaFile(''))
  if (!existsSync(path)) return
  const folder = opendirSync(path)
  try {
    for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) yield entry.name
  } finally {
    folder.closeSync()
  }
}

function isWhole(path: string, sha256: string): boolean {
  const there = lstatSync(path, { throwIfNoEntry: false })
  if (there === undefined) return false
  const handle = openSync(path, 'r')
  try {
    const hash = createHash('sha256')
    for (const piece of pieces(handle, 0, there.size)) hash.update(piece)
    return hash.digest('hex') === sha256
  } finally {
    closeSync(handle)
  }
}
