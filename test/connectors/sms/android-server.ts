import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { SmsSettings } from '#shared/model/index.ts'
import type { Fault } from './twilio-server.ts'

export const USER = 'sms'
export const PASSWORD = 'password-of-the-phone'
export const OWN = '+15550100100'

interface Received {
  id: string
  sender: string
  text: string
  at: number
  type: 'SMS' | 'MMS_DOWNLOADED' | 'DATA_SMS'
  files: { partId: number; name: string; contentType: string; bytes: Uint8Array }[]
}

interface SentText {
  id: string
  to: string
  text: string
  state: string
  error: string | null
}

/**
 * The app's interface (<https://docs.sms-gate.app/integration/api/>) as far as the connector meets it: `GET /inbox`, its attachments,
 * `POST /message` and `GET /message/{id}`, with Basic authentication.
 */
export class AndroidServer {
  readonly inbox: Received[] = []
  readonly sent: SentText[] = []
  readonly requests: { method: string; path: string; body: string }[] = []
  faults: Fault[] = []
  refusing = false
  stalling = false
  /** An app from before there was an inbox to ask for. */
  old = false
  url = ''
  #count = 0
  readonly #sockets = new Set<Socket>()
  readonly #server = createServer((request, response) => void this.#handle(request, response))

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

  settings(): SmsSettings {
    return { provider: 'android', number: OWN, country: 'US', url: this.url, user: USER, sim: null, every: 1 }
  }

  receive(message: Partial<Received>): Received {
    const id = `text:${(++this.#count * 7919) | 0}`
    const received: Received = { id, sender: '+15550199199', text: 'hello', at: Date.now(), type: 'SMS', files: [], ...message }
    this.inbox.push(received)
    return received
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    const method = request.method ?? ''
    this.requests.push({ method, path: request.url ?? '', body })
    if (this.stalling) return
    const url = new URL(request.url ?? '', this.url)
    const honest = () => JSON.stringify(this.#answer(method, url, body).value)
    if (this.faults.shift()?.(request, response, honest)) return
    const known = request.headers.authorization === `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`
    if (!known || this.refusing) return json(response, 401, { message: 'Unauthorized' })
    const { status, value } = this.#answer(method, url, body)
    if (value instanceof Uint8Array) {
      response.writeHead(status, { 'content-type': 'application/octet-stream' })
      response.end(value)
    } else json(response, status, value)
  }

  #answer(method: string, url: URL, body: string): { status: number; value: unknown } {
    const path = url.pathname
    if (path === '/inbox' && !this.old) return { status: 200, value: this.#list(url.searchParams) }
    const file = /^\/inbox\/([^/]+)\/attachments\/(\d+)$/.exec(path)
    if (file) {
      const message = this.inbox.find(({ id }) => id === decodeURIComponent(file[1] ?? ''))
      const found = message?.files.find(({ partId }) => partId === Number(file[2]))
      return found ? { status: 200, value: found.bytes } : { status: 404, value: {} }
    }
    if (path === '/message' && method === 'POST') return this.#post(body)
    const sent = this.sent.find(({ id }) => path === `/message/${id}`)
    return sent ? { status: 200, value: this.#state(sent) } : { status: 404, value: { message: 'not found' } }
  }

  #post(body: string): { status: number; value: unknown } {
    const { id, textMessage, phoneNumbers } = JSON.parse(body) as {
      id: string
      textMessage: { text: string }
      phoneNumbers: [string]
    }
    if (phoneNumbers[0].endsWith('000')) return { status: 400, value: { message: 'invalid phone number' } }
    if (this.sent.some((one) => one.id === id)) return { status: 409, value: { message: 'message with this id exists' } }
    const sent: SentText = { id, to: phoneNumbers[0], text: textMessage.text, state: 'Pending', error: null }
    this.sent.push(sent)
    return { status: 202, value: this.#state(sent) }
  }

  #state({ id, to, state, error }: SentText): unknown {
    return { id, state, recipients: [{ phoneNumber: to, state, error }], isHashed: false, isEncrypted: false, states: {} }
  }

  #list(query: URLSearchParams): unknown {
    const from = Date.parse(query.get('from') ?? '1970-01-01')
    const to = Date.parse(query.get('to') ?? '9999-12-31')
    const [limit, offset] = [Number(query.get('limit') ?? 50), Number(query.get('offset') ?? 0)]
    return this.inbox
      .filter(({ at }) => at >= from && at <= to)
      .sort((one, other) => other.at - one.at || (one.id < other.id ? 1 : -1))
      .slice(offset, offset + limit)
      .map(({ id, type, sender, text, at, files }) => ({
        id,
        type,
        sender,
        recipient: null,
        simNumber: 1,
        contentPreview: text,
        createdAt: new Date(at).toISOString(),
        attachments: files.map(({ partId, name, contentType, bytes }) => ({ partId, name, contentType, size: bytes.length })),
      }))
  }
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' })
  response.end(JSON.stringify(value))
}
