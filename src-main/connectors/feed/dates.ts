const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** Hours from UTC of the zones that RFC 822 section 5 names and those that European and American feeds use beside them. */
const ZONES: Record<string, number> = {
  ut: 0,
  utc: 0,
  gmt: 0,
  z: 0,
  wet: 0,
  west: 1,
  bst: 1,
  ist: 1,
  cet: 1,
  cest: 2,
  eet: 2,
  eest: 3,
  msk: 3,
  est: -5,
  edt: -4,
  cst: -6,
  cdt: -5,
  mst: -7,
  mdt: -6,
  pst: -8,
  pdt: -7,
}

const MAIL_DATE =
  /^(?:\p{L}+\.?,?\s+)?(\d{1,2})[\s-]+([a-z]{3})[a-z]*\.?[\s-]+(\d{2}|\d{4})(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?\s*(?:(?:GMT|UTC)?([+-])(\d{2}):?(\d{2})|([a-z]{1,5}))?\s*$/iu
const ISO_DATE =
  /^(\d{4})(?:-?(\d{2})(?:-?(\d{2})(?:[T\s]+(\d{2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?\s*(?:(Z)|([+-])(\d{2}):?(\d{2})?)?)?)?)?$/i

/**
 * Reads a feed's date: RFC 822 / 2822 (RSS), RFC 3339 and the W3C date and time note (Atom, Dublin Core, JSON Feed), with
 * the liberties that feeds take. Without a zone it is UTC.
 * @returns milliseconds since 1970, or null when it is no date.
 */
export function parseDate(text: string | undefined): number | null {
  const trimmed = text?.trim().slice(0, 100) ?? ''
  const iso = ISO_DATE.exec(trimmed)
  if (iso) {
    const [, year, month, day, hour, minute, second, fraction, , sign, zoneHour, zoneMinute] = iso
    return utc(
      [Number(year), Number(month ?? 1), Number(day ?? 1), Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0)],
      Math.round(Number(`0.${fraction ?? 0}`) * 1000),
      offsetMinutes(sign, zoneHour, zoneMinute),
    )
  }
  const mail = MAIL_DATE.exec(trimmed)
  if (!mail) return null
  const [, day, name = '', year = '', hour, minute, second, sign, zoneHour, zoneMinute, zone] = mail
  const month = MONTHS.indexOf(name.toLowerCase()) + 1
  if (month === 0) return null
  const offset = zone === undefined ? offsetMinutes(sign, zoneHour, zoneMinute) : (ZONES[zone.toLowerCase()] ?? 0) * 60
  return utc([fullYear(year), month, Number(day), Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0)], 0, offset)
}

function offsetMinutes(sign: string | undefined, hour: string | undefined, minute: string | undefined): number {
  return (sign === '-' ? -1 : 1) * (Number(hour ?? 0) * 60 + Number(minute ?? 0))
}

/** Two digits mean 1950 to 2049 (RFC 2822 section 4.3). */
function fullYear(text: string): number {
  if (text.length === 4) return Number(text)
  return Number(text) + (Number(text) < 50 ? 2000 : 1900)
}

function utc(
  [year, month, day, hour, minute, second]: [number, number, number, number, number, number],
  ms: number,
  offset: number,
): number | null {
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  // The 31st of February and 25 o'clock are mistakes, not other days; a leap second is the next one.
  if (
    date.getUTCMonth() !== month - 1 ||
    date.getUTCDate() !== day ||
    hour > 24 ||
    minute > 59 ||
    second > 60 ||
    Math.abs(offset) > 24 * 60
  )
    return null
  date.setUTCHours(hour, minute, second, ms)
  return date.getTime() - offset * 60_000
}
