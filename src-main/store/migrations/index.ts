import type Database from 'better-sqlite3'
import { initial } from './0001-initial.ts'
import { packs } from './0002-packs.ts'
import { ledger } from './0003-ledger.ts'
import { coverage } from './0004-coverage.ts'
import { retention } from './0005-retention.ts'
import { search } from './0006-search.ts'
import { labels } from './0007-labels.ts'
import { media } from './0008-media.ts'
import { outbox } from './0009-outbox.ts'
import { writing } from './0010-writing.ts'
import { calendar } from './0011-calendar.ts'

export interface Migration {
  /** The `user_version` of the database after it. */
  version: number
  name: string
  run(db: Database.Database): void
}

/** Every migration, listed once, in order. */
export const migrations: readonly Migration[] = [
  initial,
  packs,
  ledger,
  coverage,
  retention,
  search,
  labels,
  media,
  outbox,
  writing,
  calendar,
]

/** The format this program writes. */
export const knownFormat: number = migrations.length

/** @throws when the list has gaps, repeats or is out of order, or a file's number is not its version. */
export function checkOrder(list: readonly Migration[]): void {
  list.forEach((migration, index) => {
    if (migration.version !== index + 1 || Number(migration.name.slice(0, 4)) !== migration.version) {
      throw new Error(`migration ${migration.name} should be number ${index + 1}`)
    }
  })
}

/** The format of an open database; 0 for an empty one. */
export function formatOf(db: Database.Database): number {
  return Number(db.pragma('user_version', { simple: true }))
}

/**
 * Brings a database to the newest format, one transaction per migration, so that a kill leaves the format before it.
 * Foreign keys rest meanwhile, since tables are made anew, and are all checked before each commit.
 * @returns how many ran.
 */
export function migrate(db: Database.Database, list: readonly Migration[] = migrations): number {
  checkOrder(list)
  const from = formatOf(db)
  const due = list.filter((migration) => migration.version > from)
  if (due.length === 0) return 0
  db.pragma('foreign_keys = OFF')
  try {
    for (const migration of due) apply(db, migration)
  } finally {
    db.pragma('foreign_keys = ON')
  }
  return due.length
}

function apply(db: Database.Database, migration: Migration): void {
  db.exec('BEGIN IMMEDIATE')
  try {
    migration.run(db)
    const broken = db.pragma('foreign_key_check') as unknown[]
    if (broken.length > 0) throw new Error(`migration ${migration.name} leaves ${broken.length} rows that name nothing`)
    db.pragma(`user_version = ${migration.version}`)
    db.exec('COMMIT')
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK')
    throw error
  }
}
