import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import type { MastodonSettings } from '#shared/model/index.ts'
import { notification, status } from './entities.ts'
import { route } from './routes.ts'
import { openSpec, type Spec } from './spec.ts'
import { mastodon, type Ways } from './ways.ts'
import { type Notification, type Post, World } from './world.ts'

/** One request, as routes see it. */
export interface Call {
  method: string
  url: URL
  headers: IncomingMessage['headers']
  /** Parsed JSON; undefined for none. */
  body: Record<string, unknown> | undefined
  bytes: Buffer
}

export interface Reply {
  status: number
  body?: unknown
  headers?: Record<string, string>
  /** Sent as it is, in the place of `body`. */
  raw?: string | Buffer
}

/** What is done to a request instead of answering it; null lets it through. */
export type Fault = (call: Call, response: ServerResponse) => Reply | 'taken' | null

const TOKEN = 'the-token'
let spec: Spec | null | undefined

/** A server like Mastodon with the test's own hands on it: real HTTP and WebSocket on loopback, a state, and every deviation as a switch. */
export class MastodonServer {
  readonly world: World
  readonly ways: Ways
  readonly token = TOKEN
  /** Tokens that are good. */
  readonly tokens = new Set([TOKEN])
  /** Requests, as `GET /path?query`. */
  readonly log: string[] = []
  readonly calls: Call[] = []
  /** Done to the next requests, one each. */
  readonly faults: Fault[] = []
  /** Done to every request. */
  always: Fault | null = null
  /** Carries the request out, then closes the connection in the place of an answer. */
  dropAnswers: ((call: Call) => boolean) | null = null
  stalling = false
  /** Requests left in the window, where the server tells. */
  remaining: number | null = null
  /** How far its clock is ahead of ours, in ms. */
  skew = 0
  readonly spec: Spec | null
  readonly idempotent = new Map<string, Post>()
  readonly apps = new Map<string, { redirect: string; challenge: string; code: string }>()
  readonly #server: Server = createServer()
  readonly #sockets = new WebSocketServer({ noServer: true })
  readonly #held = new Set<ServerResponse>()

  constructor(change: Partial<Ways> = {}, options: { validate?: boolean } = {}) {
    this.ways = { ...mastodon, ...change }
    this.world = new World(this.ways)
    if (spec === undefined && options.validate !== false) spec = openSpec()
    this.spec = options.validate === false ? null : (spec ?? null)
  }

  async start(): Promise<this> {
    this.#server.on('request', (request, response) => void this.#request(request, response))
    this.#server.on('upgrade', (request, socket, head) => {
      // whoever asked may be gone before it is told no
      socket.on('error', () => socket.destroy())
      const { pathname } = new URL(request.url ?? '/', 'http://x')
      const token = request.headers.authorization?.replace(/^Bearer /, '') ?? ''
      this.log.push(`UPGRADE ${pathname}`)
      if (!this.ways.streaming || pathname !== '/api/v1/streaming' || !this.tokens.has(token)) {
        socket.end(`HTTP/1.1 ${this.ways.streaming && pathname === '/api/v1/streaming' ? 401 : 404} No\r\n\r\n`)
        return
      }
      this.#sockets.handleUpgrade(request, socket, head, (made) => this.#sockets.emit('connection', made))
    })
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    this.world.origin = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
    return this
  }

  get origin(): string {
    return this.world.origin
  }

  get settings(): MastodonSettings {
    const { own, origin } = this.world
    const userId = `${origin}/users/office`
    return { handle: 'office', userId, server: this.world.host, live: { origin, id: own.id } }
  }

  get streams(): number {
    return this.#sockets.clients.size
  }

  /** Resolves when a stream was opened. */
  async streamOpened(): Promise<void> {
    if (this.streams === 0) await once(this.#sockets, 'connection')
  }

  /** Tells an event to everybody who listens. */
  push(event: string, payload: unknown): void {
    const text = JSON.stringify({
      stream: ['user'],
      event,
      payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
    })
    for (const client of this.#sockets.clients) if (client.readyState === WebSocket.OPEN) client.send(text)
  }

  pushNotification(one: Notification): void {
    this.push('notification', notification(this.world, one))
  }

  pushEdit(post: Post): void {
    this.push('status.update', status(this.world, post))
  }

  /** Closes all streams, without a word. */
  cutStreams(): void {
    for (const client of this.#sockets.clients) client.terminate()
  }

  /** Closes what was left waiting. */
  drop(): void {
    for (const response of this.#held) response.destroy()
    this.#held.clear()
  }

  async stop(): Promise<void> {
    this.cutStreams()
    this.#sockets.close()
    this.#server.closeAllConnections()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  async #request(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece as Buffer)
    const url = new URL(request.url ?? '/', this.origin)
    const bytes = Buffer.concat(pieces)
    const type = request.headers['content-type'] ?? ''
    const body =
      bytes.length > 0 && type.startsWith('application/json') ? (JSON.parse(bytes.toString('utf8')) as Call['body']) : undefined
    const call: Call = { method: request.method ?? 'GET', url, headers: request.headers, body, bytes }
    this.log.push(`${call.method} ${url.pathname}${url.search}`)
    this.calls.push(call)
    this.spec?.request(call.method, url, type, bytes.length > 0 ? (body ?? null) : undefined)
    if (this.stalling) {
      this.#held.add(response)
      return
    }
    const fault = this.always?.(call, response) ?? this.faults.shift()?.(call, response) ?? null
    if (fault === 'taken') return
    const reply = fault ?? route(this, call)
    if (fault === null && this.dropAnswers?.(call)) {
      response.destroy()
      return
    }
    this.#send(call, reply, fault === null, response)
  }

  #send({ method, url }: Call, reply: Reply, own: boolean, response: ServerResponse): void {
    const text = reply.raw ?? JSON.stringify(reply.body ?? {})
    if (own && reply.raw === undefined && this.ways === mastodonOf(this.ways))
      this.spec?.answer(method, url, reply.status, reply.body ?? {})
    const limit = this.remaining === null ? {} : this.#rate(this.remaining--)
    response.writeHead(reply.status, {
      'content-type': 'application/json; charset=utf-8',
      date: new Date(Date.now() + this.skew).toUTCString(),
      ...limit,
      ...reply.headers,
    })
    response.end(text)
  }

  #rate(remaining: number): Record<string, string> {
    const reset = new Date(Date.now() + this.skew + 120_000).toISOString()
    return { 'x-ratelimit-limit': '300', 'x-ratelimit-remaining': String(Math.max(0, remaining)), 'x-ratelimit-reset': reset }
  }
}

/** The same, when it is one that the description of Mastodon is of. */
function mastodonOf(ways: Ways): Ways | null {
  const { grouped, instance, accountUri, edits, ids } = ways
  return grouped && instance === 'v2' && accountUri && edits && ids === 'digits' ? ways : null
}
