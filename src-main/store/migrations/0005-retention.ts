import type { Migration } from './index.ts'
import { ownerTriggers } from './owner.ts'

/**
 * Keeping and letting go: holds, schedules, disposals with what they name, what was forgotten so that it does not come back, and the
 * backups that were made. All of one identity each, by foreign keys as elsewhere. Messages of a disposal are named by number only,
 * because they go while it stays; a trigger sees to it that they are of the identity when they are named.
 */
const tables = `
CREATE TABLE hold (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  identity_id INTEGER NOT NULL REFERENCES identity (id),
  scope TEXT NOT NULL CHECK (scope IN ('identity', 'account', 'conversation', 'person')),
  account_id INTEGER,
  conversation_id INTEGER,
  handle TEXT,
  reason TEXT NOT NULL,
  set_by TEXT NOT NULL,
  set_at TEXT NOT NULL,
  salt BLOB CHECK (length(salt) = 32),
  detail TEXT,
  lifted_by TEXT,
  lifted_at TEXT,
  lifted_reason TEXT,
  lifted_salt BLOB CHECK (length(lifted_salt) = 32),
  CHECK (lifted_at IS NOT NULL OR (
    (account_id IS NOT NULL) = (scope IN ('account', 'conversation'))
    AND (conversation_id IS NOT NULL) = (scope = 'conversation')
    AND (handle IS NOT NULL) = (scope = 'person'))),
  FOREIGN KEY (account_id, identity_id) REFERENCES account (id, identity_id),
  FOREIGN KEY (conversation_id, account_id, identity_id) REFERENCES conversation (id, account_id, identity_id)
) STRICT;
CREATE INDEX hold_identity ON hold (identity_id) WHERE lifted_at IS NULL;
CREATE INDEX hold_conversation ON hold (conversation_id) WHERE conversation_id IS NOT NULL;

CREATE TABLE schedule (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  identity_id INTEGER NOT NULL REFERENCES identity (id),
  network TEXT,
  kind TEXT,
  days INTEGER NOT NULL CHECK (days > 0),
  set_by TEXT NOT NULL,
  set_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX schedule_of ON schedule (identity_id, coalesce(network, ''), coalesce(kind, ''));

CREATE TABLE disposal (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  identity_id INTEGER NOT NULL REFERENCES identity (id),
  cause TEXT NOT NULL CHECK (cause IN ('schedule', 'erasure')),
  state TEXT NOT NULL CHECK (state IN ('proposed', 'approved', 'withdrawn', 'running', 'removed', 'done')),
  rule TEXT NOT NULL,
  handle TEXT,
  reason TEXT NOT NULL,
  proposed_by TEXT NOT NULL,
  proposed_at TEXT NOT NULL,
  due_at TEXT NOT NULL,
  approved_by TEXT,
  approved_at TEXT,
  withdrawn_by TEXT,
  withdrawn_at TEXT,
  done_at TEXT,
  seq INTEGER,
  certificate TEXT,
  UNIQUE (id, identity_id),
  CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
  CHECK (state NOT IN ('approved', 'running', 'removed', 'done') OR approved_by IS NOT NULL),
  CHECK ((state = 'done') = (certificate IS NOT NULL) AND (certificate IS NULL) = (seq IS NULL))
) STRICT;
CREATE INDEX disposal_identity ON disposal (identity_id);

CREATE TABLE disposal_item (
  disposal_id INTEGER NOT NULL,
  message_id INTEGER NOT NULL,
  identity_id INTEGER NOT NULL,
  hold_id INTEGER REFERENCES hold (id),
  gone INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1)),
  PRIMARY KEY (disposal_id, message_id),
  FOREIGN KEY (disposal_id, identity_id) REFERENCES disposal (id, identity_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX disposal_item_message ON disposal_item (message_id);

CREATE TABLE forgotten (
  account_id INTEGER NOT NULL REFERENCES account (id),
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (account_id, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE forgotten_place (
  account_id INTEGER NOT NULL REFERENCES account (id),
  stream TEXT NOT NULL,
  place TEXT NOT NULL,
  PRIMARY KEY (account_id, stream, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE backup_made (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  made_at TEXT NOT NULL,
  file TEXT NOT NULL
) STRICT;

CREATE TRIGGER disposal_item_voice BEFORE INSERT ON disposal_item
WHEN (SELECT identity_id FROM message WHERE id = NEW.message_id) IS NOT NEW.identity_id
BEGIN SELECT RAISE(ABORT, 'disposal_item: the message belongs to another identity'); END;
CREATE TRIGGER disposal_open BEFORE UPDATE OF state ON disposal
WHEN OLD.state IN ('withdrawn', 'done') AND NEW.state IS NOT OLD.state
BEGIN SELECT RAISE(ABORT, 'disposal: it is closed'); END;
CREATE TRIGGER disposal_people BEFORE UPDATE OF approved_by ON disposal
WHEN OLD.approved_by IS NOT NULL AND NEW.approved_by IS NOT OLD.approved_by
BEGIN SELECT RAISE(ABORT, 'disposal: it was approved'); END;
CREATE TRIGGER disposal_kept BEFORE DELETE ON disposal BEGIN SELECT RAISE(ABORT, 'disposal: it is kept'); END;
CREATE TRIGGER disposed_kept BEFORE DELETE ON disposed BEGIN SELECT RAISE(ABORT, 'disposed: it is kept'); END;
CREATE TRIGGER disposed_voice BEFORE INSERT ON disposed
WHEN NOT EXISTS (SELECT 1 FROM disposal WHERE id = NEW.disposal_id AND identity_id = NEW.identity_id AND state = 'running')
BEGIN SELECT RAISE(ABORT, 'disposed: no such disposal is being carried out'); END;
`

/** Tables whose owner never changes, with the columns that name it. */
const fixed: Record<string, string[]> = {
  hold: ['id', 'identity_id', 'scope', 'set_by', 'set_at'],
  schedule: ['id', 'identity_id', 'network', 'kind'],
  disposal: ['id', 'identity_id', 'cause', 'rule', 'proposed_by', 'proposed_at', 'due_at'],
  disposal_item: ['disposal_id', 'message_id', 'identity_id'],
  disposed: ['identity_id', 'seq', 'disposal_id'],
}

export const retention: Migration = {
  version: 5,
  name: '0005-retention',
  run: (db) => db.exec(tables + ownerTriggers(fixed)),
}
