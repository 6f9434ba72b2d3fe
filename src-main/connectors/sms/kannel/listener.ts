import { timingSafeEqual } from 'node:crypto'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { ConnectorFault } from '#connectors/fault.ts'
import { limits } from '../limits.ts'

/** What Kannel handed over and waits to hear of. */
export interface Handed {
  /** `text`: a message; `report`: a delivery report. */
  kind: 'text' | 'report'
  query: string
  /** When it came, by `Clock.now`. */
  at: number
  /** Tells Kannel that it is safe here; false: that it shall come again. */
  answer(saved: boolean): void
}

/**
 * Where this computer takes in what Kannel hands over: `GET /sms` and `GET /report`, on loopback alone, with a token. Nothing is answered
 * before it is saved, so that Kannel keeps what we could not keep.
 */
export class Listener {
  readonly #port: number
  readonly #token: Buffer
  readonly #now: () => number
  readonly #arrived: () => void
  #server: Server | null = null
  #waiting: Handed[] = []

  /** @param arrived called when there is something to take. */
  constructor(port: number, token: string, now: () => number, arrived: () => void) {
    this.#port = port
    this.#token = Buffer.from(token)
    this.#now = now
    this.#arrived = arrived
  }

  /** Begins to listen. @throws ConnectorFault when another program has the port. */
  async open(): Promise<void> {
    if (this.#server) return
    const server = createServer({ maxHeaderSize: limits.requestBytes }, (request, response) => {
      this.#take(request.method ?? '', request.url ?? '', response)
      request.resume()
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => {
        const host = `127.0.0.1:${this.#port}`
        reject(new ConnectorFault('transient', 'port_taken', { host }, { cause: error }))
      })
      server.listen(this.#port, '127.0.0.1', resolve)
    })
    this.#server = server
  }

  /** What came since it was last asked, oldest first. Whoever takes it answers it. */
  take(): Handed[] {
    return this.#waiting.splice(0)
  }

  get waiting(): boolean {
    return this.#waiting.length > 0
  }

  /** Ends it at once; what was not saved comes again. */
  async close(): Promise<void> {
    const server = this.#server
    this.#server = null
    for (const handed of this.take()) handed.answer(false)
    if (!server) return
    await new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  }

  #take(method: string, target: string, response: ServerResponse): void {
    const mark = target.indexOf('?')
    const path = mark < 0 ? target : target.slice(0, mark)
    const query = mark < 0 ? '' : target.slice(mark + 1)
    const kind = path === '/sms' ? 'text' : path === '/report' ? 'report' : null
    const status = this.#refusal(kind, method, query)
    if (kind === null || status !== null) {
      end(response, status ?? 404)
      return
    }
    const answer = (saved: boolean) => end(response, saved ? 200 : 503)
    this.#waiting.push({ kind, query, at: this.#now(), answer })
    this.#arrived()
  }

  #refusal(kind: Handed['kind'] | null, method: string, query: string): number | null {
    if (kind === null) return 404
    if (method !== 'GET') return 405
    if (!this.#known(new URLSearchParams(query).get('token') ?? '')) return 403
    return this.#waiting.length >= limits.waiting ? 503 : null
  }

  #known(token: string): boolean {
    const given = Buffer.from(token)
    return given.length === this.#token.length && timingSafeEqual(given, this.#token)
  }
}

/** An empty body: with text in it, Kannel would send that as an answer to the sender. */
function end(response: ServerResponse, status: number): void {
  if (response.writableEnded) return
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'content-length': '0', connection: 'close' })
  response.end()
}
