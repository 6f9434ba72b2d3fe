import { isIP } from 'node:net'
import { ConnectorFault } from '#connectors/fault.ts'
import type { Clock, Http, HttpResponse } from '#ports/index.ts'
import { ProblemError } from '#shared/model/index.ts'
import { parseDate } from './dates.ts'
import { limits, times } from './limits.ts'

export interface Fetched {
  response: HttpResponse
  /** Address that answered. */
  url: string
  /** Where the feed lives from now on, when every step to it was a permanent redirect (301, 308); else null. */
  movedTo: string | null
}

const ACCEPT =
  'application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, application/json;q=0.8, application/xml;q=0.8, text/xml;q=0.8, text/html;q=0.5, */*;q=0.1'

interface Request {
  url: string
  headers?: Record<string, string>
  maxBytes: number
  /** For one step. Default: `limits.requestMs`. */
  timeoutMs?: number
  signal?: AbortSignal
}

/**
 * Asks for a document, following redirects itself to see which of them are permanent (RFC 9110 section 15.4).
 * @throws ConnectorFault for what goes wrong on the way, never for the status of the last answer; the signal's reason when it is aborted.
 */
export async function fetchDocument(http: Http, request: Request): Promise<Fetched> {
  let url = request.url
  let movedTo: string | null = null
  let permanent = true
  for (let hop = 0; hop <= limits.redirects; hop++) {
    const response = await ask(http, url, request)
    if (!isRedirect(response)) return { response, url, movedTo }
    const next = redirectTarget(response, url)
    permanent &&= (response.status === 301 || response.status === 308) && !isDowngrade(url, next)
    if (permanent) movedTo = next
    url = next
  }
  throw new ConnectorFault('transient', 'protocol', { host: hostOf(request.url), detail: 'too many redirects' })
}

async function ask(http: Http, url: string, request: Request): Promise<HttpResponse> {
  try {
    return await http.fetch({
      url,
      headers: { accept: ACCEPT, ...request.headers },
      maxBytes: request.maxBytes,
      timeoutMs: request.timeoutMs ?? limits.requestMs,
      maxRedirects: 0,
      ...(request.signal ? { signal: request.signal } : {}),
    })
  } catch (error) {
    if (request.signal?.aborted) throw request.signal.reason
    if (!(error instanceof ProblemError) || error instanceof ConnectorFault) throw error
    // All but a wrong address pass by themselves one day: also a certificate, which only the server's people can renew.
    throw new ConnectorFault(error.code === 'address_invalid' ? 'decision' : 'transient', error.code, error.params, {
      cause: error,
    })
  }
}

/** 301, 302, 303, 307, 308. @see Fetched.movedTo for what they change. */
function isRedirect(response: HttpResponse): boolean {
  return [301, 302, 303, 307, 308].includes(response.status)
}

function redirectTarget(response: HttpResponse, url: string): string {
  const location = response.headers.location ?? ''
  const host = hostOf(url)
  const next = URL.canParse(location, url) ? new URL(location, url) : null
  if (location === '' || next === null || (next.protocol !== 'https:' && next.protocol !== 'http:')) {
    throw new ConnectorFault('transient', 'protocol', { host, detail: 'a redirect that leads nowhere' })
  }
  // A feed on the open web has no business in the machine's own network.
  if (isInside(next.hostname) && !isInside(new URL(url).hostname)) {
    throw new ConnectorFault('transient', 'protocol', { host, detail: 'a redirect into the local network' })
  }
  next.hash = ''
  next.username = ''
  next.password = ''
  return next.href
}

function isDowngrade(from: string, to: string): boolean {
  return from.startsWith('https:') && to.startsWith('http:')
}

/** Whether a host name, as an address or by its form, means this machine or its local network (RFC 1918, 4193, 6761, 3927). */
export function isInside(hostname: string): boolean {
  const name = hostname.replace(/^\[|\]$/g, '').toLowerCase()
  if (isIP(name) === 4) return /^(?:0|10|127)\.|^169\.254\.|^192\.168\.|^172\.(?:1[6-9]|2\d|3[01])\./.test(name)
  if (isIP(name) === 6) return /^(?:::1?$|f[cd]|fe[89ab]|::ffff:)/.test(name)
  return name === 'localhost' || name.endsWith('.localhost') || name.endsWith('.local') || name.endsWith('.internal')
}

/**
 * Turns an answer without a document into its fault.
 * @throws ConnectorFault unless the status is 200 or 304.
 */
export function refuseStatus(response: HttpResponse, url: string, clock: Clock): void {
  const { status } = response
  const host = hostOf(url)
  if (status === 200 || status === 304) return
  const detail = `HTTP ${status}`
  const now = clock.now()
  if (status === 410) throw new ConnectorFault('decision', 'feed_gone', { host })
  const retryAt = retryAfter(response.headers['retry-after'], now)
  if (status === 429) throw new ConnectorFault('rate', 'rate_limited', { host }, { retryAt: retryAt ?? now + times.retryUnknown })
  if (status === 503 && retryAt !== null) throw new ConnectorFault('rate', 'rate_limited', { host }, { retryAt })
  if (status >= 400 && status < 500 && status !== 408) {
    throw new ConnectorFault('transient', 'server_error', { host, detail }, { retryAt: now + times.missing })
  }
  throw new ConnectorFault('transient', status >= 500 || status === 408 ? 'server_error' : 'protocol', { host, detail })
}

/** Retry-After as a point in time (RFC 9110 section 10.2.3), within bounds; null when there is none. */
function retryAfter(header: string | undefined, now: number): number | null {
  if (header === undefined) return null
  const at = /^\s*\d+\s*$/.test(header) ? now + Number(header) * 1000 : parseDate(header)
  if (at === null) return null
  return Math.min(Math.max(at, now + times.retryAtLeast), now + times.retryAtMost)
}

/** Minutes for which the answer is fresh by its own word (RFC 9111 section 5.2), or null. */
export function freshMinutes(response: HttpResponse): number | null {
  const maxAge = /(?:^|[\s,])max-age\s*=\s*"?(\d{1,9})/i.exec(response.headers['cache-control'] ?? '')?.[1]
  return maxAge === undefined ? null : Number(maxAge) / 60
}

export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url.slice(0, 100)
}
