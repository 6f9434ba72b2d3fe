import type { Answer } from '#connectors/connector.ts'
import { ConnectorFault } from '#connectors/fault.ts'
import type { Clock, Http, HttpRequest, HttpResponse } from '#ports/index.ts'
import { ProblemError } from '#shared/model/index.ts'
import { live } from './limits.ts'
import { parseJson } from './values.ts'

/** What a connection is made of. */
export interface Parts {
  http: Http
  clock: Clock
}

/** A server of the network. */
export interface Server {
  /** Scheme, host and port, without a slash at the end. */
  origin: string
  /** Its address was named by a network and not by a person. @see HttpRequest.outside */
  outside: boolean
}

/** What says to a server who asks. */
export interface Auth {
  /** Headers for one request. @throws ConnectorFault `login` when there is nothing to sign in with. */
  headers(request: { method: 'GET' | 'POST'; url: string }, signal: AbortSignal): Promise<Record<string, string>>
  /** What every answer says beside itself. */
  heard?(headers: Record<string, string>): void
  /** The server refused a request. @returns whether it is worth asking again. @throws ConnectorFault `login` when the sign-in has ended. */
  renew(refused: Refused, signal: AbortSignal): Promise<boolean>
}

/** An answer as it came. */
export interface Answered {
  value: unknown
  bytes: Uint8Array
  answer: Answer
  /** The address that was asked. */
  endpoint: string
}

export interface Ask {
  params?: Record<string, string | number | string[] | undefined>
  signal: AbortSignal
  /** Service that the server hands the request on to: `did:...#fragment` (https://atproto.com/specs/xrpc#service-proxying). */
  proxy?: string
  maxBytes?: number
}

/** The server understood and said no: its own name for why, and the status. */
export class Refused extends Error {
  readonly status: number
  /** `ExpiredToken`, `RecordNotFound`...; empty where the answer was not of the kind that servers of this network give. */
  readonly reason: string
  readonly headers: Record<string, string>
  /** What the server says of it, one line. */
  readonly detail: string
  constructor(status: number, reason: string, detail: string, headers: Record<string, string>) {
    super(`HTTP ${status} ${reason}`)
    this.name = 'Refused'
    this.status = status
    this.reason = reason
    this.headers = headers
    this.detail = detail
  }
}

/** Calls to one server (https://atproto.com/specs/xrpc), and what their answers mean. */
export class Xrpc {
  readonly host: string
  private readonly parts: Parts
  private readonly server: Server
  private readonly auth: Auth | null

  constructor(parts: Parts, server: Server, auth: Auth | null = null) {
    this.parts = parts
    this.server = server
    this.auth = auth
    this.host = hostOf(server.origin)
  }

  /**
   * Asks. @throws Refused for a status of 400 to 499, or 501, that is neither about the sign-in nor about haste; ConnectorFault for everything
   * else that is not an answer; the signal's reason when it is aborted.
   */
  query(method: string, ask: Ask): Promise<Answered> {
    return this.call('GET', this.address(method, ask.params ?? {}), ask, null)
  }

  /** Where something is asked for. */
  address(method: string, params: NonNullable<Ask['params']>): string {
    const url = new URL(`/xrpc/${method}`, this.server.origin)
    for (const [name, value] of Object.entries(params))
      for (const one of [value].flat()) if (one !== undefined) url.searchParams.append(name, String(one))
    return url.href
  }

  /** Has something done. Throws as `query` does. */
  procedure(
    method: string,
    ask: Ask & { body?: unknown; file?: { bytes: Uint8Array<ArrayBuffer>; mediaType: string } },
  ): Promise<Answered> {
    const { file, body } = ask
    const content = file
      ? { body: file.bytes, type: file.mediaType }
      : body === undefined
        ? null
        : { body: JSON.stringify(body), type: 'application/json' }
    return this.call('POST', new URL(`/xrpc/${method}`, this.server.origin).href, ask, content)
  }

  private async call(
    method: 'GET' | 'POST',
    url: string,
    ask: Ask,
    content: { body: string | Uint8Array<ArrayBuffer>; type: string } | null,
  ): Promise<Answered> {
    for (let tries = 0; ; tries++) {
      const signed = (await this.auth?.headers({ method, url }, ask.signal)) ?? {}
      const response = await fetchFrom(this.parts.http, {
        url,
        method,
        headers: {
          accept: 'application/json',
          ...(content ? { 'content-type': content.type } : {}),
          ...(ask.proxy ? { 'atproto-proxy': ask.proxy } : {}),
          ...signed,
        },
        ...(content ? { body: content.body } : {}),
        maxBytes: ask.maxBytes ?? live.answerBytes,
        timeoutMs: live.requestMs,
        outside: this.server.outside,
        signal: ask.signal,
      })
      this.auth?.heard?.(response.headers)
      try {
        return { ...this.read(response), endpoint: url }
      } catch (error) {
        const again = error instanceof Refused && tries < 3 && this.auth !== null && isAboutSignIn(error)
        if (!again || !(await this.auth?.renew(error, ask.signal))) throw this.judge(error)
      }
    }
  }

