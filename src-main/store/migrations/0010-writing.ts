import type { Migration } from './index.ts'
import { ownerTriggers } from './owner.ts'

/**
 * What is being written, and what ends it. A draft names its account and identity together, and the message that it answers together with that account,
 * so that no text of one voice can become another's: taking it elsewhere means writing it there.
 */
const tables = `
CREATE TABLE draft (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL,
  identity_id INTEGER NOT NULL,
  target_id INTEGER,
  words TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0),
  by TEXT NOT NULL,
  saved_at TEXT NOT NULL,
  FOREIGN KEY (account_id, identity_id) REFERENCES account (id, identity_id),
  FOREIGN KEY (target_id, account_id) REFERENCES message (id, account_id)
) STRICT;
CREATE INDEX draft_identity ON draft (identity_id, id);
CREATE INDEX draft_target ON draft (target_id) WHERE target_id IS NOT NULL;

ALTER TABLE identity ADD COLUMN signature TEXT NOT NULL DEFAULT '';
`

/** What never changes, with the columns that name it. */
const fixed: Record<string, string[]> = { draft: ['id', 'account_id', 'identity_id', 'target_id'] }

export const writing: Migration = {
  version: 10,
  name: '0010-writing',
  run: (db) => db.exec(tables + ownerTriggers(fixed)),
}
