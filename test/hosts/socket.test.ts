import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createPlainServer, type Socket as Plain } from 'node:net'
import { describe, expect, test } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { isPrivate, systemHttp, systemSockets } from '#hosts/ports/http.ts'
import type { SocketRequest } from '#ports/index.ts'
import { afterwards, problemOf } from './support.ts'

async function serve(take: (socket: WebSocket) => void): Promise<string> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  server.on('connection', take)
  await once(server, 'listening')
  afterwards(async () => {
    for (const socket of server.clients) socket.terminate()
    server.close()
  })
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

const connect = (url: string, more: Partial<SocketRequest> = {}) =>
  systemSockets.connect({ url, maxBytes: 1000, timeoutMs: 10_000, ...more })

async function all(messages: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = []
  for await (const message of messages) found.push(message)
  return found
}

describe('a WebSocket', () => {
  test('hands over what comes in order, sends, and ends when the other side closes it', async () => {
    const heard: string[] = []
    const url = await serve((socket) => {
      socket.on('message', (data) => {
        heard.push(data.toString())
        for (const text of ['one', 'two', 'three']) socket.send(text)
        socket.close(1000)
      })
    })
    const socket = await connect(url)
    socket.send('begin')
    expect(await all(socket.messages)).toEqual(['one', 'two', 'three'])
    expect(heard).toEqual(['begin'])
  })

  test('keeps what came before it broke, and then says that it broke', async () => {
    const url = await serve((socket) => socket.send('last words', () => socket.terminate()))
    const socket = await connect(url)
    const found: string[] = []
    const reading = (async () => {
      for await (const message of socket.messages) found.push(message)
    })()
    expect((await problemOf(reading)).code).toBe('connection_lost')
    expect(found).toEqual(['last words'])
  })

  test('takes a message at the limit and refuses one byte over', async () => {
    const url = await serve((socket) => {
      socket.send('x'.repeat(1000))
      socket.send('x'.repeat(1001))
    })
    const socket = await connect(url)
    const found: string[] = []
    const reading = (async () => {
      for await (const message of socket.messages) found.push(message)
    })()
    expect((await problemOf(reading)).code).toBe('too_large')
    expect(found).toHaveLength(1)
  })

  test('notices another side that has gone silent', async () => {
    const open = new Set<Plain>()
    const server = createServer()
    server.on('upgrade', (request, plain) => {
      const key = createHash('sha1').update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      plain.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${key.digest('base64')}\r\n\r\n`,
      )
      open.add(plain as Plain)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    afterwards(async () => {
      for (const plain of open) plain.destroy()
      server.close()
    })
    const socket = await connect(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`, { timeoutMs: 200 })
    expect((await problemOf(all(socket.messages))).code).toBe('timed_out')
  })

  test('that is refused, cannot be reached, or does not open in time says so', async () => {
    const refusing = createServer((_request, response) => response.writeHead(503).end())
    refusing.on('upgrade', (_request, plain) => plain.end('HTTP/1.1 401 Unauthorized\r\n\r\n'))
    refusing.listen(0, '127.0.0.1')
    await once(refusing, 'listening')
    const mute = createPlainServer(() => undefined)
    mute.listen(0, '127.0.0.1')
    await once(mute, 'listening')
    afterwards(async () => {
      refusing.close()
      mute.close()
    })
    const at = (server: { address(): AddressInfo | string | null }) => `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`
    expect(await problemOf(connect(at(refusing)))).toMatchObject({ code: 'server_error', params: { detail: 'HTTP 401' } })
    expect((await problemOf(connect(at(mute), { timeoutMs: 200 }))).code).toBe('timed_out')
    expect((await problemOf(connect('ws://127.0.0.1:1/'))).code).toBe('host_unreachable')
  })

  test('without encryption goes to this computer only, and never carries a password in its address', async () => {
    for (const url of ['ws://social.example/', 'http://127.0.0.1/', 'wss://me:secret@social.example/', 'nonsense'])
      expect((await problemOf(connect(url))).code).toBe('address_invalid')
  })

  test('ends at once when it is given up', async () => {
    const url = await serve(() => undefined)
    const stop = new AbortController()
    const socket = await connect(url, { signal: stop.signal })
    const reading = problemOf(all(socket.messages))
    stop.abort(new Error('given up'))
    expect((await reading).code).toBe('connection_lost')
  })
})

describe('an address that a network named', () => {
  test('is not asked when it leads to this computer, by number or by name', async () => {
    let asked = 0
    const server = createServer((_request, response) => {
      asked++
      response.end('secret')
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    afterwards(async () => {
      server.close()
      server.closeAllConnections()
    })
    const { port } = server.address() as AddressInfo
    const get = (url: string) => systemHttp.fetch({ url, maxBytes: 1000, timeoutMs: 5000, outside: true })
    for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]'])
      expect((await problemOf(get(`http://${host}:${port}/`))).code).toBe('address_private')
    expect(asked).toBe(0)
  })

  test.each([
    ['10.1.2.3', true],
    ['172.31.255.255', true],
    ['172.32.0.1', false],
    ['192.168.0.1', true],
    ['169.254.169.254', true],
    ['100.64.0.1', true],
    ['100.128.0.1', false],
    ['224.0.0.1', true],
    ['8.8.8.8', false],
    ['::1', true],
    ['::', true],
    ['fd00::1', true],
    ['fe80::1', true],
    ['::ffff:10.0.0.1', true],
    ['2001:4860:4860::8888', false],
  ])('%s is inside: %s', (ip, expected) => expect(isPrivate(ip)).toBe(expected))
})
