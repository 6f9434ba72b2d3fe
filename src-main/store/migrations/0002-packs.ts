import type Database from 'better-sqlite3'
import type { Migration } from './index.ts'
import { ownerTriggers } from './owner.ts'

/**
 * Smaller and quicker to write. Messages and texts lie in the order they came (`slot`), not by time: a first sync goes from
 * the newest mail back, and rows put before all others leave half of every page empty. Records of one batch share packs that
 * are compressed together, and name the request that brought them instead of repeating it. A conversation's snippet is its
 * newest message's. The list of everything is merged from the four shelves and needs no index of its own.
 */
const tables = `
CREATE TABLE request (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id),
  endpoint TEXT NOT NULL,
  captured_at TEXT NOT NULL,
  origin TEXT NOT NULL CHECK (origin IN ('sync', 'file')),
  clock_offset INTEGER,
  headers TEXT NOT NULL
) STRICT;

CREATE TABLE pack (
  id INTEGER PRIMARY KEY,
  codec INTEGER NOT NULL CHECK (codec IN (0, 1, 2)),
  size INTEGER NOT NULL,
  content BLOB NOT NULL
) STRICT;

CREATE TABLE message_2 (
  slot INTEGER PRIMARY KEY,
  id INTEGER NOT NULL UNIQUE,
  conversation_id INTEGER NOT NULL,
  account_id INTEGER NOT NULL,
  identity_id INTEGER NOT NULL,
  remote_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  direction TEXT NOT NULL CHECK (direction IN ('inbound', 'outbound')),
  person_id INTEGER,
  is_read INTEGER NOT NULL CHECK (is_read IN (0, 1)),
  answered INTEGER NOT NULL CHECK (answered IN (0, 1)),
  versions INTEGER NOT NULL,
  attachments INTEGER NOT NULL,
  at TEXT NOT NULL,
  deleted_at TEXT,
  from_name TEXT NOT NULL,
  from_handle TEXT NOT NULL,
  recipients TEXT NOT NULL,
  subject TEXT NOT NULL,
  snippet TEXT NOT NULL,
  link TEXT,
  FOREIGN KEY (conversation_id, account_id, identity_id) REFERENCES conversation (id, account_id, identity_id),
  FOREIGN KEY (person_id, identity_id) REFERENCES person (id, identity_id)
) STRICT;

CREATE TABLE body_2 (
  slot INTEGER PRIMARY KEY REFERENCES message (slot),
  text TEXT NOT NULL
) STRICT;

CREATE TABLE record_2 (
  id INTEGER PRIMARY KEY,
  message_id INTEGER NOT NULL REFERENCES message (id),
  version INTEGER NOT NULL,
  request_id INTEGER NOT NULL REFERENCES request (id),
  media_type TEXT NOT NULL,
  sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
  size INTEGER NOT NULL,
  pack_id INTEGER REFERENCES pack (id),
  pack_at INTEGER,
  file TEXT,
  file_key BLOB,
  UNIQUE (message_id, version),
  CHECK ((pack_id IS NULL) = (file IS NOT NULL) AND (pack_id IS NULL) = (pack_at IS NULL) AND (file IS NULL) = (file_key IS NULL))
) STRICT;
`

const copies = `
INSERT INTO message_2 SELECT row_number() OVER (ORDER BY id), id, conversation_id, account_id, identity_id, remote_id, kind, direction,
  person_id, is_read, answered, versions, attachments, at, deleted_at, from_name, from_handle, recipients, subject, snippet, link FROM message;
INSERT INTO body_2 SELECT m.slot, b.text FROM message_2 m JOIN body b ON b.message_id = m.id;
INSERT INTO request (account_id, endpoint, captured_at, origin, headers)
  SELECT DISTINCT m.account_id, r.endpoint, r.captured_at, 'sync', '[]' FROM record r JOIN message m ON m.id = r.message_id;
INSERT INTO pack SELECT id, codec, size, content FROM record WHERE content IS NOT NULL;
INSERT INTO record_2 SELECT r.id, r.message_id, r.version, q.id, r.media_type, r.sha256, r.size, iif(r.content IS NULL, NULL, r.id),
  iif(r.content IS NULL, NULL, 0), r.file, r.file_key
  FROM record r JOIN message m ON m.id = r.message_id
  JOIN request q ON q.account_id = m.account_id AND q.endpoint = r.endpoint AND q.captured_at = r.captured_at;
DROP TABLE record; DROP TABLE body; DROP TABLE message;
ALTER TABLE message_2 RENAME TO message;
ALTER TABLE body_2 RENAME TO body;
ALTER TABLE record_2 RENAME TO record;
ALTER TABLE conversation DROP COLUMN snippet;
DROP INDEX conversation_key;
`

const indexes = `
CREATE UNIQUE INDEX message_remote ON message (account_id, remote_id);
CREATE UNIQUE INDEX message_account ON message (account_id, id);
CREATE INDEX message_conversation ON message (conversation_id, id);
CREATE UNIQUE INDEX record_file ON record (file) WHERE file IS NOT NULL;
`

/** Tables made anew whose owner never changes, with the columns that name it. */
const fixed: Record<string, string[]> = {
  message: ['slot', 'id', 'account_id', 'identity_id', 'remote_id'],
  record: ['id', 'message_id', 'version', 'sha256'],
  request: ['id', 'account_id', 'endpoint', 'captured_at', 'origin', 'headers'],
}

export const packs: Migration = {
  version: 2,
  name: '0002-packs',
  run: (db: Database.Database) => db.exec(tables + copies + indexes + ownerTriggers(fixed)),
}
