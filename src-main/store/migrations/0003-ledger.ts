import type Database from 'better-sqlite3'
import { writeHandle } from '../handle.ts'
import { appendCapture } from '../write/capture.ts'
import type { Migration } from './index.ts'

/**
 * The ledger of each identity: entries in bundles, the Merkle tree over them in tiles, signed checkpoints; and for each record the
 * salt of its commitment and the number of its entry. Triggers keep what is there: a ledger only grows, and only a bundle or tile
 * that is not full is written again.
 */
const tables = `
CREATE TABLE ledger (
  identity_id INTEGER PRIMARY KEY REFERENCES identity (id),
  size INTEGER NOT NULL CHECK (size > 0)
) STRICT;

CREATE TABLE ledger_bundle (
  id INTEGER PRIMARY KEY,
  identity_id INTEGER NOT NULL REFERENCES identity (id),
  n INTEGER NOT NULL,
  codec INTEGER NOT NULL CHECK (codec IN (0, 2)),
  size INTEGER NOT NULL,
  content BLOB NOT NULL,
  UNIQUE (identity_id, n)
) STRICT;

CREATE TABLE ledger_tile (
  id INTEGER PRIMARY KEY,
  identity_id INTEGER NOT NULL REFERENCES identity (id),
  level INTEGER NOT NULL,
  n INTEGER NOT NULL,
  hashes BLOB NOT NULL,
  UNIQUE (identity_id, level, n)
) STRICT;

CREATE TABLE checkpoint (
  id INTEGER PRIMARY KEY,
  identity_id INTEGER NOT NULL REFERENCES identity (id),
  size INTEGER NOT NULL,
  root BLOB NOT NULL CHECK (length(root) = 32),
  made_at TEXT NOT NULL,
  note TEXT NOT NULL,
  timestamp BLOB,
  authority TEXT
) STRICT;
CREATE INDEX checkpoint_identity ON checkpoint (identity_id, size);

CREATE TABLE policy (
  id INTEGER PRIMARY KEY,
  identity_id INTEGER NOT NULL REFERENCES identity (id),
  seq INTEGER NOT NULL,
  salt BLOB NOT NULL CHECK (length(salt) = 32),
  detail TEXT NOT NULL
) STRICT;

CREATE TABLE disposed (
  identity_id INTEGER NOT NULL REFERENCES identity (id),
  seq INTEGER NOT NULL,
  disposal_id INTEGER NOT NULL,
  PRIMARY KEY (identity_id, seq)
) STRICT, WITHOUT ROWID;

ALTER TABLE record ADD COLUMN salt BLOB CHECK (length(salt) = 32);
ALTER TABLE record ADD COLUMN seq INTEGER;
`

const triggers = `
CREATE TRIGGER ledger_owner BEFORE UPDATE OF identity_id, size ON ledger
WHEN NEW.identity_id IS NOT OLD.identity_id OR NEW.size < OLD.size
BEGIN SELECT RAISE(ABORT, 'ledger: it only grows'); END;
CREATE TRIGGER ledger_kept BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, 'ledger: it only grows'); END;
CREATE TRIGGER ledger_bundle_kept BEFORE DELETE ON ledger_bundle BEGIN SELECT RAISE(ABORT, 'ledger: it only grows'); END;
CREATE TRIGGER ledger_bundle_full BEFORE UPDATE ON ledger_bundle
WHEN NEW.identity_id IS NOT OLD.identity_id OR NEW.n IS NOT OLD.n
  OR OLD.n < (SELECT size / 256 FROM ledger WHERE identity_id = OLD.identity_id)
BEGIN SELECT RAISE(ABORT, 'ledger: a full bundle cannot be changed'); END;
CREATE TRIGGER ledger_tile_kept BEFORE DELETE ON ledger_tile BEGIN SELECT RAISE(ABORT, 'ledger: it only grows'); END;
CREATE TRIGGER ledger_tile_full BEFORE UPDATE ON ledger_tile
WHEN NEW.identity_id IS NOT OLD.identity_id OR NEW.level IS NOT OLD.level OR NEW.n IS NOT OLD.n OR length(OLD.hashes) > 8160
BEGIN SELECT RAISE(ABORT, 'ledger: a full tile cannot be changed'); END;
CREATE TRIGGER record_entered BEFORE UPDATE OF salt, seq ON record WHEN OLD.seq IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'record: it is in the ledger'); END;
CREATE TRIGGER checkpoint_kept BEFORE DELETE ON checkpoint BEGIN SELECT RAISE(ABORT, 'checkpoint: it is kept'); END;
CREATE TRIGGER checkpoint_fixed BEFORE UPDATE OF identity_id, size, root, made_at, note ON checkpoint
BEGIN SELECT RAISE(ABORT, 'checkpoint: it cannot be changed'); END;
`

/** Records from before the ledger are entered into it now, in the order in which they were captured. */
function enterRecords(db: Database.Database): void {
  const handle = writeHandle(db, '')
  const at = new Date().toISOString()
  for (const id of handle.column<number>('SELECT id FROM record ORDER BY id')) appendCapture(handle, id, at)
  for (const flush of handle.beforeCommit.values()) flush()
}

export const ledger: Migration = {
  version: 3,
  name: '0003-ledger',
  run: (db) => {
    db.exec(tables)
    enterRecords(db)
    db.exec(triggers)
  },
}
