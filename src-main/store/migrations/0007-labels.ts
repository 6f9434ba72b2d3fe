import type Database from 'better-sqlite3'
import type { Migration } from './index.ts'
import { ownerTriggers } from './owner.ts'

/**
 * Labels and topics, which conversations have them, and notes on conversations. A label is of one identity; what puts it on a
 * conversation names both with that identity, so that it fits no other's. Lists by label are one range over one index: each row has the
 * shelf, key and unread count of its conversation beside it, which triggers keep in step, as they do the counts by label.
 * A note is never changed: every wording of it is a version, and a version without text says that it was withdrawn.
 */
const tables = `
CREATE TABLE label (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  identity_id INTEGER NOT NULL REFERENCES identity (id),
  kind TEXT NOT NULL CHECK (kind IN ('label', 'topic')),
  name TEXT NOT NULL CHECK (name <> ''),
  folded TEXT NOT NULL CHECK (folded <> ''),
  color TEXT NOT NULL,
  UNIQUE (id, identity_id)
) STRICT;
CREATE UNIQUE INDEX label_name ON label (identity_id, kind, folded);

CREATE TABLE conversation_label (
  conversation_id INTEGER NOT NULL,
  label_id INTEGER NOT NULL,
  account_id INTEGER NOT NULL,
  identity_id INTEGER NOT NULL,
  shelf INTEGER NOT NULL,
  key INTEGER NOT NULL,
  unread INTEGER NOT NULL,
  PRIMARY KEY (conversation_id, label_id),
  FOREIGN KEY (conversation_id, account_id, identity_id) REFERENCES conversation (id, account_id, identity_id),
  FOREIGN KEY (label_id, identity_id) REFERENCES label (id, identity_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX conversation_label_shelf ON conversation_label (label_id, shelf, key);
CREATE INDEX conversation_label_account ON conversation_label (label_id, account_id, shelf, key);
CREATE INDEX conversation_label_unread_shelf ON conversation_label (label_id, shelf, key, unread) WHERE unread > 0;
CREATE INDEX conversation_label_unread_account ON conversation_label (label_id, account_id, shelf, key, unread) WHERE unread > 0;

CREATE TABLE label_badge (
  label_id INTEGER NOT NULL,
  account_id INTEGER NOT NULL,
  identity_id INTEGER NOT NULL,
  shelf INTEGER NOT NULL,
  conversations INTEGER NOT NULL CHECK (conversations >= 0),
  unread INTEGER NOT NULL CHECK (unread >= 0),
  PRIMARY KEY (label_id, account_id, shelf),
  FOREIGN KEY (label_id, identity_id) REFERENCES label (id, identity_id) ON DELETE CASCADE,
  FOREIGN KEY (account_id, identity_id) REFERENCES account (id, identity_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE note (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation_id INTEGER NOT NULL,
  account_id INTEGER NOT NULL,
  identity_id INTEGER NOT NULL,
  versions INTEGER NOT NULL,
  withdrawn INTEGER NOT NULL CHECK (withdrawn IN (0, 1)),
  UNIQUE (id, identity_id),
  FOREIGN KEY (conversation_id, account_id, identity_id) REFERENCES conversation (id, account_id, identity_id)
) STRICT;
CREATE INDEX note_conversation ON note (conversation_id);

CREATE TABLE note_version (
  note_id INTEGER NOT NULL REFERENCES note (id),
  version INTEGER NOT NULL CHECK (version > 0),
  by TEXT NOT NULL,
  at TEXT NOT NULL,
  text TEXT CHECK (text <> ''),
  PRIMARY KEY (note_id, version)
) STRICT, WITHOUT ROWID;
`

/** Adds a row of `conversation_label` to the counts, or takes it away. */
const count = (row: 'NEW' | 'OLD', by: 1 | -1) => `
  INSERT INTO label_badge (label_id, account_id, identity_id, shelf, conversations, unread)
  SELECT ${row}.label_id, ${row}.account_id, ${row}.identity_id, ${row}.shelf, 0, 0
  WHERE NOT EXISTS (SELECT 1 FROM label_badge WHERE label_id = ${row}.label_id AND account_id = ${row}.account_id AND shelf = ${row}.shelf);
  UPDATE label_badge SET conversations = conversations + ${by}, unread = unread + (${row}.unread > 0) * ${by}
  WHERE label_id = ${row}.label_id AND account_id = ${row}.account_id AND shelf = ${row}.shelf;`

