import { MOST_PERIODS, type ParliamentState, ProblemError } from '#shared/model/index.ts'
import { instantIn, isZone, type Wall } from '#shared/time/index.ts'
import { type Component, invalid, type Property, readComponents, textOf, textsOf } from './lines.ts'
import { daysOf, type Rule, readRule } from './recur.ts'

/** Events of one file: ten years of one a day are fewer. */
export const MOST_EVENTS = 5000
/** Days that are tried for all rules of a file. */
const MOST_WALKED = 2_000_000
const DAY_MS = 86_400_000

/** A period as a calendar has it. Times in ISO 8601 UTC. */
export interface ReadPeriod {
  state: ParliamentState
  from: string
  until: string
  title: string
}

export interface ReadCalendar {
  periods: ReadPeriod[]
  /** Events that mean nothing by the office's words, or were cancelled. */
  ignored: number
}

export interface ReadOptions {
  /** The file's name or its address, for what is said of it. */
  source: string
  /** IANA name: of whole days, and of times that name no zone. */
  zone: string
  /** What an event means by its title and categories. */
  meaning: (texts: readonly string[]) => ParliamentState | null
  /** What recurs is followed from then on and until then, in ms since 1970. */
  since: number
  horizon: number
}

/** A date, or a date with a time, as it is written. */
interface Stamp {
  wall: Wall
  whole: boolean
  zone: string
}

/**
 * Reads an iCalendar file (RFC 5545): strictly, for half a calendar is worse than none.
 * @throws `calendar_invalid` with the line, `calendar_zone` for a time zone that nobody knows, `calendar_too_many`
 */
export function readCalendar(text: string, options: ReadOptions): ReadCalendar {
  return new Reader(readComponents(text, options.source), options).read()
}

class Reader {
  private readonly calendar: Component
  private readonly options: ReadOptions
  private walked = 0

  constructor(calendar: Component, options: ReadOptions) {
    this.calendar = calendar
    this.options = options
  }

  read(): ReadCalendar {
    const { source, meaning } = this.options
    const events = this.calendar.components.filter(({ name }) => name === 'VEVENT')
    if (events.length > MOST_EVENTS) throw new ProblemError('calendar_too_many', { source, limit: MOST_EVENTS })
    const moved = this.moved(events)
    const periods: ReadPeriod[] = []
    let ignored = 0
    for (const event of events) {
      const title = textOf(find(event, 'SUMMARY')?.value ?? '')
        .replace(/[\p{Cc}\s]+/gu, ' ')
        .trim()
      const categories = event.properties.filter(({ name }) => name === 'CATEGORIES').flatMap(({ value }) => textsOf(value))
      const state = meaning([title, ...categories])
      if (state === null || find(event, 'STATUS')?.value.trim().toUpperCase() === 'CANCELLED') ignored++
      else
        for (const { from, until } of this.times(event, moved)) {
          if (periods.length >= MOST_PERIODS) throw new ProblemError('calendar_too_many', { source, limit: MOST_PERIODS })
          periods.push({ state, title: title.slice(0, 200).trim(), from: iso(from), until: iso(until) })
        }
    }
    return { periods: once(periods), ignored }
  }

  /** Times of what recurs that another event of the file takes the place of, by `uid moment`. */
  private moved(events: readonly Component[]): Set<string> {
    const found = new Set<string>()
    for (const event of events) {
      const instead = find(event, 'RECURRENCE-ID')
      if (instead) found.add(`${uidOf(event)} ${this.moment(this.stamp(instead, instead.value))}`)
    }
    return found
  }

  private times(event: Component, moved: ReadonlySet<string>): { from: number; until: number }[] {
    const { source } = this.options
    const begin = find(event, 'DTSTART')
    if (!begin) return invalid(source, event.properties[0]?.line ?? 1, 'an event does not say when it begins')
    const start = this.stamp(begin, begin.value)
    const length = this.length(event, begin, start)
    if (length === 0) return []
    const skipped = new Set(this.stamps(event, 'EXDATE').map((stamp) => this.moment(stamp)))
    const starts = [...this.recurring(event, start), ...this.stamps(event, 'RDATE')]
    const isMoved = (at: number) => find(event, 'RECURRENCE-ID') === undefined && moved.has(`${uidOf(event)} ${at}`)
    return starts
      .map((stamp) => ({ from: this.moment(stamp), until: this.end(stamp, length) }))
      .filter(({ from }) => !skipped.has(from) && !isMoved(from))
  }

  /** The first time, and those that follow by the event's rules. */
  private recurring(event: Component, start: Stamp): Stamp[] {
    const { source, since, horizon } = this.options
    const first = dayNumber(start.wall)
    const found: Stamp[] = [start]
    for (const property of event.properties.filter(({ name }) => name === 'RRULE')) {
      const rule = this.rule(property)
      const until = rule.until === null ? null : this.lastMoment(property, rule.until, start)
      const last = Math.floor(Math.min(horizon, until ?? horizon) / DAY_MS) + 1
      for (const day of daysOf(rule, first, last, () => this.walk())) {
        const stamp = { ...start, wall: { ...start.wall, ...dateOf(day) } }
        const at = this.moment(stamp)
        if (at > horizon || (until !== null && at > until)) break
        if (day !== first && at >= since) found.push(stamp)
        if (found.length > MOST_PERIODS) throw new ProblemError('calendar_too_many', { source, limit: MOST_PERIODS })
      }
    }
    return found
  }

