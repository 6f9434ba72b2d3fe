import { ConnectorFault } from '#connectors/fault.ts'
import type { OutgoingContent, Problem } from '#shared/model/index.ts'
import { backoffMs } from '../backoff.ts'
import { toProblem } from '../problems.ts'

/** How long a network is given to put away what it may have taken, before it is asked whether it has it. */
export const SETTLE_MS = 15_000
/** Tries after which an item is given up until a person has it tried again. */
export const MAX_TRIES = 30
/** Faults of the program itself, for what can be repeated. */
const MAX_BUGS = 5
/** What needs a sign-in looks again after this, if nobody signs in before. */
const SIGN_IN_MS = 60_000

/** What a try that was not known to succeed comes to. `nextTryAt`: ms since 1970. */
export interface Outcome {
  state: 'queued' | 'unknown' | 'failed'
  nextTryAt: number | null
  reason: Problem
  /** Whether it counts as a try: being asked to wait does not. */
  tried: boolean
}

export interface Tried {
  does: OutgoingContent['do']
  now: number
  /** Tries so far, with this one. */
  tries: number
  /** The network can be asked whether it has it. */
  finds: boolean
  /** In [0, 1). */
  random: number
}

/**
 * Judges a fault that a try met. Only what the network certainly does not have, or what may be repeated, is ever sent again by itself.
 */
export function outcomeOf(error: unknown, tried: Tried): Outcome {
  const reason = toProblem(error)
  const fault = error instanceof ConnectorFault ? error : null
  const repeatable = tried.does !== 'publish'
  if (!fault?.untaken && !repeatable) return unknown(fault, reason, tried)
  if (fault === null) return { ...again(reason, tried), ...(tried.tries >= MAX_BUGS && { state: 'failed', nextTryAt: null }) }
  if (fault.kind === 'decision') return { state: 'failed', nextTryAt: null, reason, tried: true }
  if (fault.kind === 'login') return { state: 'queued', nextTryAt: tried.now + SIGN_IN_MS, reason, tried: false }
  const pause = tried.now + backoffMs(Math.max(1, tried.tries), tried.random)
  if (fault.kind === 'rate')
    return { state: 'queued', nextTryAt: Math.max(tried.now, fault.retryAt ?? pause), reason, tried: false }
  return again(reason, tried, fault.retryAt ?? 0)
}

function unknown(fault: ConnectorFault | null, reason: Problem, { now, finds }: Tried): Outcome {
  if (!finds) return { state: 'unknown', nextTryAt: null, reason: { code: 'outbox_unknown', params: {} }, tried: true }
  return { state: 'unknown', nextTryAt: Math.max(now + SETTLE_MS, fault?.retryAt ?? 0), reason, tried: true }
}

function again(reason: Problem, { now, tries, random }: Tried, notBefore = 0): Outcome {
  if (tries >= MAX_TRIES) return { state: 'failed', nextTryAt: null, reason, tried: true }
  return { state: 'queued', nextTryAt: Math.max(notBefore, now + backoffMs(tries, random)), reason, tried: true }
}
