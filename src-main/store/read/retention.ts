import type { Disposal, DisposalItem, Due } from '#shared/contract/index.ts'
import { Hold, type HoldOn, type IdentityId, type Instant, type MessageId, ProblemError, Schedule } from '#shared/model/index.ts'
import type { ReadDb } from '../handle.ts'
import { toNumber } from '../ids.ts'
import type { Removed } from '../retention.ts'

/**
 * The first hold that keeps message `m`, as an SQL expression over the tables `message m` and `account a`. A hold on a person keeps
 * what they wrote and what went to them.
 */
export const holdOfMessage = `(
  SELECT h.id FROM hold h WHERE h.identity_id = m.identity_id AND h.lifted_at IS NULL AND (
    h.scope = 'identity'
    OR (h.scope = 'account' AND h.account_id = m.account_id)
    OR (h.scope = 'conversation' AND h.conversation_id = m.conversation_id)
    OR (h.scope = 'person' AND (
      EXISTS (SELECT 1 FROM handle x WHERE x.identity_id = m.identity_id AND x.network = a.network AND x.handle = h.handle AND x.person_id = m.person_id)
      OR EXISTS (SELECT 1 FROM json_each(m.recipients) l, json_each(l.value) r WHERE lower(trim(r.value ->> 1)) = h.handle))))
  ORDER BY h.id LIMIT 1)`

/** The hold that keeps a message, or null. */
export function heldBy(db: ReadDb, messageId: number): number | null {
  const sql = `SELECT ${holdOfMessage} FROM message m JOIN account a ON a.id = m.account_id WHERE m.id = ?`
  return db.value<number | null>(sql, messageId) ?? null
}

interface HoldRow {
  id: number
  identity_id: number
  scope: HoldOn['scope']
  account_id: number | null
  conversation_id: number | null
  handle: string | null
  reason: string
  set_by: string
  set_at: string
  lifted_by: string | null
  lifted_at: string | null
  lifted_reason: string | null
}

function toHold(row: HoldRow): Hold {
  const on = {
    identity: { scope: 'identity' },
    account: { scope: 'account', accountId: String(row.account_id) },
    conversation: { scope: 'conversation', conversationId: String(row.conversation_id ?? 0) },
    person: { scope: 'person', handle: row.handle },
  }[row.scope]
  const { lifted_by: by, lifted_at: at, lifted_reason: reason } = row
  return Hold.parse({
    id: String(row.id),
    identityId: String(row.identity_id),
    on,
    reason: row.reason,
    by: row.set_by,
    at: row.set_at,
    lifted: at === null ? null : { by, at, reason },
  })
}

export function holds(db: ReadDb, identityId: IdentityId, lifted: boolean): Hold[] {
  const sql = `SELECT * FROM hold WHERE identity_id = ? ${lifted ? '' : 'AND lifted_at IS NULL'} ORDER BY id`
  return db.all<HoldRow>(sql, toNumber(identityId)).map(toHold)
}

interface ScheduleRow {
  id: number
  identity_id: number
  network: string | null
  kind: string | null
  label_id: number | null
  days: number
  set_by: string
  set_at: string
}

export function schedules(db: ReadDb, identityId: IdentityId): Schedule[] {
  return db
    .all<ScheduleRow>('SELECT * FROM schedule WHERE identity_id = ? ORDER BY id', toNumber(identityId))
    .map(({ id, identity_id, network, kind, label_id, days, set_by, set_at }) =>
      Schedule.parse({
        id: String(id),
        identityId: String(identity_id),
        network,
        kind,
        labelId: label_id === null ? null : String(label_id),
        days,
        by: set_by,
        at: set_at,
      }),
    )
}

/**
 * Of the schedule that counts for message `m`, as an SQL expression over `message m` and `account a`: the one that names most, a label
 * more than a kind, a kind more than a network; of those alike, the one that keeps longest.
 */
const scheduleOf = (column: 'id' | 'days') => `(
  SELECT s.${column} FROM schedule s WHERE s.identity_id = m.identity_id AND (s.network IS NULL OR s.network = a.network)
    AND (s.kind IS NULL OR s.kind = m.kind)
    AND (s.label_id IS NULL OR EXISTS (
      SELECT 1 FROM conversation_label l WHERE l.conversation_id = m.conversation_id AND l.label_id = s.label_id))
  ORDER BY (s.label_id IS NOT NULL) * 4 + (s.kind IS NOT NULL) * 2 + (s.network IS NOT NULL) DESC, s.days DESC, s.id LIMIT 1)`

/** Messages that the schedule that counts says are kept no longer. Takes the time now. */
export const timeIsUp = `
  (SELECT max(q.captured_at) FROM record r JOIN request q ON q.id = r.request_id WHERE r.message_id = m.id)
  < strftime('%Y-%m-%dT%H:%M:%fZ', ?, '-' || ${scheduleOf('days')} || ' days')`

/** Messages that no disposal takes already. */
export const notDecided = `NOT EXISTS (SELECT 1 FROM disposal_item i JOIN disposal d ON d.id = i.disposal_id
  WHERE i.message_id = m.id AND i.hold_id IS NULL AND d.state IN ('approved', 'running'))`

