import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, Socket } from 'node:net'
import type { Log } from '#ports/index.ts'
import type { ProblemCode } from '#shared/model/index.ts'
import { pageHeaders, readPage } from '../transport/pages.ts'
import type { Transport } from '../transport/serve.ts'
import { contractSockets, faultBody, refuseUpgrade } from '../transport/sockets.ts'
import { Guard } from './guard.ts'

export interface HttpHost {
  /** Address without a token. */
  readonly origin: string
  /** A new address that lets one browser in, once. */
  link(): string
  close(): Promise<void>
}

/**
 * The interface and the contract on loopback. Everything needs the cookie that a link is turned into; the request must
 * name this server, come from its own pages, and read only.
 * @param options `port` 0 takes any free one; `pages` is the folder of the built interface.
 */
export async function openHttpHost(options: { transport: Transport; pages: string; port: number; log: Log }): Promise<HttpHost> {
  const { log } = options
  const sockets = contractSockets(options.transport)
  const server = createServer()
  server.listen(options.port, '127.0.0.1')
  await once(server, 'listening')
  const guard = new Guard((server.address() as AddressInfo).port)
  const headers = pageHeaders(`'self' ${guard.origin.replace('http:', 'ws:')}`)

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    if (!guard.isOurs(request.headers)) return refuse(response, 421, 'forbidden_sender')
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD')
      return refuse(response, 405, 'bad_request')
    }
    const asked = `${guard.origin}${request.url ?? '/'}`
    if (!URL.canParse(asked)) return refuse(response, 404, 'not_found')
    const url = new URL(asked)
    const token = url.searchParams.get('token')
    if (url.pathname === '/' && token !== null) return enter(request, response, token)
    if (guard.isForeign(request.headers) || !guard.knows(request.headers)) return refuse(response, 403, 'forbidden_sender')
    const page = await readPage(options.pages, url.pathname)
    if (!page) return refuse(response, 404, 'not_found')
    response.setHeader('content-type', page.type)
    response.end(request.method === 'HEAD' ? undefined : page.body)
  }

  function enter(request: IncomingMessage, response: ServerResponse, token: string): void {
    const cookie = guard.redeem(token)
    if (cookie === null) {
      refuse(response, 403, 'forbidden_sender')
      return
    }
    response.setHeader('set-cookie', cookie)
    if (guard.isForeign(request.headers)) {
      // Arriving from a page of another origin (the local file that opened the browser): the strict cookie would not be
      // sent along a redirect from there, so this page goes on by itself.
      response.setHeader('content-type', 'text/html; charset=utf-8')
      response.end('<!doctype html><meta http-equiv="refresh" content="0;url=/">')
      return
    }
    response.writeHead(303, { location: '/' }).end()
  }

  function refuse(response: ServerResponse, status: number, code: ProblemCode): void {
    log.warn('http_refused', { status, code })
    response.writeHead(status, { 'content-type': 'application/json' }).end(faultBody(code))
  }

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    answer(request, response).catch((error: unknown) => {
      log.error('http_failed', { name: error instanceof Error ? error.message : 'unknown' })
      if (response.headersSent) response.destroy()
      else response.writeHead(500, { 'content-type': 'application/json' }).end(faultBody('internal'))
    })
  })
  server.on('upgrade', (request, socket, head) => {
    if (!(socket instanceof Socket)) return socket.destroy()
    socket.on('error', () => socket.destroy())
    const allowed = guard.isOurs(request.headers) && request.headers.origin !== undefined && !guard.isForeign(request.headers)
    if (!allowed || !guard.knows(request.headers)) {
      log.warn('socket_refused', { origin: request.headers.origin ?? '' })
      return refuseUpgrade(socket, 403, 'forbidden_sender')
    }
    if (request.url !== '/rpc') return refuseUpgrade(socket, 404, 'not_found')
    sockets.server.handleUpgrade(request, socket, head, (opened) => sockets.server.emit('connection', opened, request))
  })

  return {
    origin: guard.origin,
    link: () => guard.link(),
    async close() {
      sockets.close()
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
