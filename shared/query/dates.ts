import { wallIn } from '../time/zone.ts'

/** A stretch of time: from the first moment up to, not including, the last. ISO 8601 UTC with ms. */
export interface Moments {
  from: string
  until: string
  /** How exactly it was said. */
  unit: 'year' | 'month' | 'day'
}

const DAY_MS = 86_400_000
/** Moments beyond have five digits of year, and would not sort as text. */
const LAST = '9999-12-31T23:59:59.999Z'

/** What the clocks of a zone show at a moment, as if it were UTC, in ms since 1970 without parts of a second. */
function wallTime(at: number, timeZone: string): number {
  const { year, month, day, hour, minute, second } = wallIn(timeZone, at)
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

/** The first moment of a day in a zone: midnight, or later where the clocks jump over it. */
function dayStart(day: number, timeZone: string): number {
  // A zone changes its clocks at most once in two days; one of the two differences holds at midnight.
  const early = day - (wallTime(day - DAY_MS, timeZone) - (day - DAY_MS))
  const late = day - (wallTime(day + DAY_MS, timeZone) - (day + DAY_MS))
  const [first, second] = early < late ? [early, late] : [late, early]
  if (wallTime(first, timeZone) === day) return first
  return wallTime(second, timeZone) === day ? second : early
}

function iso(at: number): string {
  const text = new Date(at).toISOString()
  return text.startsWith('+') ? LAST : text
}

/** A day of the calendar as UTC midnight; months beyond the year's end are the next year's. */
const calendar = (year: number, month: number, day: number) => Date.UTC(year, month - 1, day)

const absolute = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/
const ago = /^(\d{1,4})([dwmy])$/

/**
 * The time that a word for it stands for: `2026`, `2026-11`, `2026-11-21`, `today`, `yesterday`, or a day so long ago:
 * `7d`, `2w`, `3m`, `2y`.
 * @param now Milliseconds since 1970.
 * @param timeZone IANA name; days begin there.
 * @returns null for what is no date, and for dates that do not exist. Years are 1000 to 9999.
 * @throws RangeError for a zone that is not known.
 */
export function momentsOf(value: string, now: number, timeZone: string): Moments | null {
  const text = value.toLowerCase()
  const between = (from: number, until: number, unit: Moments['unit']): Moments | null => {
    const year = new Date(from).getUTCFullYear()
    if (!(year >= 1000 && year <= 9999)) return null
    return { from: iso(dayStart(from, timeZone)), until: iso(dayStart(until, timeZone)), unit }
  }
  const day = (at: number) => between(at, at + DAY_MS, 'day')
  const [, year, month, date] = absolute.exec(text) ?? []
  if (year !== undefined) {
    const y = Number(year)
    // The first hundred would be read as 1900 to 1999.
    if (y < 1000) return null
    if (month === undefined) return between(calendar(y, 1, 1), calendar(y + 1, 1, 1), 'year')
    const m = Number(month)
    if (m < 1 || m > 12) return null
    if (date === undefined) return between(calendar(y, m, 1), calendar(y, m + 1, 1), 'month')
    const at = calendar(y, m, Number(date))
    return new Date(at).getUTCDate() === Number(date) ? day(at) : null
  }
  const wall = wallTime(now, timeZone)
  const today = wall - (((wall % DAY_MS) + DAY_MS) % DAY_MS)
  if (text === 'today') return day(today)
  if (text === 'yesterday') return day(today - DAY_MS)
  const [, count, unit] = ago.exec(text) ?? []
  if (count === undefined) return null
  const n = Number(count)
  if (unit === 'd') return day(today - n * DAY_MS)
  if (unit === 'w') return day(today - n * 7 * DAY_MS)
  return day(monthsBefore(today, unit === 'm' ? n : n * 12))
}

/** The same day of an earlier month, or that month's last day where it is shorter. */
function monthsBefore(today: number, months: number): number {
  const at = new Date(today)
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth() + 1 - months]
  const last = new Date(calendar(year, month + 1, 0)).getUTCDate()
  return calendar(year, month, Math.min(at.getUTCDate(), last))
}

/** Whether more letters may make a date of it. */
export function beginsDate(value: string): boolean {
  const text = value.toLowerCase()
  return /^\d{0,4}$|^\d{4}-(?:\d|\d{2}-\d?)?$/.test(text) || ['today', 'yesterday'].some((word) => word.startsWith(text))
}
