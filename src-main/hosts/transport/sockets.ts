import type { Socket } from 'node:net'
import { WebSocketServer } from 'ws'
import { MAX_FRAME_BYTES } from '#shared/contract/index.ts'
import { socketWire } from '#shared/contract/wire.ts'
import { describeProblem, type ProblemCode } from '#shared/model/index.ts'
import type { Transport } from './serve.ts'

/** A side that answers no ping for this long is gone. Browsers and `ws` answer by themselves. */
const PING_MS = 30_000

/** WebSockets that carry the contract, ended when the other side stops answering. */
export function contractSockets(transport: Transport): { server: WebSocketServer; close(): void } {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    clientTracking: true,
  })
  const silent = new WeakSet<object>()
  server.on('connection', (socket) => {
    // `ws` closes the socket itself after an error (an oversize or broken frame); the wire hears of the close.
    socket.on('error', () => socket.terminate())
    socket.on('pong', () => silent.delete(socket))
    transport.serve(socketWire(socket))
  })
  const timer = setInterval(() => {
    for (const socket of server.clients) {
      if (silent.has(socket)) socket.terminate()
      else {
        silent.add(socket)
        socket.ping()
      }
    }
  }, PING_MS)
  timer.unref()
  return {
    server,
    close() {
      clearInterval(timer)
      for (const socket of server.clients) socket.terminate()
      server.close()
    },
  }
}

const reasons = { 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found' } as const

/** Answers a refused upgrade with the typed fault as JSON, and ends it. */
export function refuseUpgrade(socket: Socket, status: keyof typeof reasons, code: ProblemCode): void {
  const body = faultBody(code)
  socket.end(
    `HTTP/1.1 ${status} ${reasons[status]}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}

/** A fault as the body of an HTTP answer: `{"error":{"code","message"}}`. */
export function faultBody(code: ProblemCode): string {
  return JSON.stringify({ error: { code, message: describeProblem({ code, params: {} }) } })
}
