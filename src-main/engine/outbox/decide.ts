import type { OutboxId } from '#shared/model/index.ts'
import type { LaneItem } from '#store/outbox.ts'

/** Time to think again after sending, in ms. */
export const UNDO_MS = 10_000
/** What waited for so long without a try is sent only after a person says so again. */
export const MAX_WAIT_MS = 12 * 60 * 60_000
/** After so many tries an item no longer keeps those behind it waiting. */
export const LET_BY = 5

export interface Lane {
  /** Ms since 1970. */
  now: number
  /** The network asked for a pause until then. */
  throttledUntil: number
  /** There is a connection that something can be sent through. */
  reachable: boolean
  /** The network can be asked whether it has something. */
  finds: boolean
}

/** The next thing to do for an account. `until`: ms since 1970; null where only news changes anything. */
export type Step =
  | { do: 'send' | 'find' | 'ask'; id: OutboxId }
  | { do: 'age'; ids: OutboxId[] }
  | { do: 'wait'; until: number | null }

/**
 * Decides what is next among the items of one account that have not ended, given in the order in which they are to be sent. One at a time,
 * and in order: an item that waits for its next try keeps those behind it waiting, until it has been tried often. What waits for a person, for
 * its time, or for the part before it keeps nobody.
 */
export function decide(items: readonly LaneItem[], lane: Lane): Step {
  const aged = items.filter((item) => isDue(item, lane.now) && waitedTooLong(item, lane.now))
  if (aged.length > 0) return { do: 'age', ids: aged.map(({ id }) => id) }
  const times: number[] = []
  for (const item of items) {
    const at = timeOf(item, lane)
    if (at === 'ask') return { do: 'ask', id: item.id }
    if (at === null) continue
    if (at > lane.now) {
      times.push(at)
      // Scheduled for later, or tried so often that it lets others by.
      if (dueAt(item, lane.now) > lane.now || item.tries >= LET_BY) continue
      return { do: 'wait', until: Math.min(...times) }
    }
    if (lane.throttledUntil > lane.now) return { do: 'wait', until: Math.min(...times, lane.throttledUntil) }
    if (!lane.reachable) return { do: 'wait', until: Math.min(...times, ageOf(item) + MAX_WAIT_MS + 1) }
    return { do: item.state === 'unknown' ? 'find' : 'send', id: item.id }
  }
  return { do: 'wait', until: times.length === 0 ? null : Math.min(...times) }
}

/** When something can be done about an item, in ms since 1970; null while it waits for somebody or something else. */
function timeOf(item: LaneItem, { now, finds }: Lane): number | 'ask' | null {
  if (item.state === 'sending') return null
  if (item.state === 'unknown') {
    // the network cannot tell: a person has to
    if (item.reason !== null && item.nextTryAt === null) return null
    return finds ? nextTry(item, now) : 'ask'
  }
  if (item.after !== null && item.after !== 'sent') return null
  return Math.max(dueAt(item, now), nextTry(item, now))
}

/** When it may be sent at the earliest. What was only given the time to think again waits no longer because the clock was set back. */
function dueAt({ queuedAt, notBefore }: LaneItem, now: number): number {
  const queued = Date.parse(queuedAt)
  const due = Date.parse(notBefore)
  return queued > now && due - queued <= UNDO_MS ? now : due
}

/** A clock that was set back makes nothing wait longer for its next try than it would have. */
function nextTry({ nextTryAt, triedAt }: LaneItem, now: number): number {
  if (nextTryAt === null) return 0
  return triedAt !== null && Date.parse(triedAt) > now ? now : Date.parse(nextTryAt)
}

function isDue(item: LaneItem, now: number): boolean {
  return item.state === 'queued' && dueAt(item, now) <= now && (item.after === null || item.after === 'sent')
}

/** Since when it waits, in ms since 1970. */
function ageOf({ notBefore, triedAt }: LaneItem): number {
  return Math.max(Date.parse(notBefore), triedAt === null ? 0 : Date.parse(triedAt))
}

function waitedTooLong(item: LaneItem, now: number): boolean {
  return now - ageOf(item) > MAX_WAIT_MS
}
