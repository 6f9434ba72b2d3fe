import { closeSync, copyFileSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type Database from 'better-sqlite3'
import { ProblemError } from '#shared/model/index.ts'
import { append, pieces, seal } from './backup-file.ts'
import { blobNames, pathOf } from './blobs.ts'
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
        const size = copyBlob(pathOf(data.dir, name), handle)
        if (size === null) missing.push(name)
        else files.push({ name, size })
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
  return db.prepare('SELECT file FROM record WHERE file IS NOT NULL UNION ALL SELECT file FROM media').pluck().all() as string[]
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

/** Appends a file as it lies. @returns its size; null when it is missing. */
function copyBlob(path: string, target: number): number | null {
  if (!existsSync(path)) return null
  const from = openSync(path, 'r')
  try {
    return append(target, pieces(from, 0, statSync(path).size))
  } finally {
    closeSync(from)
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
