/** Days on which something recurs (RFC 5545, 3.3.10), found by trying each day: however odd a rule is, that comes to an end. */

export interface Rule {
  frequency: 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY'
  interval: number
  count: number | null
  /** As it is written: a day, or a moment. */
  until: string | null
  months: number[]
  monthDays: number[]
  /** `ordinal` 0: every one. `day`: 0 is Sunday. */
  days: { ordinal: number; day: number }[]
  weekStart: number
}

const names = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA']
const DAY_MS = 86_400_000

const numbers = (text: string, most: number, negative: boolean): number[] =>
  text.split(',').map((one) => {
    const value = Number(one)
    if (!/^[+-]?[0-9]{1,3}$/.test(one) || value === 0 || Math.abs(value) > most || (value < 0 && !negative))
      throw new RangeError(`${one} does not fit`)
    return value
  })

function dayOf(text: string): Rule['days'][number] {
  const found = /^([+-]?[0-9]{1,2})?(SU|MO|TU|WE|TH|FR|SA)$/.exec(text)
  const ordinal = Number(found?.[1] ?? 0)
  if (!found || Math.abs(ordinal) > 53) throw new RangeError(`${text} does not fit`)
  return { ordinal, day: names.indexOf(found[2] ?? '') }
}

function setFrequency(rule: Rule, value: string): void {
  if (value !== 'DAILY' && value !== 'WEEKLY' && value !== 'MONTHLY' && value !== 'YEARLY')
    throw new RangeError(`what recurs ${value} is not known`)
  rule.frequency = value
}

function countOf(value: string): number {
  if (!/^[0-9]{1,5}$/.test(value) || Number(value) === 0) throw new RangeError(`${value} does not fit`)
  return Number(value)
}

/** Reads a rule. @throws RangeError with what is wrong, also for what this program does not know. */
export function readRule(text: string): Rule {
  const rule: Rule = {
    frequency: 'DAILY',
    interval: 1,
    count: null,
    until: null,
    months: [],
    monthDays: [],
    days: [],
    weekStart: 1,
  }
  const read = new Map<string, (value: string) => void>([
    ['FREQ', (value) => setFrequency(rule, value)],
    ['INTERVAL', (value) => Object.assign(rule, { interval: numbers(value, 999, false)[0] })],
    ['COUNT', (value) => Object.assign(rule, { count: countOf(value) })],
    ['UNTIL', (value) => Object.assign(rule, { until: value })],
    ['BYMONTH', (value) => Object.assign(rule, { months: numbers(value, 12, false) })],
    ['BYMONTHDAY', (value) => Object.assign(rule, { monthDays: numbers(value, 31, true) })],
    ['BYDAY', (value) => Object.assign(rule, { days: value.split(',').map(dayOf) })],
    ['WKST', (value) => Object.assign(rule, { weekStart: dayOf(value).day })],
  ])
  const parts = text.toUpperCase().split(';')
  if (!parts.some((part) => part.startsWith('FREQ='))) throw new RangeError('the rule does not say how often')
  for (const part of parts) {
    const [name = '', value = ''] = part.split('=')
    const take = read.get(name)
    if (!take) throw new RangeError(`${name} in a rule is not known`)
    take(value)
  }
  if (rule.days.some(({ ordinal }) => ordinal !== 0) && (rule.frequency === 'DAILY' || rule.frequency === 'WEEKLY'))
    throw new RangeError('a rule by day or week counts no weekdays')
  return rule
}

const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
const weekOf = (day: number, start: number): number => Math.floor((day + 4 - start) / 7)

/** Whether a day is the nth of its weekday, of so many days. */
function isNth(index: number, length: number, ordinal: number): boolean {
  return ordinal > 0 ? Math.ceil(index / 7) === ordinal : Math.ceil((length - index + 1) / 7) === -ordinal
}

/** @param day, first Days since 1970. */
function falls(rule: Rule, day: number, first: number): boolean {
  const date = new Date(day * DAY_MS)
  const start = new Date(first * DAY_MS)
  const [year, month, monthDay] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
  const years = year - start.getUTCFullYear()
  const steps = {
    DAILY: day - first,
    WEEKLY: weekOf(day, rule.weekStart) - weekOf(first, rule.weekStart),
    MONTHLY: years * 12 + month - start.getUTCMonth(),
    YEARLY: years,
  }[rule.frequency]
  if (steps % rule.interval !== 0) return false
  if (rule.months.length > 0 && !rule.months.includes(month + 1)) return false
  const length = daysIn(year, month)
  if (rule.monthDays.length > 0 && !rule.monthDays.some((one) => (one > 0 ? one : length + 1 + one) === monthDay)) return false
  const yearly = rule.frequency === 'YEARLY' && rule.months.length === 0
  const yearDay = Math.floor((day * DAY_MS - Date.UTC(year, 0, 1)) / DAY_MS) + 1
  const yearLength = daysIn(year, 1) === 29 ? 366 : 365
  const onDay = ({ ordinal, day: weekday }: Rule['days'][number]): boolean =>
    date.getUTCDay() === weekday &&
    (ordinal === 0 || (yearly ? isNth(yearDay, yearLength, ordinal) : isNth(monthDay, length, ordinal)))
  if (rule.days.length > 0) return rule.days.some(onDay)
  return rule.monthDays.length > 0 || sameAsStart(rule, date, start)
}

/** What a rule leaves open is as on the first day. */
function sameAsStart({ frequency, months }: Rule, date: Date, start: Date): boolean {
  if (frequency === 'DAILY') return true
  if (frequency === 'WEEKLY') return date.getUTCDay() === start.getUTCDay()
  if (date.getUTCDate() !== start.getUTCDate()) return false
  return frequency === 'MONTHLY' || months.length > 0 || date.getUTCMonth() === start.getUTCMonth()
}

/**
 * The days of a rule, as days since 1970: the first one counts whatever the rule says.
 * @param last Nothing after it. @param walk Called for each day that is tried, so that a file with many rules can be given up.
 */
export function* daysOf(rule: Rule, first: number, last: number, walk: () => void): Generator<number, void, undefined> {
  let left = rule.count ?? Number.POSITIVE_INFINITY
  for (let day = first; day <= last && left > 0; day++) {
    walk()
    if (day !== first && !falls(rule, day, first)) continue
    left--
    yield day
  }
}
