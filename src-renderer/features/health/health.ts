import type { Account } from '#shared/model/index.ts'

export type Health = 'good' | 'busy' | 'trouble' | 'stopped' | 'paused'

/** How an account is, in one word: it works, is being filled, is trying again, needs a person, or was paused. What only holds imports is well. */
export function healthOf({ status, capabilities }: Account): Health {
  if (!capabilities.live) return 'good'
  if (status.phase === 'needs_login') return 'stopped'
  if (status.phase === 'retrying') return 'trouble'
  if (status.phase === 'paused') return status.reason ? 'stopped' : 'paused'
  if (status.phase === 'live') return status.reason ? 'trouble' : 'good'
  return 'busy'
}
