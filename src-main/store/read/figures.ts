import {
  type AccountId,
  type IdentityId,
  type Instant,
  type MessageId,
  Metrics,
  type Network,
  ProblemError,
  Profile,
  SendLimits,
} from '#shared/model/index.ts'
import type { ReadDb } from '../handle.ts'
import { toNumber } from '../ids.ts'
import type { StoredProfile } from '../outbox.ts'

/** Handles are compared as the people of an office are. */
export const plainHandle = (handle: string): string => handle.trim().toLowerCase()

/** Snapshots that are handed out of one message or account. */
const mostFigures = 1000

export function sendLimits(db: ReadDb, accountId: AccountId): SendLimits | null {
  const limits = db.value<string>('SELECT limits FROM account_limits WHERE account_id = ?', toNumber(accountId))
  return limits === undefined ? null : SendLimits.parse(JSON.parse(limits))
}

export function profiles(db: ReadDb, identityId: IdentityId, network: Network, handle: string, limit: number): StoredProfile[] {
  return db
    .all<{ profile: string; seen_at: string }>(
      'SELECT profile, seen_at FROM profile WHERE identity_id = ? AND network = ? AND handle = ? ORDER BY id DESC LIMIT ?',
      toNumber(identityId),
      network,
      plainHandle(handle),
      limit,
    )
    .map((row) => ({ profile: Profile.parse(JSON.parse(row.profile)), seenAt: row.seen_at }))
}

/** Of conversations that are not done, newest first: what a person is most likely to look at. */
const mostOpen = 500

export function profilesDue(db: ReadDb, accountId: AccountId, since: Instant, limit: number): string[] {
  return db.column<string>(
    `SELECT DISTINCT lower(trim(m.from_handle)) FROM (
       SELECT latest_in FROM conversation INDEXED BY conversation_account WHERE account_id = ? AND shelf < 2 AND latest_in > 0
       ORDER BY shelf, key DESC LIMIT ${mostOpen}) c
     JOIN message m ON m.id = c.latest_in JOIN account a ON a.id = m.account_id
     WHERE m.from_handle <> '' AND NOT EXISTS (SELECT 1 FROM profile p WHERE p.identity_id = m.identity_id AND p.network = a.network
       AND p.handle = lower(trim(m.from_handle)) AND p.seen_at > ?)
     LIMIT ?`,
    toNumber(accountId),
    since,
    limit,
  )
}

const figuresOf = (rows: { at: string; counts: string }[]): Metrics[] =>
  rows.reverse().map(({ at, counts }) => Metrics.parse({ at, counts: JSON.parse(counts) }))

export function messageMetrics(db: ReadDb, id: MessageId): Metrics[] {
  if (db.value('SELECT 1 FROM message WHERE id = ?', toNumber(id)) !== 1)
    throw new ProblemError('not_found', { what: 'message', id })
  return figuresOf(
    db.all('SELECT at, counts FROM metric WHERE message_id = ? ORDER BY id DESC LIMIT ?', toNumber(id), mostFigures),
  )
}

export function accountMetrics(db: ReadDb, id: AccountId): Metrics[] {
  return figuresOf(
    db.all(
      'SELECT at, counts FROM metric WHERE account_id = ? AND message_id IS NULL ORDER BY id DESC LIMIT ?',
      toNumber(id),
      mostFigures,
    ),
  )
}

export function rereadsDue(
  db: ReadDb,
  accountId: AccountId,
  now: Instant,
  limit: number,
): { due: { id: MessageId; remoteId: string }[]; next: Instant | null } {
  const account = toNumber(accountId)
  const due = db
    .all<{ message_id: number; remote_id: string }>(
      `SELECT r.message_id, m.remote_id FROM reread r JOIN message m ON m.id = r.message_id
       WHERE r.account_id = ? AND r.due_at <= ? ORDER BY r.due_at LIMIT ?`,
      account,
      now,
      limit,
    )
    .map((row) => ({ id: String(row.message_id) as MessageId, remoteId: row.remote_id }))
  const next = db.value<string>('SELECT min(due_at) FROM reread WHERE account_id = ? AND due_at > ?', account, now)
  return { due, next: next ?? null }
}
