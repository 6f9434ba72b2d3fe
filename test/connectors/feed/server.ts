import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** What the server answers one request with. */
export interface Answer {
  status?: number
  headers?: Record<string, string>
  body?: string | Uint8Array
}
export type Handler = (request: IncomingMessage, response: ServerResponse) => Answer | null

/** A web server on loopback that answers as told and remembers what it was asked. */
export interface WebServer {
  url: string
  /** Requests so far. */
  requests: { path: string; headers: IncomingMessage['headers'] }[]
  /** Answers every request from now on; null means that the handler answers by itself, or never. */
  handle(handler: Handler): void
  /** Closes every connection. */
  drop(): void
  stop(): Promise<void>
}

export async function startWebServer(handler: Handler): Promise<WebServer> {
  let current = handler
  const sockets = new Set<Socket>()
  const requests: WebServer['requests'] = []
  const server = createServer((request, response) => {
    requests.push({ path: request.url ?? '', headers: request.headers })
    const answer = current(request, response)
    if (answer === null) return
    response.writeHead(answer.status ?? 200, answer.headers)
    response.end(answer.body ?? '')
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const drop = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    handle(next) {
      current = next
    },
    drop,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        drop()
      }),
  }
}
