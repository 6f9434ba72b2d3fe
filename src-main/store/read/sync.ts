import type { AccountId, Direction, Instant, MessageId } from '#shared/model/index.ts'
import { Forgotten } from '../forgotten.ts'
import type { ReadDb } from '../handle.ts'
import { firstId, toNumber } from '../ids.ts'
import type { PendingAct, SourceOf } from '../store.ts'
import { source } from './records.ts'

export function cursor(db: ReadDb, accountId: AccountId, stream: string): string | null {
  return db.value<string>('SELECT cursor FROM stream WHERE account_id = ? AND name = ?', toNumber(accountId), stream) ?? null
}

export function known(
  db: ReadDb,
  accountId: AccountId,
  stream: string,
): { place: string; remoteId: string; read: boolean; answered: boolean }[] {
  // What was disposed of is known by its place only, so that it is not asked for again.
  return db
    .all<{ place: string; remote_id: string; is_read: number; answered: number }>(
      `SELECT p.place, m.remote_id, p.is_read, p.answered FROM place p JOIN message m ON m.id = p.message_id
       WHERE p.account_id = ? AND p.stream = ?
       UNION ALL SELECT place, '', 1, 0 FROM forgotten_place WHERE account_id = ? AND stream = ?`,
      toNumber(accountId),
      stream,
      toNumber(accountId),
      stream,
    )
    .map((row) => ({ place: row.place, remoteId: row.remote_id, read: row.is_read === 1, answered: row.answered === 1 }))
}

/** Those of the remote ids that are there, or were disposed of and must not come again. */
export function has(db: ReadDb, accountId: AccountId, remoteIds: string[]): string[] {
  const account = toNumber(accountId)
  const forgotten = new Forgotten(db, account)
  return remoteIds.filter(
    (id) =>
      db.value('SELECT 1 FROM message WHERE account_id = ? AND remote_id = ?', account, id) === 1 || forgotten.has(id, null),
  )
}

export function pendingActs(db: ReadDb, accountId: AccountId, limit: number): PendingAct[] {
  return db
    .all<{ id: number; kind: PendingAct['kind']; message_id: number; turn_on: number; tries: number; remote_id: string }>(
      `SELECT a.id, a.kind, a.message_id, a.turn_on, a.tries, m.remote_id FROM pending_act a JOIN message m ON m.id = a.message_id
       WHERE a.account_id = ? ORDER BY a.id LIMIT ?`,
      toNumber(accountId),
      limit,
    )
    .map((row) => ({
      id: row.id,
      kind: row.kind,
      messageId: String(row.message_id) as MessageId,
      remoteId: row.remote_id,
      places: db.column<string>('SELECT place FROM place WHERE message_id = ?', row.message_id),
      on: row.turn_on === 1,
      tries: row.tries,
    }))
}

export function sourceOf(db: ReadDb, accountId: AccountId, remoteId: string): SourceOf | null {
  const row = db.get<{ id: number; direction: Direction }>(
    'SELECT id, direction FROM message WHERE account_id = ? AND remote_id = ?',
    toNumber(accountId),
    remoteId,
  )
  const found = row && source(db, String(row.id) as MessageId)
  if (!row || !found) return null
  return {
    remoteId,
    direction: row.direction,
    places: db.column<string>('SELECT place FROM place WHERE message_id = ? ORDER BY place', row.id),
    raw: found.raw,
    mediaType: found.mediaType,
  }
}

const dayMs = 86_400_000

/** Messages of the account per day of the last 28 days up to `now`, oldest day first. */
export function arrivals(db: ReadDb, accountId: AccountId, now: Instant): number[] {
  const account = toNumber(accountId)
  const end = Date.parse(now)
  return Array.from({ length: 28 }, (_, index) => {
    const from = new Date(end - (28 - index) * dayMs).toISOString()
    const to = new Date(end - (27 - index) * dayMs).toISOString()
    return (
      db.value<number>(
        'SELECT count(*) FROM message INDEXED BY message_account WHERE account_id = ? AND id >= ? AND id < ?',
        account,
        firstId(from),
        firstId(to),
      ) ?? 0
    )
  })
}
