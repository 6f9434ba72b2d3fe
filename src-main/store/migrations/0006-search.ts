import type Database from 'better-sqlite3'
import type { Migration } from './index.ts'

/**
 * A search index whose rows are numbered as they come, and which knows of every 128 of them what time and accounts they are of. The old
 * one, whose rows had the messages' ids, is dropped. The new one is made in small steps when nothing else is to be done: `todo` is the
 * slot up to which messages are still to be put in, so that a kill loses no step. Searches that are kept by name, for the whole office.
 */
const tables = `
CREATE TABLE search_part (
  id INTEGER PRIMARY KEY,
  next INTEGER NOT NULL,
  loose INTEGER NOT NULL,
  merging INTEGER NOT NULL CHECK (merging IN (0, 1)),
  sorted INTEGER NOT NULL CHECK (sorted IN (0, 1))
) STRICT;

CREATE TABLE search_block (
  part_id INTEGER NOT NULL,
  low INTEGER NOT NULL,
  rows INTEGER NOT NULL,
  first_id INTEGER NOT NULL,
  last_id INTEGER NOT NULL,
  stamp INTEGER NOT NULL,
  accounts BLOB NOT NULL,
  PRIMARY KEY (part_id, low)
) STRICT, WITHOUT ROWID;
CREATE INDEX search_block_stamp ON search_block (stamp);

CREATE TABLE search_fact (
  part_id INTEGER NOT NULL,
  low INTEGER NOT NULL,
  facts BLOB NOT NULL,
  PRIMARY KEY (part_id, low)
) STRICT, WITHOUT ROWID;

CREATE TABLE search_state (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  epoch INTEGER NOT NULL,
  todo INTEGER NOT NULL
) STRICT;
INSERT INTO search_state SELECT 1, 0, coalesce(max(slot), 0) FROM message;

CREATE INDEX message_unread ON message (id) WHERE is_read = 0 AND direction = 'inbound';
CREATE INDEX message_deleted ON message (id) WHERE deleted_at IS NOT NULL;
CREATE INDEX message_edited ON message (id) WHERE versions > 1;

CREATE TABLE saved_search (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL COLLATE NOCASE UNIQUE,
  text TEXT NOT NULL,
  saved_at TEXT NOT NULL
) STRICT;
`

export const search: Migration = {
  version: 6,
  name: '0006-search',
  run: (db: Database.Database) => {
    const old = db.prepare('SELECT id FROM search_partition').pluck().all() as number[]
    for (const id of old) db.exec(`DROP TABLE search_${id}`)
    db.exec(`DROP TABLE search_partition; ${tables}`)
  },
}
