import type Database from 'better-sqlite3'
import { initial } from './0001-initial.ts'

export interface Migration {
  /** The `user_version` of the database after it. */
  version: number
  name: string
  run(db: Database.Database): void
}

/** Every migration, listed once, in order. */
export const migrations: readonly Migration[] = [initial]

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
 * @returns how many ran.
 */
export function migrate(db: Database.Database, list: readonly Migration[] = migrations): number {
  checkOrder(list)
  const from = formatOf(db)
  const due = list.filter((migration) => migration.version > from)
  for (const migration of due) {
    db.exec('BEGIN IMMEDIATE')
    try {
      migration.run(db)
      db.pragma(`user_version = ${migration.version}`)
      db.exec('COMMIT')
    } catch (error) {
      if (db.inTransaction) db.exec('ROLLBACK')
      throw error
    }
  }
  return due.length
}
