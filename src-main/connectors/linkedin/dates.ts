import { instantOf } from '#connectors/kit/text.ts'

/**
 * A date as LinkedIn writes it, which is in UTC whether it says so or not: `2023-05-15 14:44:30 UTC`, the same without the zone, and in
 * old exports `5/15/23, 2:44 PM` (month first).
 * @returns null for what is no date, 30 February among it.
 */
export function readDate(text: string): string | null {
  const iso = /^(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,6})?)?(?: ?(?:UTC|Z))?$/.exec(text.trim())
  if (iso) {
    const [year, month, day, hour, minute, second] = iso.slice(1).map((part) => Number(part ?? 0))
    return toInstant(year, month, day, hour, minute, second)
  }
  const old = /^(\d{1,2})\/(\d{1,2})\/(\d{2}|\d{4}),? (\d{1,2}):(\d{2})(?: ?([AP])M)?$/i.exec(text.trim())
  if (!old) return null
  const [month, day, year, hour, minute] = old.slice(1, 6).map(Number)
  if (hour === undefined || year === undefined) return null
  const half = old[6]?.toUpperCase()
  if (half !== undefined && (hour < 1 || hour > 12)) return null
  const hours = half === undefined ? hour : (hour % 12) + (half === 'P' ? 12 : 0)
  return toInstant(year < 100 ? 2000 + year : year, month, day, hours, minute, 0)
}

function toInstant(year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0): string | null {
  const date = new Date(0)
  // Set by itself: the years 0 to 99 would be taken for 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day)
  date.setUTCHours(hour, minute, second)
  const fits = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && date.getUTCHours() === hour
  return fits && minute < 60 && second < 60 ? instantOf(date.getTime()) : null
}