  /** @throws Refused, ConnectorFault */
  private read(response: HttpResponse): Omit<Answered, 'endpoint'> {
    const { status, headers, body } = response
    const { host } = this
    if (status >= 300 && status < 400) throw elsewhere(host, headers['location'])
    const value = parseJson(body)
    if (status === 429) throw this.haste(headers)
    if (status >= 500 && status !== 501) throw new ConnectorFault('transient', 'server_error', { host, detail: `HTTP ${status}` })
    if (status >= 400) {
      const { error, message } = errorOf(value)
      throw new Refused(status, error, message, headers)
    }
    if (value === undefined && body.byteLength > 0)
      throw new ConnectorFault('transient', 'protocol', { host, detail: 'an answer that is no JSON' })
    return { value, bytes: body, answer: answerOf(headers, this.parts.clock.now()) }
  }

  /** A refusal that renewing did not help. */
  private judge(error: unknown): unknown {
    if (!(error instanceof Refused) || !isAboutSignIn(error)) return error
    return new ConnectorFault('login', 'login_expired', { host: this.host }, { cause: error, untaken: true })
  }

  /** 429, with the time that the server names (`RateLimit-Reset` counts seconds since 1970, RFC 9110 has `Retry-After`). */
  private haste(headers: Record<string, string>): ConnectorFault {
    const now = this.parts.clock.now()
    const after = headers['retry-after']
    const reset = Number(headers['ratelimit-reset'])
    const told =
      after !== undefined
        ? /^\s*\d+\s*$/.test(after)
          ? now + Number(after) * 1000
          : Date.parse(after)
        : Number.isFinite(reset)
          ? reset * 1000
          : Number.NaN
    const retryAt = Number.isNaN(told) ? now + live.retryUnknownMs : told
    const bounded = Math.min(Math.max(retryAt, now + live.retryAtLeastMs), now + live.retryAtMostMs)
    return new ConnectorFault('rate', 'rate_limited', { host: this.host }, { retryAt: bounded, untaken: true })
  }
}

/** One request whose faults are those of a connection. Redirects are not followed: nobody's words go to another server. */
export async function fetchFrom(http: Http, request: HttpRequest): Promise<HttpResponse> {
  try {
    return await http.fetch({ ...request, maxRedirects: 0 })
  } catch (error) {
    if (request.signal?.aborted) throw request.signal.reason
    if (!(error instanceof ProblemError) || error instanceof ConnectorFault) throw error
    const { code, params } = error
    // Nothing was sent where there was no connection.
    const untaken = /^(host_|tls_|address_)/.test(code)
    const kind = code.startsWith('address_') ? 'decision' : 'transient'
    throw new ConnectorFault(kind, code, params, { cause: error, untaken })
  }
}

/** What a server answers to a token that is not, or no longer, good for anything. */
function isAboutSignIn({ status, reason }: Refused): boolean {
  return status === 401 || ['ExpiredToken', 'InvalidToken', 'AccountTakedown', 'AccountDeactivated'].includes(reason)
}

function elsewhere(host: string, to: string | undefined): ConnectorFault {
  return new ConnectorFault('transient', 'server_elsewhere', { host, to: hostOf(to ?? '') }, { untaken: true })
}

function errorOf(value: unknown): { error: string; message: string } {
  const { error, message } = (value ?? {}) as { error?: unknown; message?: unknown }
  const line = (part: unknown) => (typeof part === 'string' ? part.replace(/\s+/g, ' ').slice(0, live.detailChars) : '')
  return { error: line(error), message: line(message) }
}

/** Headers that say when and from what an answer came. */
const keptHeaders = ['content-type', 'date', 'etag', 'atproto-repo-rev', 'atproto-content-labelers', 'server']

function answerOf(headers: Record<string, string>, now: number): Answer {
  const date = Date.parse(headers['date'] ?? '')
  return {
    headers: keptHeaders.flatMap((name): [string, string][] => (headers[name] === undefined ? [] : [[name, headers[name]]])),
    clockOffsetMs: Number.isNaN(date) ? null : now - date,
  }
}

export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url.slice(0, 100)
}
