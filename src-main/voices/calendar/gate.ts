import {
  type Calendar,
  type CalendarState,
  type Freeze,
  type Instant,
  type OutgoingContent,
  type Problem,
  Publishing,
} from '#shared/model/index.ts'
import { around, type Segment, segments } from './state.ts'

/** Acts that say something to others; the rest keep an account in order or protect whoever reads it. */
const speaking: ReadonlySet<string> = new Set(['like', 'boost', 'follow', 'approve'])
const answers: ReadonlySet<Publishing> = new Set(['reply', 'comment', 'direct'])

/** What publishing something is; null for what publishes nothing: letters, and what takes something back. */
function publishingOf(content: OutgoingContent): Publishing | null {
  if (content.do === 'publish') return content.kind === 'mail' || content.kind === 'sms' ? null : content.kind
  if (content.do === 'edit') return 'edit'
  return content.do === 'act' && content.on && speaking.has(content.act) ? 'act' : null
}

/** Everything that is refused by it. */
function frozenBy(freeze: Freeze): Publishing[] {
  if (freeze === 'all') return Publishing.options
  return freeze === 'answers' ? Publishing.options.filter((one) => !answers.has(one)) : []
}

/**
 * Whether an identity may publish something at a moment. The state is derived from that moment each time, so that a clock that jumped
 * changes nothing but the answer.
 * @returns why not, with the moment from which it may (`calendar_frozen`), or without where nobody knows it (`calendar_frozen_open`).
 */
export function mayPublish(calendar: Calendar, content: OutgoingContent, at: Instant): Problem | null {
  const publishing = publishingOf(content)
  if (publishing === null) return null
  const { now, later } = around(segments(calendar), Date.parse(at))
  const frozen = ({ state }: Segment): boolean => frozenBy(calendar.freezes[state]).includes(publishing)
  if (!frozen(now)) return null
  const free = later.find((segment) => !frozen(segment))
  const params = { period: now.state }
  if (!free) return { code: 'calendar_frozen_open', params }
  return { code: 'calendar_frozen', params: { ...params, until: new Date(free.from).toISOString() } }
}

/** The state at a moment, and the next one. @param at Ms since 1970. */
export function stateAt(calendar: Calendar, at: number): CalendarState {
  const { now, later } = around(segments(calendar), at)
  const [next] = later
  const freezes = calendar.freezes[now.state]
  return {
    identityId: calendar.identityId,
    state: now.state,
    since: instantOf(now.from),
    until: instantOf(now.until),
    freezes,
    frozen: frozenBy(freezes),
    next: next ? { state: next.state, at: new Date(next.from).toISOString(), freezes: calendar.freezes[next.state] } : null,
  }
}

/** ISO 8601 UTC; null where there is no end. */
export function instantOf(at: number): Instant | null {
  return Number.isFinite(at) ? new Date(at).toISOString() : null
}