export function disposable(db: ReadDb, identityId: IdentityId, now: Instant): Due {
  const found = db.all<{ schedule: number; going: number; kept: number }>(
    `SELECT schedule, count(*) FILTER (WHERE hold IS NULL) AS going, count(hold) AS kept FROM (
       SELECT ${scheduleOf('id')} AS schedule, ${holdOfMessage} AS hold FROM message m JOIN account a ON a.id = m.account_id
       WHERE m.identity_id = ? AND ${timeIsUp} AND ${notDecided})
     GROUP BY schedule ORDER BY schedule`,
    toNumber(identityId),
    now,
  )
  return {
    schedules: found.map(({ schedule, going, kept }) => ({ schedule: String(schedule), going, kept })),
    going: found.reduce((sum, { going }) => sum + going, 0),
    kept: found.reduce((sum, { kept }) => sum + kept, 0),
  }
}

interface DisposalRow {
  id: number
  identity_id: number
  cause: Disposal['cause']
  state: Disposal['state']
  rule: string
  handle: string | null
  reason: string
  proposed_by: string
  proposed_at: string
  due_at: string
  approved_by: string | null
  approved_at: string | null
  withdrawn_by: string | null
  withdrawn_at: string | null
  done_at: string | null
}

const disposalColumns = `id, identity_id, cause, state, rule, handle, reason, proposed_by, proposed_at, due_at, approved_by, approved_at,
  withdrawn_by, withdrawn_at, done_at`

function toDisposal(db: ReadDb, row: DisposalRow): Disposal {
  const counts = db.all<{ hold_id: number | null; messages: number; gone: number }>(
    'SELECT hold_id, count(*) AS messages, sum(gone) AS gone FROM disposal_item WHERE disposal_id = ? GROUP BY hold_id ORDER BY hold_id',
    row.id,
  )
  const going = counts.find(({ hold_id }) => hold_id === null)
  const kept = counts.flatMap(({ hold_id, messages }) => (hold_id === null ? [] : [{ hold: String(hold_id), messages }]))
  const someone = (by: string | null, at: string | null) => (by === null || at === null ? null : { by, at })
  return {
    id: String(row.id),
    identityId: String(row.identity_id) as IdentityId,
    cause: row.cause,
    state: row.state,
    rule: row.rule,
    handle: row.handle,
    reason: row.reason,
    proposed: { by: row.proposed_by, at: row.proposed_at },
    dueAt: row.due_at,
    approved: someone(row.approved_by, row.approved_at),
    withdrawn: someone(row.withdrawn_by, row.withdrawn_at),
    doneAt: row.done_at,
    going: going?.messages ?? 0,
    gone: going?.gone ?? 0,
    kept: kept.reduce((sum, { messages }) => sum + messages, 0),
    holds: kept,
  }
}

export function disposals(db: ReadDb, identityId: IdentityId): Disposal[] {
  return db
    .all<DisposalRow & object>(
      `SELECT ${disposalColumns} FROM disposal WHERE identity_id = ? ORDER BY id DESC`,
      toNumber(identityId),
    )
    .map((row) => toDisposal(db, row))
}

export function disposal(db: ReadDb, identityId: IdentityId, id: string): Disposal {
  const row = db.get<DisposalRow & object>(`SELECT ${disposalColumns} FROM disposal WHERE id = ?`, toNumber(id as MessageId))
  if (!row) throw new ProblemError('not_found', { what: 'disposal', id })
  if (row.identity_id !== toNumber(identityId)) throw new ProblemError('voice_mismatch', { what: 'disposal' })
  return toDisposal(db, row)
}

export function disposalItems(
  db: ReadDb,
  identityId: IdentityId,
  id: string,
  after: MessageId | null,
  limit: number,
): DisposalItem[] {
  const found = disposal(db, identityId, id)
  return db
    .all<{ message_id: number; hold_id: number | null; gone: number }>(
      'SELECT message_id, hold_id, gone FROM disposal_item WHERE disposal_id = ? AND message_id > ? ORDER BY message_id LIMIT ?',
      Number(found.id),
      after === null ? -1 : toNumber(after),
      limit,
    )
    .map(({ message_id, hold_id, gone }) => ({
      messageId: String(message_id) as MessageId,
      hold: hold_id === null ? null : String(hold_id),
      gone: gone === 1,
    }))
}

export function certificate(db: ReadDb, identityId: IdentityId, id: string): string | null {
  const found = disposal(db, identityId, id)
  return db.value<string | null>('SELECT certificate FROM disposal WHERE id = ?', Number(found.id)) ?? null
}

export function disposalsDue(db: ReadDb, now: Instant): { id: string; identityId: IdentityId }[] {
  return db
    .all<{ id: number; identity_id: number }>(
      "SELECT id, identity_id FROM disposal WHERE state IN ('running', 'removed') OR (state = 'approved' AND due_at <= ?) ORDER BY id",
      now,
    )
    .map(({ id, identity_id }) => ({ id: String(id), identityId: String(identity_id) as IdentityId }))
}

export function removed(db: ReadDb, identityId: IdentityId, id: string): Removed {
  const found = disposal(db, identityId, id)
  const number = Number(found.id)
  return {
    disposal: found,
    entries: db.column<number>(
      'SELECT seq FROM disposed WHERE identity_id = ? AND disposal_id = ? ORDER BY seq',
      toNumber(identityId),
      number,
    ),
    kept: found.holds.map(({ hold }) => ({
      hold,
      entries: db.column<number>(
        `SELECT r.seq FROM disposal_item i JOIN record r ON r.message_id = i.message_id
         WHERE i.disposal_id = ? AND i.hold_id = ? ORDER BY r.seq`,
        number,
        Number(hold),
      ),
    })),
    backups: db
      .all<{ file: string; made_at: string }>('SELECT file, made_at FROM backup_made ORDER BY id')
      .map(({ file, made_at }) => ({ file, madeAt: made_at })),
  }
}