const triggers = `
CREATE TRIGGER conversation_label_fits BEFORE INSERT ON conversation_label
WHEN NOT EXISTS (SELECT 1 FROM conversation
  WHERE id = NEW.conversation_id AND shelf = NEW.shelf AND key = NEW.key AND unread = NEW.unread)
BEGIN SELECT RAISE(ABORT, 'conversation_label: it does not fit its conversation'); END;
CREATE TRIGGER conversation_label_added AFTER INSERT ON conversation_label
BEGIN ${count('NEW', 1)} END;
CREATE TRIGGER conversation_label_removed AFTER DELETE ON conversation_label
BEGIN ${count('OLD', -1)} END;
CREATE TRIGGER conversation_label_counted AFTER UPDATE OF shelf, unread ON conversation_label
WHEN NEW.shelf IS NOT OLD.shelf OR (NEW.unread > 0) IS NOT (OLD.unread > 0)
BEGIN ${count('OLD', -1)} ${count('NEW', 1)} END;
CREATE TRIGGER conversation_moved AFTER UPDATE OF shelf, key, unread ON conversation
WHEN NEW.shelf IS NOT OLD.shelf OR NEW.key IS NOT OLD.key OR NEW.unread IS NOT OLD.unread
BEGIN UPDATE conversation_label SET shelf = NEW.shelf, key = NEW.key, unread = NEW.unread WHERE conversation_id = NEW.id; END;
CREATE TRIGGER note_version_kept BEFORE UPDATE ON note_version
BEGIN SELECT RAISE(ABORT, 'note_version: it cannot be changed'); END;
CREATE TRIGGER note_version_removed BEFORE DELETE ON note_version
WHEN NOT EXISTS (SELECT 1 FROM note n JOIN disposal d ON d.identity_id = n.identity_id WHERE n.id = OLD.note_id AND d.state = 'running')
BEGIN SELECT RAISE(ABORT, 'note_version: only a disposal removes it'); END;
`

/** Tables whose owner never changes, with the columns that name it. */
const fixed: Record<string, string[]> = {
  label: ['id', 'identity_id', 'kind'],
  conversation_label: ['conversation_id', 'label_id', 'account_id', 'identity_id'],
  label_badge: ['label_id', 'account_id', 'identity_id', 'shelf'],
  note: ['id', 'account_id', 'identity_id'],
}

/** Numbers that were given stay taken, also those of rows that are gone: the ledger names them. */
const sameNumbers = (table: string) => `
DELETE FROM sqlite_sequence WHERE name = '${table}';
INSERT INTO sqlite_sequence (name, seq) SELECT '${table}', seq FROM sqlite_sequence WHERE name = '${table}_before';`

/** Acts on labels and notes can be undone as others; schedules may be about what has a label. */
function widen(db: Database.Database): void {
  db.exec(`
ALTER TABLE act RENAME TO act_before;
CREATE TABLE act (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  at TEXT NOT NULL,
  undone_at TEXT,
  before TEXT NOT NULL
) STRICT;
INSERT INTO act SELECT id, kind, at, undone_at, before FROM act_before;
${sameNumbers('act')}
DROP TABLE act_before;

ALTER TABLE schedule RENAME TO schedule_before;
CREATE TABLE schedule (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  identity_id INTEGER NOT NULL REFERENCES identity (id),
  network TEXT,
  kind TEXT,
  label_id INTEGER,
  days INTEGER NOT NULL CHECK (days > 0),
  set_by TEXT NOT NULL,
  set_at TEXT NOT NULL,
  FOREIGN KEY (label_id, identity_id) REFERENCES label (id, identity_id)
) STRICT;
INSERT INTO schedule SELECT id, identity_id, network, kind, NULL, days, set_by, set_at FROM schedule_before;
${sameNumbers('schedule')}
DROP TABLE schedule_before;
CREATE UNIQUE INDEX schedule_of ON schedule (identity_id, coalesce(network, ''), coalesce(kind, ''), coalesce(label_id, 0));
CREATE INDEX schedule_label ON schedule (label_id) WHERE label_id IS NOT NULL;
${ownerTriggers({ schedule: ['id', 'identity_id', 'network', 'kind', 'label_id'] })}
`)
}

export const labels: Migration = {
  version: 7,
  name: '0007-labels',
  run: (db) => {
    widen(db)
    db.exec(tables + triggers + ownerTriggers(fixed))
  },
}
