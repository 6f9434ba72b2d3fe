import type Database from 'better-sqlite3'
import type { Migration } from './index.ts'
import { ownerTriggers } from './owner.ts'

/**
 * Files that came apart from the bytes of a record: pictures of an export. Each is kept once for an identity, under the hash of its content;
 * another identity's copy is a file of its own, so that what one disposes of says nothing of what the other has.
 */
const tables = `
CREATE TABLE media (
  id INTEGER PRIMARY KEY,
  identity_id INTEGER NOT NULL REFERENCES identity (id),
  sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
  size INTEGER NOT NULL,
  file TEXT NOT NULL UNIQUE,
  file_key BLOB NOT NULL CHECK (length(file_key) = 32),
  UNIQUE (identity_id, sha256)
) STRICT;

CREATE TABLE record_media (
  record_id INTEGER NOT NULL REFERENCES record (id),
  idx INTEGER NOT NULL,
  media_id INTEGER NOT NULL REFERENCES media (id),
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  PRIMARY KEY (record_id, idx)
) STRICT, WITHOUT ROWID;
CREATE INDEX record_media_media ON record_media (media_id);

CREATE TRIGGER record_media_voice BEFORE INSERT ON record_media
WHEN (SELECT m.identity_id FROM record r JOIN message m ON m.id = r.message_id WHERE r.id = NEW.record_id)
  IS NOT (SELECT identity_id FROM media WHERE id = NEW.media_id)
BEGIN SELECT RAISE(ABORT, 'record_media: a file of another identity'); END;
`

/** What never changes, with the columns that name it. */
const fixed: Record<string, string[]> = {
  media: ['id', 'identity_id', 'sha256', 'size', 'file', 'file_key'],
  record_media: ['record_id', 'idx', 'media_id', 'name', 'media_type'],
}

export const media: Migration = {
  version: 8,
  name: '0008-media',
  run: (db: Database.Database) => db.exec(tables + ownerTriggers(fixed)),
}
