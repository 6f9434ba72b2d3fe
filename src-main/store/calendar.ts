import type {
  CalendarPeriod,
  CalendarWord,
  CheckName,
  CheckOutcome,
  IdentityId,
  Instant,
  OutboxItem,
  OwnFreezes,
  ParliamentState,
  Voice,
} from '#shared/model/index.ts'

/** The calendar of an identity as it is stored; null and what is missing is as the program has it. */
export interface StoredCalendar {
  identityId: IdentityId
  voice: Voice
  zone: string | null
  outside: ParliamentState | null
  words: CalendarWord[] | null
  freezes: OwnFreezes
  /** By their beginning. */
  periods: CalendarPeriod[]
}

/** What was signed in a check-list: that of the change to a state at a moment. */
export interface StoredCheck {
  state: ParliamentState
  beganAt: Instant
  name: CheckName
  outcome: CheckOutcome
  by: string
  at: Instant
  reason: string
}

/** What an item of the outbox is to a check-list. */
export type WaitingItem = Pick<OutboxItem, 'content' | 'notBefore' | 'toConfirm' | 'reason'>

type Who = { identityId: IdentityId; by: string; at: Instant }
type NewPeriod = Pick<CalendarPeriod, 'state' | 'from' | 'until' | 'title'>

export interface CalendarReads {
  /** @throws `not_found` when there is no such identity. */
  calendar(identityId: IdentityId): StoredCalendar
  calendarChecks(identityId: IdentityId): StoredCheck[]
  /** Items of an identity that are queued, oldest first. */
  waitingItems(identityId: IdentityId, limit: number): WaitingItem[]
}

export interface CalendarWrites {
  /** @throws `not_found`, `calendar_full` */
  addPeriod(input: Who & NewPeriod): CalendarPeriod
  /** @throws `not_found`, `voice_mismatch` */
  removePeriod(input: Who & { id: string }): void
  /** Puts periods in the place of those that came from the same source before. `sha256` of the file, in hex. @throws `calendar_full` */
  importPeriods(input: Who & { source: string; sha256: string; periods: NewPeriod[] }): { added: number; removed: number }
  /** Sets all of it. */
  setCalendar(input: Who & Pick<StoredCalendar, 'zone' | 'outside' | 'words' | 'freezes'>): void
  /** Signs an item of a check-list, or with null takes that back. */
  setCheck(input: Who & Pick<StoredCheck, 'state' | 'beganAt' | 'name' | 'reason'> & { outcome: CheckOutcome | null }): void
}
