import { type Calendar, type CheckName, Freeze, type OutgoingContent, type ParliamentState } from '#shared/model/index.ts'
import { mayPublish } from './gate.ts'
import { around, type Segment, segments } from './state.ts'

/** A change from one state to another, and what it asks an office to look at. */
export interface StateChange {
  before: ParliamentState
  segment: Segment
  names: CheckName[]
}

/** An item of the outbox that has not ended. */
export interface Waiting {
  content: OutgoingContent
  notBefore: string
  /** It was kept back by a freeze. */
  held: boolean
}

/** States in which a Member or a parliament is called something else, or must not look like what it was. */
const renaming: ReadonlySet<ParliamentState> = new Set(['pre_election', 'dissolved', 'new_term'])
/** How much a state freezes, as a number. */
const degree = (freeze: Freeze): number => Freeze.options.indexOf(freeze)
const refuses = (freeze: Freeze): boolean => freeze === 'all' || freeze === 'answers'

/** The change that led to the state of a moment, and the one that ends it. @param at Ms since 1970. */
export function changesAround(calendar: Calendar, at: number): StateChange[] {
  const { before, now, later } = around(segments(calendar), at)
  const [next] = later
  const found = [...(before ? [changeOf(calendar, before, now)] : []), ...(next ? [changeOf(calendar, now, next)] : [])]
  return found.filter(({ names }) => names.length > 0)
}

function changeOf({ freezes }: Calendar, before: Segment, segment: Segment): StateChange {
  const [was, is] = [freezes[before.state], freezes[segment.state]]
  const names: CheckName[] = []
  if (was !== is) names.push(is === 'none' ? 'thaw' : 'freeze')
  if (refuses(is)) names.push('scheduled')
  if (refuses(was) && degree(is) < degree(was)) names.push('waiting')
  if (renaming.has(before.state) || renaming.has(segment.state)) names.push('names', 'bios', 'disclaimers')
  return { before: before.state, segment, names }
}

/** How many items of the outbox an item of a check-list is about; null where it is about none. */
export function countOf(
  calendar: Calendar,
  name: CheckName,
  { from, until }: Segment,
  waiting: readonly Waiting[],
): number | null {
  if (name === 'waiting') return waiting.filter(({ held }) => held).length
  if (name !== 'scheduled') return null
  return waiting.filter(({ content, notBefore }) => {
    const at = Date.parse(notBefore)
    return at >= from && at < until && mayPublish(calendar, content, notBefore) !== null
  }).length
}
