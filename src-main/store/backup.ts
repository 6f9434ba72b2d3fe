import { closeSync, copyFileSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type Database from 'better-sqlite3'
import { ProblemError } from '#shared/model/index.ts'
import { append, pieces, seal } from './backup-file.ts'
import { blobNames, sealedBlob } from './blobs.ts'
import { toProblem } from './faults.ts'
import { formatOf, knownFormat } from './migrations/index.ts'
import { databaseIn, readOffice } from './office.ts'
import type { ThreadData } from './protocol.ts'

/**
 * Writes a consistent copy of the office into one file, while writes go on: the database as of one moment, without free
 * pages, and every record file that it names. A damaged database is copied byte by byte. An older file of that name is
 * replaced at the end, in one step.
 */
export function backup(db: Database.Database, data: ThreadData, target: string): { bytes: number } {
  const office = readOffice(data.dir)
  if (!office) throw new ProblemError('office_missing', { dir: data.dir })
  const file = resolve(target)
  const partial = `${file}.part`
  try {
    // Empty, so that a place that cannot be written is told by the system and not by SQLite.
    writeFileSync(partial, '', { mode: 0o600 })
    const { format, log, names } = copyDatabase(db, data, partial)
    const database = statSync(partial).size - log
    const handle = openSync(partial, 'a')
    const files: { name: string; size: number }[] = []
    const missing: string[] = []
    try {
      for (const name of names) {
        const bytes = find(data.dir, name)
        if (bytes) files.push({ name, size: append(handle, [bytes]) })
        else missing.push(name)
      }
    } finally {
      closeSync(handle)
    }
    const { id, created } = office
    const madeAt = new Date().toISOString()
    const bytes = seal(partial, data.key, { office: { id, created }, madeAt, format, database, log, files, missing })
    sync(partial)
    renameSync(partial, file)
    return { bytes }
  } catch (error) {
    rmSync(partial, { force: true })
    throw toProblem(error)
  }
}

interface Copied {
  format: number
  /** Bytes of the write-ahead log behind the database. */
  log: number
  /** Record files that belong to it. */
  names: string[]
}

function copyDatabase(db: Database.Database, data: ThreadData, partial: string): Copied {
  try {
    db.exec(`VACUUM INTO '${partial.replaceAll("'", "''")}'`)
    // Asked of the office, which may have moved on: a few files more than the copy names do no harm.
    return { format: formatOf(db), log: 0, names: filesNamed(db) }
  } catch (error) {
    if (toProblem(error).code !== 'office_corrupt') throw error
    rmSync(partial, { force: true })
    return copyDamaged(db, data, partial)
  }
}

function filesNamed(db: Database.Database): string[] {
  return db.prepare('SELECT file FROM record WHERE file IS NOT NULL').pluck().all() as string[]
}

/** As the files lie: nothing writes to a damaged office. */
function copyDamaged(db: Database.Database, data: ThreadData, partial: string): Copied {
  const source = databaseIn(data.dir)
  copyFileSync(source, partial)
  let log = 0
  if (existsSync(`${source}-wal`)) {
    const from = openSync(`${source}-wal`, 'r')
    const to = openSync(partial, 'a')
    try {
      log = append(to, pieces(from, 0, statSync(`${source}-wal`).size))
    } finally {
      closeSync(from)
      closeSync(to)
    }
  }
  return { format: knownFormat, log, names: filesStillNamed(db, data.dir) }
}

/** What can be told of record files when the table that names them may be unreadable: then all of them. */
function filesStillNamed(db: Database.Database, dir: string): string[] {
  try {
    return filesNamed(db)
  } catch (error) {
    if (toProblem(error).code !== 'office_corrupt') throw error
    return [...blobNames(dir)].filter((name) => /^[0-9a-f]{64}$/.test(name))
  }
}

function find(dir: string, name: string): Uint8Array | null {
  try {
    return sealedBlob(dir, name)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

function sync(path: string): void {
  const handle = openSync(path, 'r+')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
