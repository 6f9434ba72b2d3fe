import { statSync } from 'node:fs'
import type Database from 'better-sqlite3'

/**
 * When the write-ahead log is folded into the database, and what a commit waits for.
 *
 * - `synchronous = FULL`: every commit is on the disk when it resolves. NORMAL syncs only at checkpoints, so a power cut
 *   could take back commits that were already told. The price is one sync per transaction, and a batch is one transaction.
 * - A commit that brings the log to `pages` folds it in without waiting for readers (PASSIVE).
 * - A reader that stays long can hold that up; past `largeLog` bytes the writer, when idle, waits for readers and truncates.
 * - On close the log is folded in and truncated, so a closed office is one file.
 */
const pages = 4000
const largeLog = 256 * 1024 * 1024

/** Sets the write connection up. Must run outside a transaction. */
export function setCheckpointPolicy(db: Database.Database): void {
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.pragma(`wal_autocheckpoint = ${pages}`)
  db.pragma(`journal_size_limit = ${64 * 1024 * 1024}`)
}

/** When nothing else is to be done: folds in what readers do not hold up, and waits for them only when the log is large. */
export function tidyLog(db: Database.Database): void {
  const log = statSync(`${db.name}-wal`, { throwIfNoEntry: false })?.size ?? 0
  if (log > largeLog) foldLog(db)
  else if (log > 0) db.pragma('wal_checkpoint(PASSIVE)')
}

/** Folds the log in as far as readers allow and gives its space back. */
export function foldLog(db: Database.Database): void {
  db.pragma('wal_checkpoint(TRUNCATE)')
}
