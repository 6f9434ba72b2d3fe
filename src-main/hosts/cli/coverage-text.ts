import type { Coverage } from '#shared/contract/index.ts'
import type { CoverageReason } from '#shared/model/index.ts'
import { localTime } from './time.ts'

/** Why nobody watched, to follow “not watched:”. */
export const reasons: Record<CoverageReason, string> = {
  backfilling: 'read for the first time',
  throttled: 'told to wait by the network',
  logged_out: 'signed out',
  offline: 'not reached',
  paused: 'paused',
  closed: 'program closed or computer asleep',
  out_of_reach: 'no longer handed out by the network',
  before: 'before the account was here',
}

/** `2 days 3 h`, `3 h 20 min`, `5 min`, `12 s`: the two largest parts, rounded down. */
export function duration(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const [minutes, hours, days] = [Math.floor(seconds / 60), Math.floor(seconds / 3600), Math.floor(seconds / 86_400)]
  if (days > 0) return parts([days, days === 1 ? 'day' : 'days'], [hours % 24, 'h'])
  if (hours > 0) return parts([hours, 'h'], [minutes % 60, 'min'])
  return `${minutes} min`
}

function parts(...all: [number, string][]): string {
  return all.flatMap(([count, unit]) => (count > 0 ? [`${count.toLocaleString('en')} ${unit}`] : [])).join(' ')
}

/** A share in per cent. Only the whole is 100 %, and only nothing is 0 %. */
export function percent(share: number): string {
  if (share > 0 && share < 0.01) return 'less than 1 %'
  return share > 0.99 ? `${Math.floor(share * 1000) / 10} %` : `${Math.floor(share * 100)} %`
}

/** How far the answer of a search can be relied on, in a sentence; empty when there is no account. */
export function coverageLine({ from, watched, unwatched }: Coverage): string {
  if (from === null || watched === null) return ''
  const said = `Watched ${percent(watched)} of the time since ${localTime(from)}.`
  // A start takes milliseconds; that is no reason to name.
  const named = unwatched.filter(({ ms }) => ms >= 1000).map(({ reason, ms }) => `${reasons[reason]} (${duration(ms)})`)
  return named.length === 0 ? said : `${said} Not watched: ${named.join(', ')}.`
}
