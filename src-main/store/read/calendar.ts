import {
  CalendarPeriod,
  CalendarWord,
  CheckName,
  CheckOutcome,
  type IdentityId,
  OwnFreezes,
  ParliamentState,
  ProblemError,
  Voice,
} from '#shared/model/index.ts'
import type { StoredCalendar, StoredCheck, WaitingItem } from '../calendar.ts'
import type { ReadDb } from '../handle.ts'
import { toNumber } from '../ids.ts'
import { findItem, toItem } from './outbox.ts'

interface PeriodRow {
  id: number
  identity_id: number
  state: string
  begins: string
  ends: string | null
  title: string
  source: string
  by: string
  at: string
}

function toPeriod({ id, identity_id, begins, ends, ...rest }: PeriodRow): CalendarPeriod {
  return CalendarPeriod.parse({ ...rest, id: String(id), identityId: String(identity_id), from: begins, until: ends })
}

const columns = 'id, identity_id, state, begins, ends, title, source, by, at'

/** A period that a call names together with its identity. @throws `not_found`, `voice_mismatch` */
export function periodOf(db: ReadDb, id: string, identityId: IdentityId): CalendarPeriod {
  const row = db.get<PeriodRow>(`SELECT ${columns} FROM calendar_period WHERE id = ?`, toNumber(id))
  if (!row) throw new ProblemError('not_found', { what: 'period', id })
  if (row.identity_id !== toNumber(identityId)) throw new ProblemError('voice_mismatch', { what: 'period' })
  return toPeriod(row)
}

export function calendar(db: ReadDb, identityId: IdentityId): StoredCalendar {
  const number = toNumber(identityId)
  const voice = db.value<string>('SELECT voice FROM identity WHERE id = ?', number)
  if (voice === undefined) throw new ProblemError('not_found', { what: 'identity', id: identityId })
  const set = db.get<{ zone: string | null; outside: string | null; words: string | null; freezes: string }>(
    'SELECT zone, outside, words, freezes FROM calendar WHERE identity_id = ?',
    number,
  )
  const periods = db.all<PeriodRow>(`SELECT ${columns} FROM calendar_period WHERE identity_id = ? ORDER BY begins, id`, number)
  return {
    identityId,
    voice: Voice.parse(voice),
    zone: set?.zone ?? null,
    outside: ParliamentState.nullable().parse(set?.outside ?? null),
    words: set?.words ? CalendarWord.array().parse(JSON.parse(set.words)) : null,
    freezes: OwnFreezes.parse(JSON.parse(set?.freezes ?? '{}')),
    periods: periods.map(toPeriod),
  }
}

export function calendarChecks(db: ReadDb, identityId: IdentityId): StoredCheck[] {
  return db
    .all<{ state: string; began_at: string; name: string; outcome: string; by: string; at: string; reason: string }>(
      'SELECT state, began_at, name, outcome, by, at, reason FROM calendar_check WHERE identity_id = ?',
      toNumber(identityId),
    )
    .map(({ began_at, state, name, outcome, ...rest }) => ({
      ...rest,
      beganAt: began_at,
      state: ParliamentState.parse(state),
      name: CheckName.parse(name),
      outcome: CheckOutcome.parse(outcome),
    }))
}

export function waitingItems(db: ReadDb, identityId: IdentityId, limit: number): WaitingItem[] {
  return db
    .column<number>(
      `SELECT id FROM outbox WHERE identity_id = ? AND state = 'queued' ORDER BY id LIMIT ?`,
      toNumber(identityId),
      limit,
    )
    .flatMap((id) => findItem(db, id) ?? [])
    .map(toItem)
}
