import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** One request as it came to the proxy. */
export interface Asked {
  method: string
  /** Name of the call, `com.atproto.repo.listRecords`. */
  name: string
  url: URL
  headers: IncomingMessage['headers']
  body: Buffer
}

export interface Answer {
  status?: number
  headers?: Record<string, string>
  body?: string | Uint8Array
  /** How many bytes of the body are sent before the connection is destroyed. */
  cutAt?: number
}

/** What is done with a request: an answer of the proxy's own, `pass` to the server, `close` without a word, `stall` for ever. */
export type Deed = Answer | 'pass' | 'close' | 'stall'

/** Stands before a real server on loopback and does to requests and answers what it is told. */
export interface LoopbackProxy {
  url: string
  /** All requests so far. */
  asked: Asked[]
  /** Decides for each request; `pass` until it is set. */
  decide: (asked: Asked) => Deed | Promise<Deed>
  /** Changes an answer of the server on its way back. */
  change: (asked: Asked, answer: { status: number; body: Buffer }) => Answer | null
  /** Closes every connection. */
  drop(): void
  stop(): Promise<void>
}

export async function startProxy(target: string): Promise<LoopbackProxy> {
  const sockets = new Set<Socket>()
  const proxy: LoopbackProxy = {
    url: '',
    asked: [],
    decide: () => 'pass',
    change: () => null,
    drop: () => {
      for (const socket of sockets) socket.destroy()
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        proxy.drop()
      }),
  }
  const server = createServer((request, response) => {
    answer(proxy, target, request, response).catch(() => response.destroy())
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  proxy.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return proxy
}

async function answer(proxy: LoopbackProxy, target: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  const url = new URL(request.url ?? '/', target)
  const { method = 'GET', headers } = request
  const asked: Asked = { method, name: url.pathname.replace('/xrpc/', ''), url, headers, body: Buffer.concat(pieces) }
  proxy.asked.push(asked)
  const deed = await proxy.decide(asked)
  if (deed === 'stall') return
  if (deed === 'close') {
    response.destroy()
    return
  }
  if (deed !== 'pass') {
    send(response, deed)
    return
  }
  const kept = Object.entries(headers).filter(([name]) => !['host', 'connection', 'content-length'].includes(name))
  const from = await fetch(url, {
    method,
    headers: kept.map(([name, value]): [string, string] => [name, String(value)]),
    redirect: 'manual',
    ...(method === 'GET' ? {} : { body: new Uint8Array(asked.body) }),
  })
  const body = Buffer.from(await from.arrayBuffer())
  const own = Object.fromEntries(
    [...from.headers].filter(([name]) => !/^(content-(length|encoding)|transfer-encoding|connection)$/.test(name)),
  )
  const changed = proxy.change(asked, { status: from.status, body }) ?? {}
  send(response, { status: from.status, body, ...changed, headers: { ...own, ...changed.headers } })
}

function send(response: ServerResponse, { status = 200, headers = {}, body = '', cutAt }: Answer): void {
  const bytes = Buffer.from(body)
  response.writeHead(status, { 'content-type': 'application/json', ...headers, 'content-length': String(bytes.length) })
  if (cutAt === undefined) response.end(bytes)
  else response.write(bytes.subarray(0, cutAt), () => response.destroy())
}
