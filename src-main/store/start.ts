import { existsSync, rmSync } from 'node:fs'
import type Database from 'better-sqlite3'
import { ProblemError } from '#shared/model/index.ts'
import { setCheckpointPolicy } from './checkpoint.ts'
import { connect, setCache } from './connect.ts'
import { toProblem } from './faults.ts'
import { formatOf, knownFormat, migrate } from './migrations/index.ts'
import type { ThreadData } from './protocol.ts'

/** Twice as much took 80,000 mails in no quicker. */
export const writerCacheKiB = 32_768
const readerCacheKiB = 24_576

/** Reads a little of every table from both ends: enough to meet a broken header or root page, quick on any size. */
export function lookAround(db: Database.Database): void {
  const tables = db
    .prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE 'sqlite_%'",
    )
    .pluck()
    .all() as string[]
  for (const table of tables) db.prepare(`SELECT * FROM "${table}" LIMIT 1`).get()
  for (const table of ['message', 'conversation', 'record']) {
    if (tables.includes(table)) db.prepare(`SELECT * FROM "${table}" ORDER BY rowid DESC LIMIT 1`).get()
  }
}

/** Files beside a database that are not there now. A reading connection makes them, and cannot remove them. */
export function missingSides(file: string): string[] {
  return ['-wal', '-shm'].map((ending) => file + ending).filter((path) => !existsSync(path))
}

/** Leaves no trace of a connection that only read: nobody else may have the office open, nor have had it since. */
export function removeSides(sides: readonly string[]): void {
  for (const path of sides) rmSync(path, { force: true })
}

/** Refuses a database from the future before anything is written, and leaves no trace of having looked. */
function probe(data: ThreadData, file: string): 'sound' | 'damaged' {
  const sides = missingSides(file)
  const db = connect({ file, key: data.key, mode: 'read', nativeBinding: data.nativeBinding, busyMs: data.busyMs })
  try {
    const found = formatOf(db)
    if (found > knownFormat) throw new ProblemError('office_from_future', { found, known: knownFormat })
    lookAround(db)
    if (data.suspect && db.pragma('quick_check(1)', { simple: true }) !== 'ok') return 'damaged'
    return 'sound'
  } catch (error) {
    const problem = toProblem(error)
    if (problem.code === 'office_corrupt') return 'damaged'
    throw problem
  } finally {
    db.close()
    removeSides(sides)
  }
}

/**
 * Opens the write connection: makes the database where there is none, brings it to the newest format.
 * @returns null for a damaged one, which is not written to.
 */
export function openForWriting(data: ThreadData, file: string): Database.Database | null {
  const exists = existsSync(file)
  if (exists && probe(data, file) === 'damaged') return null
  const db = connect({
    file,
    key: data.key,
    mode: exists || !data.create ? 'write' : 'create',
    nativeBinding: data.nativeBinding,
    busyMs: data.busyMs,
  })
  try {
    setCache(db, writerCacheKiB)
    setCheckpointPolicy(db)
    migrate(db)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** Opens a connection that cannot write; also on a damaged database, where reads then fail one by one. */
export function openForReading(data: ThreadData, file: string): Database.Database {
  const db = connectToRead(data, file)
  try {
    setCache(db, readerCacheKiB)
  } catch (error) {
    if (toProblem(error).code !== 'office_corrupt') {
      db.close()
      throw error
    }
  }
  return db
}

function connectToRead(data: ThreadData, file: string): Database.Database {
  return connect({ file, key: data.key, mode: 'read', nativeBinding: data.nativeBinding, busyMs: data.busyMs })
}
