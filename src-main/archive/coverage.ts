import type { CoverageReason, CoverageState, Instant } from '#shared/model/index.ts'

/**
 * The time of one account as a row of intervals: each begins where the one before it ends. What was seen is added at the
 * end; what is certain no more to change is settled and goes into the ledger. A time that nobody can answer for is `closed`.
 */
export interface Interval {
  state: CoverageState
  from: Instant
  to: Instant
}

/** What an account can be seen in; what nobody saw is `closed` or `out_of_reach`. */
export type SeenState = Exclude<CoverageState, 'closed' | 'out_of_reach'>

/** An account was in a state from one instant to another, of which `to` is now. */
export interface Seen extends Interval {
  state: SeenState
  /** The program ran, and its machine was awake, ever since it last saw this account. */
  joined: boolean
}

const earlier = (one: Instant, other: Instant): Instant => (one < other ? one : other)
const later = (one: Instant, other: Instant): Instant => (one > other ? one : other)

/**
 * Adds what was seen. The clock may have been set back: what is not settled is then shortened to the time that it shows
 * now, and what is settled stands, so that nothing is added until the clock has come past it again.
 * @param open What is not settled: at least one interval.
 * @returns what is settled now, and what is open from here on; together they cover what `open` did and all up to `seen.to`.
 */
export function advance(open: readonly Interval[], seen: Seen): { settled: Interval[]; open: Interval[] } {
  const start = open[0]?.from
  if (start === undefined) throw new Error('an account has an interval that is open')
  const to = later(seen.to, start)
  const rows = open.filter((row, n) => n === 0 || row.from < to).map((row) => ({ ...row, to: earlier(row.to, to) }))
  const last = rows.at(-1) as Interval
  if (last.state === 'closed') last.to = later(last.from, earlier(last.to, seen.from))
  let from = later(earlier(seen.from, to), last.to)
  // A pause is kept in the office itself, so it lasts while the program is closed.
  if (seen.state === last.state && (seen.joined || seen.state === 'paused')) from = last.to
  if (from > last.to) {
    if (!seen.joined) rows.push({ state: 'closed', from: last.to, to: from })
    // Whatever came between belongs to the state that claims less.
    else if (last.state === 'watched') from = last.to
    else last.to = from
  }
  const whole = neighbours([...rows, { state: seen.state, from, to }])
  // A clock that ran ahead for a moment leaves a gap that never was: it is settled only with what follows it.
  const kept = whole.at(-2)?.state === 'closed' ? 2 : 1
  return { settled: whole.slice(0, -kept), open: whole.slice(-kept) }
}

/** Leaves out intervals without length, but for the last, and joins those of one state. */
function neighbours(rows: readonly Interval[]): Interval[] {
  const whole: Interval[] = []
  rows.forEach((row, n) => {
    if (row.from === row.to && n < rows.length - 1) return
    const last = whole.at(-1)
    if (last?.state === row.state) last.to = row.to
    else whole.push({ ...row })
  })
  return whole
}

/** A time in which an account was not watched. */
export interface Gap {
  reason: CoverageReason
  from: Instant
  to: Instant
}

export interface Share {
  /** The time that the question is about, as far as it can be answered. */
  from: Instant
  to: Instant
  /** Milliseconds of it, and how many of them were watched. */
  ms: number
  watchedMs: number
  /** In time order, without overlap. */
  gaps: Gap[]
}

/**
 * How much of a time an account was watched.
 * @param intervals In time order. @param since When its coverage begins.
 * @param from Null: since its coverage begins. @param to Not after the end of what is known of it.
 */
export function shareOf(intervals: readonly Interval[], since: Instant, from: Instant | null, to: Instant): Share {
  const begin = earlier(from ?? since, to)
  const gaps: Gap[] = []
  let watchedMs = 0
  let at = begin
  const add = (reason: CoverageReason, until: Instant) => {
    const last = gaps.at(-1)
    if (last?.reason === reason && last.to === at) last.to = until
    else gaps.push({ reason, from: at, to: until })
    at = until
  }
  for (const interval of intervals) {
    const start = earlier(interval.from, to)
    const end = earlier(interval.to, to)
    if (end <= at) continue
    if (start > at) add(start <= since ? 'before' : 'closed', start)
    if (interval.state === 'watched') {
      watchedMs += Date.parse(end) - Date.parse(at)
      at = end
    } else add(interval.state, end)
  }
  if (at < to) add(to <= since ? 'before' : 'closed', to)
  return { from: begin, to, ms: Date.parse(to) - Date.parse(begin), watchedMs, gaps }
}
