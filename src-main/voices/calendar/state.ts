import type { Calendar, CalendarPeriod, ParliamentState } from '#shared/model/index.ts'

/** A time without a change of state. `from` and `until` in ms since 1970; infinite where there is no other state before or after. */
export interface Segment {
  state: ParliamentState
  from: number
  until: number
}

type Timed = Pick<Calendar, 'periods' | 'outside'>

/** States that count before others where periods overlap; sitting and recess take turns within each other. */
const ranks: Record<ParliamentState, number> = { dissolved: 3, pre_election: 2, new_term: 1, sitting: 0, recess: 0 }

interface Span {
  period: CalendarPeriod
  from: number
  until: number
}

/** Below 0 when the one counts before the other, wherever both hold. */
function before(one: Span, two: Span): number {
  return (
    ranks[two.period.state] - ranks[one.period.state] ||
    two.from - one.from ||
    (one.until === two.until ? 0 : one.until - two.until) ||
    Number(two.period.id) - Number(one.period.id)
  )
}

/**
 * All of time, cut where the state changes: exactly one state at any moment. Where periods overlap, `dissolved` counts before
 * `pre_election`, that before `new_term`, and those before `sitting` and `recess`; of those alike, the one that began later, then the one
 * that ends first, then the one that was entered last.
 */
export function segments({ periods, outside }: Timed): Segment[] {
  const spans = periods
    .map((period): Span => {
      const until = period.until === null ? Number.POSITIVE_INFINITY : Date.parse(period.until)
      return { period, from: Date.parse(period.from), until }
    })
    .sort((one, two) => one.from - two.from)
  const edges = [...new Set(spans.flatMap(({ from, until }) => [from, until]))]
    .filter((edge) => Number.isFinite(edge))
    .sort((one, two) => one - two)
  const found: Segment[] = [{ state: outside, from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY }]
  let holding: Span[] = []
  let next = 0
  for (const edge of edges) {
    holding = holding.filter(({ until }) => until > edge)
    for (let span = spans[next]; span && span.from <= edge; span = spans[++next]) if (span.until > edge) holding.push(span)
    const [first] = holding.sort(before)
    const state = first?.period.state ?? outside
    const last = found.at(-1)
    if (!last || last.state === state) continue
    last.until = edge
    found.push({ state, from: edge, until: Number.POSITIVE_INFINITY })
  }
  return found
}

/** The segment of a moment and those after it; the one before it, or null. @param at Ms since 1970. */
export function around(all: readonly Segment[], at: number): { before: Segment | null; now: Segment; later: Segment[] } {
  const index = all.findIndex(({ until }) => at < until)
  const now = all[index]
  if (!now) throw new Error('time has no end, but its segments do')
  return { before: all[index - 1] ?? null, now, later: all.slice(index + 1) }
}
