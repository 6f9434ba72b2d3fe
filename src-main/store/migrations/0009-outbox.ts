import type Database from 'better-sqlite3'
import type { Migration } from './index.ts'
import { ownerTriggers } from './owner.ts'

/**
 * What is to be sent, and what networks say of people and figures. An item of the outbox names its account, its identity and the
 * messages that it is about together, so that it fits no other voice. What is to be sent never changes once it is stored; only where it
 * is. Messages that ask nothing of anybody (likes) are marked as such, and conversations know whether they have any other.
 */
const tables = `
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  identity_id INTEGER NOT NULL,
  account_id INTEGER NOT NULL,
  target_id INTEGER,
  quote_id INTEGER,
  after_id INTEGER,
  key BLOB NOT NULL CHECK (length(key) = 16),
  content TEXT NOT NULL,
  sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
  salt BLOB NOT NULL CHECK (length(salt) = 32),
  seq INTEGER NOT NULL,
  leaves TEXT NOT NULL CHECK (leaves IN ('waiting', 'done')),
  by TEXT NOT NULL,
  queued_at TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'unknown', 'sent', 'failed', 'cancelled')),
  not_before TEXT NOT NULL,
  to_confirm INTEGER NOT NULL CHECK (to_confirm IN (0, 1)),
  tries INTEGER NOT NULL CHECK (tries >= 0),
  tried_at TEXT,
  next_try_at TEXT,
  reason TEXT,
  ended_at TEXT,
  message_id INTEGER,
  UNIQUE (id, account_id, identity_id),
  CHECK ((ended_at IS NULL) = (state IN ('queued', 'sending', 'unknown'))),
  FOREIGN KEY (account_id, identity_id) REFERENCES account (id, identity_id),
  FOREIGN KEY (target_id, account_id) REFERENCES message (id, account_id),
  FOREIGN KEY (quote_id, account_id) REFERENCES message (id, account_id),
  FOREIGN KEY (message_id, account_id) REFERENCES message (id, account_id),
  FOREIGN KEY (after_id, account_id, identity_id) REFERENCES outbox (id, account_id, identity_id)
) STRICT;
CREATE INDEX outbox_open ON outbox (account_id, not_before, id) WHERE ended_at IS NULL;
CREATE INDEX outbox_account ON outbox (account_id, id);
CREATE INDEX outbox_identity ON outbox (identity_id, id);
CREATE INDEX outbox_target ON outbox (target_id) WHERE target_id IS NOT NULL;
CREATE INDEX outbox_quote ON outbox (quote_id) WHERE quote_id IS NOT NULL;
CREATE INDEX outbox_message ON outbox (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX outbox_after ON outbox (after_id) WHERE after_id IS NOT NULL;

CREATE TABLE outbox_media (
  outbox_id INTEGER NOT NULL REFERENCES outbox (id),
  idx INTEGER NOT NULL,
  media_id INTEGER NOT NULL REFERENCES media (id),
  PRIMARY KEY (outbox_id, idx)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_media_media ON outbox_media (media_id);

CREATE TABLE attached (
  media_id INTEGER PRIMARY KEY REFERENCES media (id),
  at TEXT NOT NULL
) STRICT;

CREATE TABLE account_limits (
  account_id INTEGER PRIMARY KEY REFERENCES account (id),
  limits TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;

CREATE TABLE profile (
  id INTEGER PRIMARY KEY,
  identity_id INTEGER NOT NULL REFERENCES identity (id),
  network TEXT NOT NULL,
  handle TEXT NOT NULL,
  at TEXT NOT NULL,
  seen_at TEXT NOT NULL,
  profile TEXT NOT NULL,
  media_type TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  codec INTEGER NOT NULL,
  size INTEGER NOT NULL,
  content BLOB NOT NULL
) STRICT;
CREATE INDEX profile_handle ON profile (identity_id, network, handle, id);

CREATE TABLE metric (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id),
  message_id INTEGER,
  at TEXT NOT NULL,
  counts TEXT NOT NULL,
  FOREIGN KEY (message_id, account_id) REFERENCES message (id, account_id)
) STRICT;
CREATE INDEX metric_message ON metric (message_id, id) WHERE message_id IS NOT NULL;
CREATE INDEX metric_account ON metric (account_id, id) WHERE message_id IS NULL;

CREATE TABLE reread (
  message_id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL,
  step INTEGER NOT NULL CHECK (step >= 0),
  due_at TEXT NOT NULL,
  FOREIGN KEY (message_id, account_id) REFERENCES message (id, account_id)
) STRICT;
CREATE INDEX reread_due ON reread (account_id, due_at);

ALTER TABLE attachment ADD COLUMN alt TEXT;
ALTER TABLE message ADD COLUMN quiet INTEGER NOT NULL DEFAULT 0 CHECK (quiet IN (0, 1));
ALTER TABLE conversation ADD COLUMN loud INTEGER NOT NULL DEFAULT 1 CHECK (loud IN (0, 1));
`

const triggers = `
CREATE TRIGGER outbox_ended BEFORE UPDATE OF state, ended_at ON outbox WHEN OLD.state IN ('sent', 'cancelled')
BEGIN SELECT RAISE(ABORT, 'outbox: what has ended cannot be changed'); END;
CREATE TRIGGER outbox_removed BEFORE DELETE ON outbox
WHEN NOT EXISTS (SELECT 1 FROM disposal d WHERE d.identity_id = OLD.identity_id AND d.state = 'running')
BEGIN SELECT RAISE(ABORT, 'outbox: only a disposal removes it'); END;
CREATE TRIGGER outbox_media_voice BEFORE INSERT ON outbox_media
WHEN (SELECT identity_id FROM outbox WHERE id = NEW.outbox_id) IS NOT (SELECT identity_id FROM media WHERE id = NEW.media_id)
BEGIN SELECT RAISE(ABORT, 'outbox_media: constraint failed: a file of another identity'); END;
CREATE TRIGGER profile_kept BEFORE UPDATE OF at, profile, content ON profile
BEGIN SELECT RAISE(ABORT, 'profile: it cannot be changed'); END;
CREATE TRIGGER metric_kept BEFORE UPDATE ON metric
BEGIN SELECT RAISE(ABORT, 'metric: it cannot be changed'); END;
`

/** What never changes, with the columns that name it. */
const fixed: Record<string, string[]> = {
  outbox: [
    'id',
    'identity_id',
    'account_id',
    'target_id',
    'quote_id',
    'after_id',
    'key',
    'content',
    'sha256',
    'salt',
    'leaves',
    'by',
    'queued_at',
  ],
  outbox_media: ['outbox_id', 'idx', 'media_id'],
  account_limits: ['account_id'],
  profile: ['id', 'identity_id', 'network', 'handle'],
  reread: ['message_id', 'account_id'],
}

export const outbox: Migration = {
  version: 9,
  name: '0009-outbox',
  run: (db: Database.Database) => db.exec(tables + triggers + ownerTriggers(fixed)),
}
