/** Times of the clock on the wall in a named time zone (IANA), by the data that the platform has of them. */

/** A moment as the clock on the wall shows it. `month` from 1. */
export interface Wall {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
}

const DAY_MS = 86_400_000
const formats = new Map<string, Intl.DateTimeFormat>()

/** @throws RangeError when there is no such zone. */
function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formats.set(zone, format)
  }
  return format
}

/** Whether the platform knows a time zone by that name. */
export function isZone(zone: string): boolean {
  try {
    formatOf(zone)
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/** What the clock on the wall shows in a zone. @param at Ms since 1970. @throws RangeError when there is no such zone. */
export function wallIn(zone: string, at: number): Wall {
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const part = (name: string): number => parts[name] ?? 0
  return {
    year: part('year'),
    month: part('month'),
    day: part('day'),
    hour: part('hour'),
    minute: part('minute'),
    second: part('second'),
  }
}

const utcOf = ({ year, month, day, hour, minute, second }: Wall): number => Date.UTC(year, month - 1, day, hour, minute, second)

/** How far the clock on the wall is ahead of UTC, in ms. */
const aheadOf = (zone: string, at: number): number => utcOf(wallIn(zone, at)) - Math.floor(at / 1000) * 1000

/**
 * The moment at which the clock on the wall shows that. Where it does so twice, the first time; where it never does, as if the clock had
 * not been moved yet (RFC 5545, 3.3.5).
 * @returns ms since 1970. @throws RangeError when there is no such zone.
 */
export function instantIn(zone: string, wall: Wall): number {
  const utc = utcOf(wall)
  const before = utc - aheadOf(zone, utc - DAY_MS)
  const after = utc - aheadOf(zone, utc + DAY_MS)
  const shows = (at: number): boolean => utcOf(wallIn(zone, at)) === utc
  return shows(before) || !shows(after) ? before : after
}

/** The moment at which a day begins in a zone. @param day `2026-01-31`. @returns ISO 8601 UTC, or null for what is no day. */
export function dayStart(zone: string, day: string): string | null {
  const found = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(day)
  if (!found) return null
  const [year, month, date] = [Number(found[1]), Number(found[2]), Number(found[3])]
  const plain = new Date(Date.UTC(year, month - 1, date))
  if (year < 1000 || plain.getUTCMonth() !== month - 1 || plain.getUTCDate() !== date) return null
  return new Date(instantIn(zone, { year, month, day: date, hour: 0, minute: 0, second: 0 })).toISOString()
}

/** The day after one, as `2026-01-31`. */
export function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10)
}
