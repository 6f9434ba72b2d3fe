import type Database from 'better-sqlite3'
import type { Migration } from './index.ts'

const tables = `
CREATE TABLE saved_search (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL COLLATE NOCASE UNIQUE,
  text TEXT NOT NULL,
  saved_at TEXT NOT NULL
) STRICT;
`

/** Searches that are kept by name, for the whole office. */
export const search: Migration = {
  version: 6,
  name: '0006-search',
  run: (db: Database.Database) => db.exec(tables),
}
