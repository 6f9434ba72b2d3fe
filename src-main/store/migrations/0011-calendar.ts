import type { Migration } from './index.ts'
import { ownerTriggers } from './owner.ts'

/**
 * The parliamentary calendar of each identity: what the office set, periods, and what was signed in check-lists. All of it is of one
 * identity and names nothing of another. A period is never changed: another one takes its place.
 */
const tables = `
CREATE TABLE calendar (
  identity_id INTEGER PRIMARY KEY REFERENCES identity (id),
  zone TEXT,
  outside TEXT CHECK (outside IN ('sitting', 'recess', 'pre_election', 'dissolved', 'new_term')),
  words TEXT,
  freezes TEXT NOT NULL
) STRICT;

CREATE TABLE calendar_period (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  identity_id INTEGER NOT NULL REFERENCES identity (id),
  state TEXT NOT NULL CHECK (state IN ('sitting', 'recess', 'pre_election', 'dissolved', 'new_term')),
  begins TEXT NOT NULL,
  ends TEXT,
  title TEXT NOT NULL,
  source TEXT NOT NULL,
  by TEXT NOT NULL,
  at TEXT NOT NULL,
  CHECK (ends IS NULL OR ends > begins)
) STRICT;
CREATE INDEX calendar_period_begins ON calendar_period (identity_id, begins, id);

CREATE TABLE calendar_check (
  identity_id INTEGER NOT NULL REFERENCES identity (id),
  state TEXT NOT NULL,
  began_at TEXT NOT NULL,
  name TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('done', 'signed_off')),
  by TEXT NOT NULL,
  at TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (identity_id, state, began_at, name)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER calendar_period_kept BEFORE UPDATE ON calendar_period
BEGIN SELECT RAISE(ABORT, 'calendar_period: it cannot be changed'); END;
CREATE TRIGGER calendar_check_kept BEFORE UPDATE ON calendar_check
BEGIN SELECT RAISE(ABORT, 'calendar_check: it cannot be changed'); END;
`

export const calendar: Migration = {
  version: 11,
  name: '0011-calendar',
  run: (db) => {
    db.exec(tables + ownerTriggers({ calendar: ['identity_id'] }))
  },
}
