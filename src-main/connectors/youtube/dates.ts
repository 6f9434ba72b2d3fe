import { instantOf } from '#connectors/kit/text.ts'

/**
 * A time of a Takeout table or page: ISO 8601 with up to microseconds, or `2019-08-24 12:43:19 UTC`. What names no zone is UTC.
 * @returns null for what is no date, 30 February among it.
 */
export function readTime(text: string): string | null {
  const found =
    /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?: ?(?:UTC|Z)|([+-])(\d{2}):?(\d{2}))?$/.exec(
      text.trim(),
    )
  if (!found) return null
  const [, year, month, day, hour, minute, second, fraction = '', sign, zoneHour, zoneMinute] = found
  const zone = sign === undefined ? 'Z' : `${sign}${zoneHour}:${zoneMinute}`
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, '0')}`
  // `Date` takes 30 February for 2 March.
  const day0 = new Date(`${year}-${month}-${day}T00:00:00.000Z`)
  if (Number.isNaN(day0.getTime()) || day0.getUTCDate() !== Number(day)) return null
  return instantOf(Date.parse(`${iso}${zone}`))
}
