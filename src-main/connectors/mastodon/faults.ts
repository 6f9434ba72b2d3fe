import { parseValue } from '#connectors/kit/json.ts'
import { fieldsOf, textOf } from '#connectors/kit/shape.ts'
import { oneLine } from '#connectors/kit/text.ts'
import type { Clock } from '#ports/index.ts'
import { ConnectorFault } from '../fault.ts'
import type { Response } from './api.ts'
import { times } from './limits.ts'

/** What a status that is no success means for the account (docs.joinmastodon.org/entities/Error). */
export function faultOf({ status, headers, bytes }: Response, host: string, clock: Clock): ConnectorFault {
  if (status === 401) return new ConnectorFault('login', 'login_expired', { host }, { untaken: true })
  if (status === 429)
    return new ConnectorFault('rate', 'rate_limited', { host }, { retryAt: retryAt(headers, clock), untaken: true })
  if (status >= 500 || status === 408) return new ConnectorFault('transient', 'server_error', { host, detail: `HTTP ${status}` })
  const said = oneLine(textOf(fieldsOf(parseValue({ bytes, deep: false }))?.['error'])).slice(0, 200)
  const detail = said === '' ? `HTTP ${status}` : `HTTP ${status}, ${said}`
  return new Refused(status, host, detail)
}

/** The server understood, and said no (4xx). Whoever asked knows what that means; else it is a server that breaks the rules. */
export class Refused extends ConnectorFault {
  readonly status: number
  readonly detail: string
  constructor(status: number, host: string, detail: string) {
    super('transient', 'protocol', { host, detail }, { untaken: true })
    this.status = status
    this.detail = detail
  }
}

/** A page of HTML, as servers show while they start and for addresses that they do not know, or JSON that was cut off: it passes. */
export class NotAnAnswer extends ConnectorFault {
  readonly page: boolean
  constructor(host: string, headers: Record<string, string>) {
    const page = /html/i.test(headers['content-type'] ?? '')
    const detail = page ? 'a web page instead of an answer' : 'an answer that is cut off or no JSON'
    super('transient', page ? 'server_error' : 'protocol', { host, detail })
    this.page = page
  }
}

/**
 * When the server may be asked again, in ms since 1970 of our own clock. `X-RateLimit-Reset` is a time of the server's clock, which may
 * differ from ours: its `Date` says by how much.
 */
export function retryAt(headers: Record<string, string>, clock: Clock): number {
  const now = clock.now()
  const seconds = Number(headers['retry-after'] ?? Number.NaN)
  const until = Date.parse(headers['retry-after'] ?? '')
  const reset = resetTime(headers['x-ratelimit-reset'])
  const theirs = Date.parse(headers['date'] ?? '')
  const base = Number.isFinite(theirs) ? theirs : now
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Number.isFinite(until) ? until - base : reset - base
  return now + (wait > 0 && Number.isFinite(wait) ? Math.min(wait, times.rateMost) : times.rate)
}

/** ISO 8601 with Mastodon; seconds since 1970 with others. */
function resetTime(text: string | undefined): number {
  if (text === undefined) return Number.NaN
  return /^\d{9,11}$/.test(text) ? Number(text) * 1000 : Date.parse(text)
}
