import { parseValue } from '#connectors/kit/json.ts'
import type { Clock, Http, HttpRequest } from '#ports/index.ts'
import { ProblemError } from '#shared/model/index.ts'
import { ConnectorFault } from '../fault.ts'
import { faultOf, NotAnAnswer } from './faults.ts'
import { limits, times } from './limits.ts'

/** What a server answered with a status of success. */
export interface ApiAnswer {
  status: number
  /** What is kept. They begin as JSON does. */
  bytes: Uint8Array
  /** Lower-case names. */
  headers: Record<string, string>
  /** Where it came from, without its query. */
  endpoint: string
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

export interface ApiRequest {
  headers?: Record<string, string>
  /** Sent as JSON, or as it is with a content type in `headers`. */
  body?: unknown
  bytes?: Uint8Array<ArrayBuffer>
  signal: AbortSignal
}

/** Faults that leave no doubt: the request never reached the server. */
const neverSent = new Set(['host_unknown', 'host_unreachable', 'address_invalid', 'tls_untrusted', 'tls_expired', 'tls_mismatch'])

/** Statuses by which a server says that it has no such call, or not for this account. */
const missing = new Set([400, 403, 404, 405, 406, 410, 501])

/**
 * The REST interface of one server (docs.joinmastodon.org/methods). Nothing but the server that the person named is ever given the token:
 * a redirect elsewhere is refused.
 */
export class Api {
  readonly origin: string
  readonly host: string
  readonly #http: Http
  readonly #clock: Clock
  readonly #token: () => Promise<string | null>

  constructor(parts: { http: Http; clock: Clock }, origin: string, token: () => Promise<string | null>) {
    this.origin = origin
    this.host = new URL(origin).host
    this.#http = parts.http
    this.#clock = parts.clock
    this.#token = token
  }

  /** @param path with its query. @throws ConnectorFault for every status but success, and for what is no JSON. */
  async get(path: string, signal: AbortSignal): Promise<ApiAnswer> {
    return this.call('GET', path, { signal })
  }

  /** As `get`; null where the server has no such call: what it would give is a capability that this server lacks. */
  async find(path: string, signal: AbortSignal): Promise<ApiAnswer | null> {
    const response = await this.#send('GET', path, { signal })
    if (missing.has(response.status)) return null
    // unknown addresses lead to the pages that people look at, with some servers
    if (response.status === 200 && isPage(response)) return null
    return this.#read(response, path)
  }

  /** @throws ConnectorFault as `get` does. */
  async call(method: Method, path: string, request: ApiRequest): Promise<ApiAnswer> {
    return this.#read(await this.#send(method, path, request), path)
  }

  /** What an answer says. @throws ConnectorFault for what is no JSON. */
  parse({ bytes, headers }: Pick<ApiAnswer, 'bytes' | 'headers'>): unknown {
    const value = parseValue({ bytes, deep: false })
    if (value === undefined) throw new NotAnAnswer(this.host, headers)
    return value
  }

  #read(response: Response, path: string): ApiAnswer {
    const { status, bytes, headers } = response
    if (status < 200 || status > 299) throw faultOf(response, this.host, this.#clock)
    if (!beginsAsJson(bytes)) throw new NotAnAnswer(this.host, headers)
    return { status, bytes, headers, endpoint: this.origin + path.replace(/\?.*$/s, '') }
  }

  async #send(method: Method, path: string, request: ApiRequest): Promise<Response> {
    const token = await this.#token()
    let url = new URL(path, this.origin).href
    for (let hop = 0; ; hop++) {
      if (new URL(url).origin !== this.origin) throw this.#elsewhere(url)
      const response = await this.#fetch({
        url,
        method,
        headers: {
          accept: 'application/json',
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...request.headers,
        },
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
        ...(request.bytes === undefined ? {} : { body: request.bytes }),
        maxBytes: limits.answerBytes,
        timeoutMs: request.bytes === undefined ? times.request : times.media,
        maxRedirects: 0,
        signal: request.signal,
      })
      if (response.status < 300 || response.status > 399) return response
      const to = response.headers['location']
      const next = to !== undefined && URL.canParse(to, url) ? new URL(to, url).href : null
      // what writes is never sent a second time on a server's word
      if (next === null || method !== 'GET' || hop >= limits.redirects) throw this.#elsewhere(next ?? to ?? '')
      url = next
    }
  }

  async #fetch(request: HttpRequest): Promise<Response> {
    try {
      const { status, headers, body } = await this.#http.fetch(request)
      return { status, headers, bytes: body }
    } catch (error) {
      if (request.signal?.aborted) throw request.signal.reason
      if (!(error instanceof ProblemError) || error instanceof ConnectorFault) throw error
      const untaken = neverSent.has(error.code)
      throw new ConnectorFault('transient', error.code, error.params, { cause: error, untaken })
    }
  }

  #elsewhere(to: string): ConnectorFault {
    const shown = URL.canParse(to) ? new URL(to).origin : to.slice(0, 100)
    return new ConnectorFault('transient', 'server_elsewhere', { host: this.host, to: shown })
  }
}

/** An answer of any status. */
export interface Response {
  status: number
  headers: Record<string, string>
  bytes: Uint8Array
}

function isPage({ headers }: Response): boolean {
  return /html/i.test(headers['content-type'] ?? '')
}

/** Lists and objects, which all answers are. */
function beginsAsJson(bytes: Uint8Array): boolean {
  const first = bytes.find((byte) => byte > 0x20)
  return first === 0x5b || first === 0x7b
}
