import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { SmsSettings } from '#shared/model/index.ts'
import { judgeAnswer, judgeRequest } from './twilio-spec.ts'

export const ACCOUNT = `AC${'a'.repeat(32)}`
export const TOKEN = 'auth-token-of-the-test'
export const OWN = '+15550100100'

/** A message as the server keeps it. Times are ms since 1970. */
export interface Kept {
  sid: string
  from: string
  to: string
  body: string
  direction: 'inbound' | 'outbound-api'
  status: string
  errorCode: number | null
  errorMessage: string | null
  created: number
  sent: number | null
  media: { sid: string; type: string; bytes: Uint8Array }[]
}

/** What one request meets in the place of an honest answer. Returns true when it answered. */
export type Fault = (request: IncomingMessage, response: ServerResponse, honest: () => string) => boolean

/**
 * Messages of Twilio's REST API 2010-04-01, as far as a client meets them: listing with filters and pages, fetching, sending, media
 * (<https://www.twilio.com/docs/messaging/api/message-resource>). Each request and each honest answer is judged by Twilio's own description.
 */
export class TwilioServer {
  readonly messages: Kept[] = []
  readonly requests: { method: string; path: string; form: URLSearchParams | null; authorization: string }[] = []
  /** What the description finds wrong. */
  readonly specFaults: string[] = []
  /** Each meets one request, the first the next one. */
  faults: Fault[] = []
  refusing = false
  stalling = false
  /** Twilio's number for what it says to a sending to this number. */
  readonly refusals = new Map<string, { code: number; message: string }>()
  /** The last page names itself as the next one. */
  repeats = false
  /** Where files are handed out from; null: by the server itself. */
  mediaAt: string | null = null
  /** What comes with every answer. */
  headers: Record<string, string> = {}
  url = ''
  #clock: () => number
  #count = 0
  readonly #sockets = new Set<Socket>()
  readonly #server = createServer((request, response) => void this.#handle(request, response))

  constructor(clock: () => number = Date.now) {
    this.#clock = clock
  }

