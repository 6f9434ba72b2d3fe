import type { Migration } from './index.ts'
import { ownerTriggers } from './owner.ts'

/**
 * The first format. What holds invariant 1 (voices never mix): an account belongs to one identity; a conversation names its
 * account and identity together, a message its conversation, account and identity together, and the foreign keys only fit
 * when all agree. Triggers forbid changing them. Tables below a message (body, record, place) have no identity of their own.
 */
const tables = `
CREATE TABLE meta (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE preference (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE identity (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  voice TEXT NOT NULL CHECK (voice IN ('institutional', 'mandate', 'personal')),
  shape TEXT NOT NULL,
  color TEXT NOT NULL
) STRICT;

CREATE TABLE account (
  id INTEGER PRIMARY KEY,
  identity_id INTEGER NOT NULL REFERENCES identity (id),
  network TEXT NOT NULL,
  label TEXT NOT NULL,
  address TEXT NOT NULL,
  settings TEXT NOT NULL,
  status TEXT NOT NULL,
  paused INTEGER NOT NULL CHECK (paused IN (0, 1)),
  UNIQUE (id, identity_id)
) STRICT;

CREATE TABLE stream (
  account_id INTEGER NOT NULL REFERENCES account (id),
  name TEXT NOT NULL,
  cursor TEXT NOT NULL,
  PRIMARY KEY (account_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE person (
  id INTEGER PRIMARY KEY,
  identity_id INTEGER NOT NULL REFERENCES identity (id),
  name TEXT NOT NULL,
  named_by INTEGER NOT NULL,
  UNIQUE (id, identity_id)
) STRICT;

CREATE TABLE handle (
  identity_id INTEGER NOT NULL,
  network TEXT NOT NULL,
  handle TEXT NOT NULL,
  person_id INTEGER NOT NULL,
  PRIMARY KEY (identity_id, network, handle),
  FOREIGN KEY (person_id, identity_id) REFERENCES person (id, identity_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX handle_person ON handle (person_id);

CREATE TABLE conversation (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL,
  identity_id INTEGER NOT NULL,
  key INTEGER NOT NULL,
  shelf INTEGER NOT NULL,
  state INTEGER NOT NULL CHECK (state IN (0, 1, 2)),
  snoozed_until TEXT,
  base_state INTEGER NOT NULL CHECK (base_state IN (0, 1, 2)),
  in_key INTEGER NOT NULL,
  out_key INTEGER NOT NULL,
  triaged INTEGER NOT NULL CHECK (triaged IN (0, 1)),
  unread INTEGER NOT NULL CHECK (unread >= 0),
  messages INTEGER NOT NULL,
  attachments INTEGER NOT NULL,
  latest_in INTEGER NOT NULL,
  outbound INTEGER NOT NULL CHECK (outbound IN (0, 1)),
  at TEXT NOT NULL,
  from_name TEXT NOT NULL,
  subject TEXT NOT NULL,
  snippet TEXT NOT NULL,
  UNIQUE (id, account_id, identity_id),
  CHECK (shelf = CASE WHEN snoozed_until IS NULL THEN state ELSE 3 END),
  FOREIGN KEY (account_id, identity_id) REFERENCES account (id, identity_id)
) STRICT;
CREATE UNIQUE INDEX conversation_key ON conversation (key);
CREATE INDEX conversation_shelf ON conversation (shelf, key);
CREATE INDEX conversation_identity ON conversation (identity_id, shelf, key);
CREATE INDEX conversation_account ON conversation (account_id, shelf, key);
CREATE INDEX conversation_unread_shelf ON conversation (shelf, key, unread) WHERE unread > 0;
CREATE INDEX conversation_unread_identity ON conversation (identity_id, shelf, key, unread) WHERE unread > 0;
CREATE INDEX conversation_unread_account ON conversation (account_id, shelf, key, unread) WHERE unread > 0;
CREATE INDEX conversation_snoozed ON conversation (snoozed_until) WHERE snoozed_until IS NOT NULL;

CREATE TABLE merged (
  id INTEGER PRIMARY KEY,
  into_id INTEGER NOT NULL
) STRICT;
CREATE INDEX merged_into ON merged (into_id);

CREATE TABLE thread_key (
  account_id INTEGER NOT NULL,
  key TEXT NOT NULL,
  conversation_id INTEGER NOT NULL,
  identity_id INTEGER NOT NULL,
  PRIMARY KEY (account_id, key),
  FOREIGN KEY (conversation_id, account_id, identity_id) REFERENCES conversation (id, account_id, identity_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX thread_key_conversation ON thread_key (conversation_id);

CREATE TABLE message (
  id INTEGER PRIMARY KEY,
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
CREATE UNIQUE INDEX message_remote ON message (account_id, remote_id);
CREATE UNIQUE INDEX message_account ON message (account_id, id);
CREATE INDEX message_conversation ON message (conversation_id, id);

CREATE TABLE body (
  message_id INTEGER PRIMARY KEY REFERENCES message (id),
  text TEXT NOT NULL
) STRICT;

CREATE TABLE attachment (
  message_id INTEGER NOT NULL REFERENCES message (id),
  idx INTEGER NOT NULL,
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  content_id TEXT,
  is_inline INTEGER NOT NULL CHECK (is_inline IN (0, 1)),
  PRIMARY KEY (message_id, idx)
) STRICT, WITHOUT ROWID;

CREATE TABLE record (
  id INTEGER PRIMARY KEY,
  message_id INTEGER NOT NULL REFERENCES message (id),
  version INTEGER NOT NULL,
  media_type TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  captured_at TEXT NOT NULL,
  sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
  size INTEGER NOT NULL,
  codec INTEGER NOT NULL CHECK (codec IN (0, 1)),
  file TEXT,
  file_key BLOB,
  content BLOB,
  UNIQUE (message_id, version),
  CHECK ((content IS NULL) = (file IS NOT NULL) AND (file IS NULL) = (file_key IS NULL))
) STRICT;
CREATE UNIQUE INDEX record_file ON record (file) WHERE file IS NOT NULL;

CREATE TABLE place (
  account_id INTEGER NOT NULL,
  stream TEXT NOT NULL,
  place TEXT NOT NULL,
  message_id INTEGER NOT NULL,
  is_read INTEGER NOT NULL CHECK (is_read IN (0, 1)),
  answered INTEGER NOT NULL CHECK (answered IN (0, 1)),
  PRIMARY KEY (account_id, stream, place),
  FOREIGN KEY (message_id, account_id) REFERENCES message (id, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX place_message ON place (message_id);

CREATE TABLE unsettled (
  account_id INTEGER NOT NULL,
  message_id INTEGER NOT NULL,
  stream TEXT NOT NULL,
  PRIMARY KEY (account_id, stream, message_id),
  FOREIGN KEY (message_id, account_id) REFERENCES message (id, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX unsettled_message ON unsettled (message_id);

CREATE TABLE act (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL CHECK (kind IN ('state', 'snooze', 'read')),
  at TEXT NOT NULL,
  undone_at TEXT,
  before TEXT NOT NULL
) STRICT;

CREATE TABLE pending_act (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id INTEGER NOT NULL,
  message_id INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('set_read', 'set_answered')),
  turn_on INTEGER NOT NULL CHECK (turn_on IN (0, 1)),
  tries INTEGER NOT NULL,
  changed_at TEXT NOT NULL,
  UNIQUE (message_id, kind),
  FOREIGN KEY (message_id, account_id) REFERENCES message (id, account_id)
) STRICT;
CREATE INDEX pending_act_account ON pending_act (account_id, id);

CREATE TABLE badge (
  account_id INTEGER PRIMARY KEY,
  identity_id INTEGER NOT NULL,
  all_0 INTEGER NOT NULL DEFAULT 0,
  all_1 INTEGER NOT NULL DEFAULT 0,
  all_2 INTEGER NOT NULL DEFAULT 0,
  all_3 INTEGER NOT NULL DEFAULT 0,
  unread_0 INTEGER NOT NULL DEFAULT 0,
  unread_1 INTEGER NOT NULL DEFAULT 0,
  unread_2 INTEGER NOT NULL DEFAULT 0,
  unread_3 INTEGER NOT NULL DEFAULT 0,
  FOREIGN KEY (account_id, identity_id) REFERENCES account (id, identity_id)
) STRICT;

CREATE TABLE search_partition (
  id INTEGER PRIMARY KEY,
  low INTEGER NOT NULL UNIQUE,
  rows INTEGER NOT NULL,
  first_id INTEGER NOT NULL,
  last_id INTEGER NOT NULL,
  loose INTEGER NOT NULL,
  merging INTEGER NOT NULL CHECK (merging IN (0, 1))
) STRICT;
`

/** Tables whose owner never changes, with the columns that name it. */
const fixed: Record<string, string[]> = {
  identity: ['id', 'voice'],
  account: ['id', 'identity_id', 'network'],
  person: ['id', 'identity_id'],
  handle: ['identity_id'],
  conversation: ['id', 'account_id', 'identity_id'],
  thread_key: ['account_id', 'identity_id'],
  message: ['id', 'account_id', 'identity_id', 'remote_id'],
  place: ['account_id'],
  record: ['id', 'message_id', 'version', 'sha256'],
  pending_act: ['account_id', 'message_id'],
  badge: ['account_id', 'identity_id'],
}

export const initial: Migration = {
  version: 1,
  name: '0001-initial',
  run: (db) => db.exec(tables + ownerTriggers(fixed)),
}