  private walk(): void {
    this.walked++
    if (this.walked > MOST_WALKED)
      throw new ProblemError('calendar_too_many', { source: this.options.source, limit: MOST_PERIODS })
  }

  private rule({ value, line }: Property): Rule {
    try {
      return readRule(value.trim())
    } catch (error) {
      if (error instanceof RangeError) return invalid(this.options.source, line, error.message)
      throw error
    }
  }

  /** The last moment at which something may begin that recurs until then. */
  private lastMoment(property: Property, until: string, start: Stamp): number {
    const stamp = this.stamp({ ...property, params: new Map() }, until)
    if (stamp.whole)
      return this.moment({ wall: { ...stamp.wall, hour: 23, minute: 59, second: 59 }, whole: true, zone: start.zone })
    return this.moment(until.endsWith('Z') ? stamp : { ...stamp, zone: start.zone })
  }

  /** How long it takes: in days where it is whole ones, else in ms. */
  private length(event: Component, begin: Property, start: Stamp): number {
    const { source } = this.options
    const end = find(event, 'DTEND')
    const duration = find(event, 'DURATION')
    if (end) {
      const stamp = this.stamp(end, end.value)
      if (stamp.whole !== start.whole) invalid(source, end.line, 'it begins as a day and ends as a time, or the other way round')
      const length = start.whole ? dayNumber(stamp.wall) - dayNumber(start.wall) : this.moment(stamp) - this.moment(start)
      if (length < 0) invalid(source, end.line, 'it ends before it begins')
      return length
    }
    if (!duration) return start.whole ? 1 : 0
    const length = durationOf(duration.value.trim())
    if (length === null || (start.whole && length % DAY_MS !== 0))
      return invalid(source, begin.line, 'its duration cannot be read')
    return start.whole ? length / DAY_MS : length
  }

  private end(start: Stamp, length: number): number {
    if (!start.whole) return this.moment(start) + length
    return this.moment({ ...start, wall: { ...start.wall, ...dateOf(dayNumber(start.wall) + length) } })
  }

  private moment({ wall, zone }: Stamp): number {
    return instantIn(zone, wall)
  }

  private stamps(event: Component, wanted: string): Stamp[] {
    return event.properties
      .filter(({ name }) => name === wanted)
      .flatMap((property) => property.value.split(',').map((value) => this.stamp(property, value)))
  }

  private stamp({ params, line }: Property, text: string): Stamp {
    const { source } = this.options
    const found = /^([0-9]{4})([0-9]{2})([0-9]{2})(?:T([0-9]{2})([0-9]{2})([0-9]{2})(Z?))?$/.exec(text.trim())
    if (!found) return invalid(source, line, `${text.slice(0, 40)} is no date`)
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1, 7).map((part) => Number(part ?? 0))
    const plain = new Date(Date.UTC(year, month - 1, day))
    if (
      year < 1900 ||
      year > 2200 ||
      plain.getUTCMonth() !== month - 1 ||
      plain.getUTCDate() !== day ||
      hour > 23 ||
      minute > 59 ||
      second > 60
    )
      invalid(source, line, `${text.slice(0, 40)} is no date`)
    const wall = { year, month, day, hour, minute, second: Math.min(second, 59) }
    if (found[4] === undefined) return { wall, whole: true, zone: this.options.zone }
    return { wall, whole: false, zone: found[7] === 'Z' ? 'UTC' : this.zone(params.get('TZID')) }
  }

  private zone(named: string | undefined): string {
    const { source, zone } = this.options
    const wanted = named ?? this.calendar.properties.find(({ name }) => name === 'X-WR-TIMEZONE')?.value.trim()
    if (wanted === undefined || wanted === '') return zone
    // Some programs put the name of a library before that of the zone.
    const short = wanted.split('/').slice(-2).join('/')
    if (isZone(wanted)) return wanted
    if (wanted.startsWith('/') && isZone(short)) return short
    throw new ProblemError('calendar_zone', { source, zone: wanted.slice(0, 100) })
  }
}

const find = (event: Component, wanted: string): Property | undefined => event.properties.find(({ name }) => name === wanted)
const uidOf = (event: Component): string => find(event, 'UID')?.value ?? ''
const iso = (at: number): string => new Date(at).toISOString()
const dayNumber = ({ year, month, day }: Wall): number => Date.UTC(year, month - 1, day) / DAY_MS

function dateOf(day: number): Pick<Wall, 'year' | 'month' | 'day'> {
  const date = new Date(day * DAY_MS)
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}

/** In ms; null for what is none, or is not longer than nothing (RFC 5545, 3.3.6). */
function durationOf(text: string): number | null {
  const found = /^\+?P(?:([0-9]{1,4})W|(?:([0-9]{1,4})D)?(?:T(?:([0-9]{1,4})H)?(?:([0-9]{1,5})M)?(?:([0-9]{1,6})S)?)?)$/.exec(
    text,
  )
  if (!found) return null
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = found.slice(1).map((part) => Number(part ?? 0))
  const length = ((((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000
  return length > 0 ? length : null
}

/** By their beginning, and each only once. */
function once(periods: readonly ReadPeriod[]): ReadPeriod[] {
  const found = new Map(periods.map((period) => [`${period.from} ${period.until} ${period.state} ${period.title}`, period]))
  return [...found.values()].sort((one, two) => Date.parse(one.from) - Date.parse(two.from))
}
