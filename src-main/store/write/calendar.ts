import { type CalendarPeriod, type Instant, MOST_PERIODS, ProblemError } from '#shared/model/index.ts'
import type { CalendarWrites } from '../calendar.ts'
import type { WriteDb } from '../handle.ts'
import { toNumber } from '../ids.ts'
import { periodOf } from '../read/calendar.ts'
import { enterPolicy, identityOf, lastId } from './policy.ts'

type Input<Name extends keyof CalendarWrites> = Parameters<CalendarWrites[Name]>[0]

/** @throws `calendar_full` */
function insert(
  db: WriteDb,
  identity: number,
  period: Pick<CalendarPeriod, 'state' | 'from' | 'until' | 'title' | 'source' | 'by'> & { at: Instant },
): number {
  const { state, from, until, title, source, by, at } = period
  if (until !== null && until <= from) throw new ProblemError('bad_request', { detail: 'a period ends after it begins' })
  const there = db.value<number>('SELECT count(*) FROM calendar_period WHERE identity_id = ?', identity) ?? 0
  if (there >= MOST_PERIODS) throw new ProblemError('calendar_full', { limit: MOST_PERIODS })
  db.run(
    'INSERT INTO calendar_period (identity_id, state, begins, ends, title, source, by, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    identity,
    state,
    from,
    until,
    title,
    source,
    by,
    at,
  )
  return lastId(db)
}

export function addPeriod(db: WriteDb, input: Input<'addPeriod'>): CalendarPeriod {
  const { identityId, by, at, state, from, until, title } = input
  const identity = identityOf(db, identityId)
  const id = String(insert(db, identity, { ...input, source: '' }))
  enterPolicy(db, identity, { at, by, what: 'calendar' }, { action: 'added', from, period: id, state, title, until })
  return periodOf(db, id, identityId)
}

export function removePeriod(db: WriteDb, { id, identityId, by, at }: Input<'removePeriod'>): void {
  const { state, from, until, title } = periodOf(db, id, identityId)
  db.run('DELETE FROM calendar_period WHERE id = ?', toNumber(id))
  const said = { action: 'removed', from, period: id, state, title, until }
  enterPolicy(db, toNumber(identityId), { at, by, what: 'calendar' }, said)
}

export function importPeriods(db: WriteDb, input: Input<'importPeriods'>): ReturnType<CalendarWrites['importPeriods']> {
  const { identityId, by, at, source, sha256, periods } = input
  const identity = identityOf(db, identityId)
  const removed = db.run('DELETE FROM calendar_period WHERE identity_id = ? AND source = ?', identity, source)
  for (const period of periods) insert(db, identity, { ...period, source, by, at })
  const said = { action: 'imported', added: periods.length, removed, sha256, source }
  enterPolicy(db, identity, { at, by, what: 'calendar' }, said)
  return { added: periods.length, removed }
}

export function setCalendar(db: WriteDb, input: Input<'setCalendar'>): void {
  const { identityId, by, at, zone, outside, words, freezes } = input
  const identity = identityOf(db, identityId)
  db.run(
    `INSERT INTO calendar (identity_id, zone, outside, words, freezes) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET zone = excluded.zone, outside = excluded.outside, words = excluded.words, freezes = excluded.freezes`,
    identity,
    zone,
    outside,
    words === null ? null : JSON.stringify(words),
    JSON.stringify(freezes),
  )
  const said = { action: 'set', freezes: { ...freezes }, outside, words: words?.map((word) => ({ ...word })) ?? null, zone }
  enterPolicy(db, identity, { at, by, what: 'calendar' }, said)
}

export function setCheck(db: WriteDb, input: Input<'setCheck'>): void {
  const { identityId, by, at, state, beganAt, name, outcome, reason } = input
  const identity = identityOf(db, identityId)
  const gone = db.run(
    'DELETE FROM calendar_check WHERE identity_id = ? AND state = ? AND began_at = ? AND name = ?',
    identity,
    state,
    beganAt,
    name,
  )
  if (outcome === null && gone === 0) return
  if (outcome !== null)
    db.run(
      'INSERT INTO calendar_check (identity_id, state, began_at, name, outcome, by, at, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      identity,
      state,
      beganAt,
      name,
      outcome,
      by,
      at,
      reason,
    )
  const said = { action: outcome ?? 'undone', beganAt, item: name, reason, state }
  enterPolicy(db, identity, { at, by, what: 'calendar.check' }, said)
}
