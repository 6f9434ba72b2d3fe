import { ConnectorFault } from '#connectors/fault.ts'
import type { Clock, Http, HttpRequest, HttpResponse } from '#ports/index.ts'
import { ProblemError } from '#shared/model/index.ts'

/** Codes of faults after which the server certainly saw nothing of a request: there was no connection that could carry it. */
const unseen = new Set([
  'host_unknown',
  'host_unreachable',
  'tls_untrusted',
  'tls_expired',
  'tls_mismatch',
  'address_invalid',
  'address_private',
])

const minute = 60_000
/** Bounds of what a server may ask for: it may not be asked at once, nor silence the account for good. In ms. */
export const waits = { atLeast: 1000, atMost: 24 * 60 * minute, unknown: 5 * minute } as const

/**
 * One request to an interface whose address a person gave. Redirects are not followed: what is sent there (a password, a text) is for
 * that server and no other.
 * @throws ConnectorFault for what goes wrong on the way and for a redirect; the signal's reason when it is aborted.
 */
export async function ask(http: Http, request: Omit<HttpRequest, 'maxRedirects'>): Promise<HttpResponse> {
  let response: HttpResponse
  try {
    response = await http.fetch({ ...request, maxRedirects: 0 })
  } catch (error) {
    if (request.signal?.aborted) throw request.signal.reason
    if (!(error instanceof ProblemError) || error instanceof ConnectorFault) throw error
    const kind = error.code.startsWith('address_') ? 'decision' : 'transient'
    throw new ConnectorFault(kind, error.code, error.params, { cause: error, untaken: unseen.has(error.code) })
  }
  if (response.status >= 300 && response.status < 400 && response.status !== 304) {
    throw protocolFault(
      request.url,
      `a redirect to ${hostOf(response.headers['location'] ?? '', request.url)}, which is not followed`,
    )
  }
  return response
}

/** The fault of an answer that nobody could use; tried again. */
export function protocolFault(url: string, detail: string): ConnectorFault {
  return new ConnectorFault('transient', 'protocol', { host: hostOf(url), detail })
}

/**
 * The fault that a status stands for wherever it comes from: asked to wait, or a fault of the server's own.
 * @returns null for every other status: what that means the network's own rules say.
 */
export function passingFault(response: HttpResponse, clock: Clock): ConnectorFault | null {
  const { status, url, headers } = response
  const host = hostOf(url)
  const now = clock.now()
  const retryAt = retryAfter(headers, now)
  if (status === 429) {
    return new ConnectorFault('rate', 'rate_limited', { host }, { retryAt: retryAt ?? now + waits.unknown, untaken: true })
  }
  if (status === 503 && retryAt !== null) return new ConnectorFault('rate', 'rate_limited', { host }, { retryAt })
  if (status >= 500 || status === 408 || status === 425) {
    return new ConnectorFault('transient', 'server_error', { host, detail: `HTTP ${status}` })
  }
  return null
}

/**
 * Retry-After (RFC 9110 section 10.2.3) as a point of our own time, within bounds; null when there is none. A date counts from the
 * server's own, so that clocks which differ do not matter.
 */
export function retryAfter(headers: HttpResponse['headers'], now: number): number | null {
  const text = headers['retry-after']?.trim()
  if (text === undefined) return null
  const server = Date.parse(headers['date'] ?? '')
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - (Number.isNaN(server) ? now : server)
  return Number.isNaN(wait) ? null : now + Math.min(Math.max(wait, waits.atLeast), waits.atMost)
}

/** How far this computer's clock is ahead of the server's, in ms; null where the server does not tell its time. */
export function clockOffset(headers: HttpResponse['headers'], now: number): number | null {
  const date = Date.parse(headers['date'] ?? '')
  return Number.isNaN(date) ? null : now - date
}

/** The headers among `names` that an answer has, as they are kept with a record. */
export function headersOf(response: HttpResponse, names: readonly string[]): [string, string][] {
  return names.flatMap((name): [string, string][] => {
    const value = response.headers[name]
    return value === undefined ? [] : [[name, value]]
  })
}

/** HTTP Basic (RFC 7617), in UTF-8. */
export function basicAuth(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}

/** Host and port of an address, for a sentence. */
export function hostOf(url: string, base?: string): string {
  return URL.canParse(url, base) ? new URL(url, base).host : url.slice(0, 100)
}
