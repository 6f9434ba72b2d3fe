import { WebSocket } from 'ws'
import type { Socket, SocketRequest } from '#ports/index.ts'
import { ProblemError } from '#shared/model/index.ts'

/** Messages that may wait for their reader; one that cannot keep up would fill the memory. */
const MOST_WAITING = 10_000

/**
 * A WebSocket whose other side is pinged, so that a dead connection is noticed: silence on a push connection looks like peace.
 * @throws ProblemError `server_error`, `timed_out`; else what the connection met.
 */
export async function openSocket(request: SocketRequest): Promise<Socket> {
  const { host } = new URL(request.url)
  request.signal?.throwIfAborted()
  const socket = new WebSocket(request.url, request.protocols ?? [], {
    headers: { 'user-agent': 'Dispatch-Box', ...request.headers },
    maxPayload: request.maxBytes,
    handshakeTimeout: request.timeoutMs,
    followRedirects: false,
    perMessageDeflate: false,
  })
  const incoming = new Incoming(host)
  socket.on('message', (data, isBinary) => {
    if (!isBinary) incoming.push(data.toString())
  })
  const abort = () => socket.terminate()
  request.signal?.addEventListener('abort', abort, { once: true })
  const watch = new Heartbeat(socket, request.timeoutMs, () => incoming.fail(new ProblemError('timed_out', { host })))
  // Listens before it is open: what comes with the handshake is handed out in the same turn.
  const opened = new Promise<void>((resolve, reject) => {
    socket.once('open', () => {
      watch.start()
      resolve()
    })
    socket.once('unexpected-response', (_request, response) => {
      reject(new ProblemError('server_error', { host, detail: `HTTP ${response.statusCode ?? 0}` }))
      socket.terminate()
    })
    socket.on('error', (error) => {
      const late = error.message === 'Opening handshake has timed out'
      reject(late ? new ProblemError('timed_out', { host }, { cause: error }) : error)
      const large = 'code' in error && error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH'
      incoming.fail(
        large
          ? new ProblemError('too_large', { size: `over ${request.maxBytes}`, limit: request.maxBytes })
          : new ProblemError('connection_lost', { host }, { cause: error }),
      )
    })
  })
  socket.on('close', (code) => {
    watch.stop()
    request.signal?.removeEventListener('abort', abort)
    // 1006: the other side went away without a word (RFC 6455 section 7.4.1).
    if (code === 1006) incoming.fail(new ProblemError('connection_lost', { host }))
    else incoming.end()
  })
  await opened
  return {
    messages: incoming,
    send: (text) => socket.send(text),
    close: () => {
      incoming.end()
      socket.terminate()
    },
  }
}

/** What came and was not read yet, in order. */
class Incoming implements AsyncIterable<string> {
  #closed = false
  readonly #waiting: string[] = []
  #fault: ProblemError | null = null
  #wake: () => void = () => undefined
  readonly #host: string

  constructor(host: string) {
    this.#host = host
  }

  push(text: string): void {
    if (this.#closed) return
    this.#waiting.push(text)
    if (this.#waiting.length > MOST_WAITING) this.fail(new ProblemError('connection_lost', { host: this.#host }))
    this.#wake()
  }

  /** The first end counts: what comes after it changes nothing. */
  fail(fault: ProblemError): void {
    if (!this.#closed) this.#fault = fault
    this.end()
  }

  end(): void {
    this.#closed = true
    this.#wake()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    for (;;) {
      const next = this.#waiting.shift()
      if (next !== undefined) yield next
      else if (this.#fault) throw this.#fault
      else if (this.#closed) return
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
    }
  }
}

/** Pings in the middle of each span of silence; nothing heard for a whole one is the end. */
class Heartbeat {
  #heard = true
  #timer: ReturnType<typeof setInterval> | null = null
  readonly #beat: () => void
  readonly #everyMs: number

  constructor(socket: WebSocket, timeoutMs: number, dead: () => void) {
    this.#everyMs = timeoutMs / 2
    const hear = () => {
      this.#heard = true
    }
    for (const event of ['message', 'pong', 'ping'] as const) socket.on(event, hear)
    this.#beat = () => {
      if (!this.#heard) {
        dead()
        socket.terminate()
        return
      }
      this.#heard = false
      socket.ping()
    }
  }

  start(): void {
    this.#timer = setInterval(this.#beat, this.#everyMs)
    this.#timer.unref()
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer)
  }
}