  async start(): Promise<void> {
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    })
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  drop(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve())
      this.drop()
    })
  }

  settings(): Extract<SmsSettings, { provider: 'twilio' }> {
    return { provider: 'twilio', number: OWN, country: 'US', accountSid: ACCOUNT, keySid: null, server: this.url, every: 1 }
  }

  /** Something a person sent to our number, or another program in our name. */
  add(message: Partial<Kept>): Kept {
    const now = this.#clock()
    const inbound = message.direction !== 'outbound-api'
    const kept: Kept = {
      sid: `${message.media?.length ? 'MM' : 'SM'}${(++this.#count).toString(16).padStart(32, '0')}`,
      from: inbound ? '+15550199199' : OWN,
      to: inbound ? OWN : '+15550199199',
      body: 'hello',
      direction: 'inbound',
      status: inbound ? 'received' : 'delivered',
      errorCode: null,
      errorMessage: null,
      created: now,
      sent: now,
      media: [],
      ...message,
    }
    this.messages.push(kept)
    return kept
  }

  json(kept: Kept): Record<string, unknown> {
    const base = `/2010-04-01/Accounts/${ACCOUNT}/Messages/${kept.sid}`
    const date = (ms: number | null) => (ms === null ? null : new Date(ms).toUTCString().replace('GMT', '+0000'))
    return {
      account_sid: ACCOUNT,
      api_version: '2010-04-01',
      body: kept.body,
      date_created: date(kept.created),
      date_sent: date(kept.sent),
      date_updated: date(this.#clock()),
      direction: kept.direction,
      error_code: kept.errorCode,
      error_message: kept.errorMessage,
      from: kept.from,
      messaging_service_sid: null,
      num_media: String(kept.media.length),
      num_segments: '1',
      price: null,
      price_unit: 'USD',
      sid: kept.sid,
      status: kept.status,
      subresource_uris: { media: `${base}/Media.json` },
      to: kept.to,
      uri: `${base}.json`,
    }
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Uint8Array[] = []
    try {
      for await (const chunk of request) chunks.push(chunk as Uint8Array)
    } catch {
      // The client went away in the middle of its request: nobody is there to be answered.
      response.destroy()
      return
    }
    const text = Buffer.concat(chunks).toString('utf8')
    const url = new URL(request.url ?? '', this.url)
    const method = request.method ?? 'GET'
    const form = method === 'POST' ? new URLSearchParams(text) : null
    this.requests.push({ method, path: request.url ?? '', form, authorization: request.headers.authorization ?? '' })
    if (this.stalling) return
    const honest = () => JSON.stringify(this.#answer(method, url, form).value)
    if (this.faults.shift()?.(request, response, honest)) return
    if (this.refusing || request.headers.authorization !== `Basic ${Buffer.from(`${ACCOUNT}:${TOKEN}`).toString('base64')}`) {
      send(response, 401, { code: 20003, message: 'Authenticate', more_info: '', status: 401 }, this.headers)
      return
    }
    const file = /\/Messages\/(\w+)\/Media\/(ME\w+)$/.exec(url.pathname)
    if (file) {
      this.#file(file[1] ?? '', file[2] ?? '', response)
      return
    }
    this.specFaults.push(...judgeRequest(method, url, form))
    const { status, value } = this.#answer(method, url, form)
    this.specFaults.push(...judgeAnswer(method, url.pathname, status, value))
    send(response, status, value, this.headers)
  }

  #file(message: string, sid: string, response: ServerResponse): void {
    const media = this.messages.find((one) => one.sid === message)?.media.find((one) => one.sid === sid)
    if (!media) send(response, 404, { code: 20404, message: 'not found' }, {})
    else if (this.mediaAt !== null) {
      response.writeHead(307, { location: `${this.mediaAt}/${sid}` })
      response.end()
    } else {
      response.writeHead(200, { 'content-type': media.type })
      response.end(media.bytes)
    }
  }

  #answer(method: string, url: URL, form: URLSearchParams | null): { status: number; value: unknown } {
    const path = url.pathname
    if (!path.startsWith(`/2010-04-01/Accounts/${ACCOUNT}/Messages`)) return missing(path)
    if (path.endsWith('/Messages.json')) return method === 'POST' && form ? this.#send(form) : this.#list(url)
    const [, sid = '', media] = /\/Messages\/(\w+)(\/Media)?\.json$/.exec(path) ?? []
    const kept = this.messages.find((one) => one.sid === sid)
    if (!kept) return missing(path)
    if (media) {
      const list = kept.media.map((one) => ({ sid: one.sid, account_sid: ACCOUNT, parent_sid: sid, content_type: one.type }))
      return { status: 200, value: { media_list: list, page: 0, page_size: 50, uri: path } }
    }
    return { status: 200, value: this.json(kept) }
  }

  #send(form: URLSearchParams): { status: number; value: unknown } {
    const [from = '', to = '', body = ''] = ['From', 'To', 'Body'].map((name) => form.get(name) ?? '')
    const refusal = this.refusals.get(to)
    if (refusal) return { status: 400, value: { ...refusal, more_info: '', status: 400 } }
    return {
      status: 201,
      value: this.json(this.add({ from, to, body, direction: 'outbound-api', status: 'queued', sent: null })),
    }
  }

  #list(url: URL): { status: number; value: unknown } {
    const query = url.searchParams
    const time = (name: string) => (query.has(name) ? Date.parse(query.get(name) ?? '') : null)
    const [above, below] = [time('DateSent>'), time('DateSent<')]
    const order = (one: Kept) => one.sent ?? one.created
    const fits = this.messages
      .filter((one) => (query.get('To') ?? one.to) === one.to && (query.get('From') ?? one.from) === one.from)
      .filter((one) => above === null || (one.sent !== null && one.sent >= Math.floor(above / 1000) * 1000))
      .filter((one) => below === null || (one.sent !== null && one.sent <= below))
      .sort((one, other) => order(other) - order(one))
    const size = Number(query.get('PageSize') ?? 50)
    const page = Number(query.get('Page') ?? 0)
    const shown = fits.slice(page * size, (page + 1) * size)
    const next = new URLSearchParams(query)
    const last = (page + 1) * size >= fits.length
    next.set('Page', String(last ? page : page + 1))
    next.set('PageToken', `PA${shown.at(-1)?.sid ?? ''}`)
    const first = `${url.pathname}?${query}`
    const value = {
      end: page * size + shown.length,
      first_page_uri: first,
      next_page_uri: last && !this.repeats ? null : `${url.pathname}?${next}`,
      page,
      page_size: size,
      previous_page_uri: null,
      messages: shown.map((one) => this.json(one)),
      start: page * size,
      uri: first,
    }
    return { status: 200, value }
  }
}

function missing(path: string): { status: number; value: unknown } {
  return {
    status: 404,
    value: { code: 20404, message: `The requested resource ${path} was not found`, more_info: '', status: 404 },
  }
}

function send(response: ServerResponse, status: number, value: unknown, headers: Record<string, string>): void {
  response.writeHead(status, { 'content-type': 'application/json', 'twilio-request-id': 'RQ0', ...headers })
  response.end(JSON.stringify(value))
}

export const faults = {
  status:
    (status: number, body = '', headers: Record<string, string> = {}): Fault =>
    (_, response) => {
      response.writeHead(status, { 'content-type': 'text/html', ...headers })
      response.end(body)
      return true
    },
  closed: ((_, response) => {
    response.destroy()
    return true
  }) satisfies Fault,
  /** Half of an honest answer, then nothing: what was asked for is done. */
  cut: ((_, response, honest) => {
    const text = honest()
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) })
    response.write(text.slice(0, text.length / 2), () => response.destroy())
    return true
  }) satisfies Fault,
  /** It is done, and the answer never comes. */
  dropped: ((_, response, honest) => {
    honest()
    response.destroy()
    return true
  }) satisfies Fault,
  body:
    (body: Uint8Array | string): Fault =>
    (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(body)
      return true
    },
}
