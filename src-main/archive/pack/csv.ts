/** A byte order mark, so that spreadsheets read UTF-8 as what it is. */
export const csvStart = '\ufeff'

/** Ways to begin a cell that spreadsheets take for a formula, which whoever wrote a message could have put there. */
const formula = /^[=+\-@\t\r]/
const needsQuotes = /[",\r\n]/
/** Either of them, so that most cells are looked at once. */
const special = /^[=+\-@\t]|[",\r\n]/
/** No spreadsheet takes more in one cell (32,767). */
const LONGEST = 32_000

/**
 * One line of RFC 4180. A text that a spreadsheet would run as a formula gets an apostrophe before it; numbers stay numbers.
 */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}

/** One cell of a line. */
export function csvCell(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const short = value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value
  if (!special.test(short)) return short
  const safe = formula.test(short) ? `'${short}` : short
  return needsQuotes.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
