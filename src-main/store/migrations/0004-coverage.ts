import type Database from 'better-sqlite3'
import type { Migration } from './index.ts'

/**
 * What each account was doing, as a row of intervals without holes and without overlap. What may still change has no `seq`;
 * the rest is in the ledger under that number, and triggers keep it as it is.
 */
const tables = `
CREATE TABLE coverage (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL,
  identity_id INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN
    ('watched', 'backfilling', 'throttled', 'logged_out', 'offline', 'paused', 'closed', 'out_of_reach')),
  from_at TEXT NOT NULL,
  to_at TEXT NOT NULL,
  seq INTEGER,
  CHECK (from_at <= to_at),
  CHECK (seq IS NULL OR from_at < to_at),
  FOREIGN KEY (account_id, identity_id) REFERENCES account (id, identity_id)
) STRICT;
CREATE INDEX coverage_account ON coverage (account_id, to_at);
CREATE INDEX coverage_open ON coverage (account_id) WHERE seq IS NULL;
`

const overlaps = `
BEGIN SELECT RAISE(ABORT, 'coverage: intervals cannot be changed to overlap') WHERE EXISTS (
  SELECT 1 FROM coverage WHERE account_id = NEW.account_id AND id <> NEW.id AND to_at > NEW.from_at AND from_at < NEW.to_at);
END;`

const triggers = `
CREATE TRIGGER coverage_owner BEFORE UPDATE OF id, account_id, identity_id ON coverage
WHEN NEW.id IS NOT OLD.id OR NEW.account_id IS NOT OLD.account_id OR NEW.identity_id IS NOT OLD.identity_id
BEGIN SELECT RAISE(ABORT, 'coverage: its owner cannot be changed'); END;
CREATE TRIGGER coverage_entered BEFORE UPDATE ON coverage WHEN OLD.seq IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'coverage: it is in the ledger'); END;
CREATE TRIGGER coverage_kept BEFORE DELETE ON coverage WHEN OLD.seq IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'coverage: it is in the ledger'); END;
CREATE TRIGGER coverage_added AFTER INSERT ON coverage ${overlaps}
CREATE TRIGGER coverage_moved AFTER UPDATE OF from_at, to_at ON coverage ${overlaps}
`

/** Of the time before now there is no record, so the coverage of accounts that are there begins now. */
function begin(db: Database.Database): void {
  const now = new Date().toISOString()
  db.prepare(
    `INSERT INTO coverage (account_id, identity_id, state, from_at, to_at)
     SELECT id, identity_id, iif(paused, 'paused', 'closed'), ?, ? FROM account`,
  ).run(now, now)
}

export const coverage: Migration = {
  version: 4,
  name: '0004-coverage',
  run: (db) => {
    db.exec(tables)
    begin(db)
    db.exec(triggers)
  },
}
