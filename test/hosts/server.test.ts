import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { type IncomingHttpHeaders, request } from 'node:http'
import { connect as connectSocket } from 'node:net'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type HttpHost, openHttpHost } from '#hosts/server/http-server.ts'
import { createTransport } from '#hosts/transport/serve.ts'
import { connect } from '#shared/contract/client.ts'
import { socketWire } from '#shared/contract/wire.ts'
import { fakeService, memoryLog } from '../contract/fake.ts'
import { afterwards, folder } from './support.ts'

let host: HttpHost
let port: number
let cookie: string

beforeEach(async () => {
  const root = await folder()
  const pages = join(root, 'renderer')
  await mkdir(join(pages, 'assets'), { recursive: true })
  await writeFile(join(root, 'secret.json'), '"secret"')
  await writeFile(join(pages, 'index.html'), '<!doctype html>')
  await writeFile(join(pages, 'assets', 'a.js'), 'export {}')
  await writeFile(join(pages, '.env'), 'secret')
  await writeFile(join(pages, 'notes.md'), 'unknown type')
  await symlink(join(root, 'secret.json'), join(pages, 'link.json'))
  const log = memoryLog()
  const transport = createTransport(fakeService().router, log)
  host = await openHttpHost({ transport, pages, port: 0, log })
  afterwards(async () => {
    transport.close()
    await host.close()
  })
  port = Number(new URL(host.origin).port)
  cookie = cookieOf(await ask(pathOf(host.link())))
})

describe('a link', () => {
  test('becomes a strict cookie and leads to an address without it', async () => {
    const answer = await ask(pathOf(host.link()))
    expect([answer.status, answer.headers.location]).toEqual([303, '/'])
    expect(answer.headers['set-cookie']).toEqual([
      expect.stringMatching(/^dispatch-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/),
    ])
    expect(await status('/', { cookie: cookieOf(answer) })).toBe(200)
  })
  test('works once', async () => {
    const path = pathOf(host.link())
    expect((await ask(path)).status).toBe(303)
    expect((await ask(path)).status).toBe(403)
  })
  test('opened from a page of another origin goes on by itself, because no strict cookie follows a redirect from there', async () => {
    const answer = await ask(pathOf(host.link()), { 'sec-fetch-site': 'cross-site' })
    expect([answer.status, answer.body]).toEqual([200, expect.stringContaining('url=/"')])
    expect(await status('/', { cookie: cookieOf(answer) })).toBe(200)
  })
  test('gives way when many are made and none is opened', async () => {
    const first = pathOf(host.link())
    for (let made = 0; made < 20; made++) host.link()
    expect(await status(first)).toBe(403)
  })
  test('is not guessed', async () => {
    for (const token of ['', 'x', '='.repeat(5000), '%00', 'a&token=b']) expect(await status(`/?token=${token}`)).toBe(403)
  })
})

describe('a request', () => {
  test.each([
    ['/', 'text/html; charset=utf-8'],
    ['/index.html', 'text/html; charset=utf-8'],
    ['/assets/a.js', 'text/javascript; charset=utf-8'],
    ['/assets/a.js?v=1', 'text/javascript; charset=utf-8'],
  ])('gets %s', async (path, type) => {
    const answer = await ask(path, { cookie })
    expect([answer.status, answer.headers['content-type']]).toEqual([200, type])
  })

  test.each([
    '/../secret.json',
    '/..%2fsecret.json',
    '/%2e%2e/secret.json',
    '/assets/../../secret.json',
    '/assets/..%5c..%5csecret.json',
    '//secret.json',
    '/link.json',
    '/.env',
    '/assets',
    '/assets/',
    '/notes.md',
    '/missing.js',
    '/%00.js',
    '/%zz.js',
    '/index.html/x.js',
    `/${'a'.repeat(5000)}.js`,
  ])('finds nothing at %s', async (path) => {
    expect(await status(path, { cookie })).toBe(404)
  })

  test.each<[string, Record<string, string>, number]>([
    ['no cookie', {}, 403],
    ['a wrong cookie', { cookie: 'dispatch-1=x' }, 403],
    ['a foreign origin', { origin: 'https://elsewhere.invalid' }, 403],
    ['a neighbour on another port', { origin: 'http://127.0.0.1:1' }, 403],
    ['an opaque origin', { origin: 'null' }, 403],
    ['a cross-site request', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a same-site request of another port', { 'sec-fetch-site': 'same-site' }, 403],
    ['another name for this address', { host: 'elsewhere.invalid' }, 421],
    ['this name at another port', { host: '127.0.0.1:1' }, 421],
  ])('with %s is refused', async (what, headers, expected) => {
    const given = what.includes('cookie') ? headers : { cookie, ...headers }
    const answer = await ask('/', given)
    expect([answer.status, JSON.parse(answer.body)]).toEqual([
      expected,
      { error: expect.objectContaining({ code: 'forbidden_sender' }) },
    ])
  })

  test.each(['GET / HTTP/1.0', 'GET http://elsewhere.invalid/ HTTP/1.0'])('that names no host (%s) is refused', async (line) => {
    const socket = connectSocket(port, '127.0.0.1')
    socket.end(`${line}\r\nCookie: ${cookie}\r\n\r\n`)
    const parts: Buffer[] = []
    for await (const part of socket) parts.push(part as Buffer)
    expect(Buffer.concat(parts).toString()).toMatch(/^HTTP\/1\.1 421 /)
  })

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('may not %s', async (method) => {
    expect(await status('/', { cookie }, method)).toBe(405)
  })

  test('is answered with the strict headers, also when it is refused', async () => {
    for (const headers of [{ cookie }, {}]) {
      const answer = await ask('/', headers)
      expect(answer.headers).toMatchObject({
        'content-security-policy': expect.stringContaining("default-src 'none'; script-src 'self';"),
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      })
    }
  })
  test('of HEAD has no body', async () => {
    expect(await ask('/', { cookie }, 'HEAD')).toMatchObject({ status: 200, body: '' })
  })
})

describe('a socket', () => {
  test('of the page carries the contract', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/rpc`, { headers: { cookie, origin: host.origin } })
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
    const connection = connect(socketWire(socket))
    expect(await connection.client.identities.list()).toHaveLength(1)
    connection.close()
    await connection.closed
  })

  test.each<[string, () => Record<string, string>, string, number]>([
    ['without the cookie', () => ({ origin: host.origin }), '/rpc', 403],
    ['without an origin', () => ({ cookie }), '/rpc', 403],
    ['of another origin', () => ({ cookie, origin: 'https://elsewhere.invalid' }), '/rpc', 403],
    ['of another port', () => ({ cookie, origin: 'http://127.0.0.1:1' }), '/rpc', 403],
    ['by another name', () => ({ cookie, origin: 'http://elsewhere.invalid', host: 'elsewhere.invalid' }), '/rpc', 403],
    ['at another path', () => ({ cookie, origin: host.origin }), '/other', 404],
  ])('%s is refused with a typed fault', async (_what, headers, path, expected) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers: headers() })
    const answer = await new Promise<Answer>((resolve, reject) => {
      socket.once('error', reject)
      socket.once('unexpected-response', (_request, response) => collect(response).then(resolve, reject))
    })
    expect(answer.status).toBe(expected)
    expect(JSON.parse(answer.body)).toEqual({
      error: expect.objectContaining({ code: expected === 403 ? 'forbidden_sender' : 'not_found' }),
    })
  })
})

test('only this computer is listened to', () => {
  expect(new URL(host.origin).hostname).toBe('127.0.0.1')
})

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

/** Asks with the path exactly as given, which `fetch` would tidy up. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const own = request({
      host: '127.0.0.1',
      port,
      path,
      method,
      headers: { host: `127.0.0.1:${port}`, ...headers },
      agent: false,
    })
    own.once('error', reject)
    own.once('response', (response) => collect(response).then(resolve, reject))
    own.end()
  })
}

async function collect(
  response: AsyncIterable<Buffer> & { statusCode?: number | undefined; headers: IncomingHttpHeaders },
): Promise<Answer> {
  const parts: Buffer[] = []
  for await (const part of response) parts.push(part)
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts).toString() }
}

async function status(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<number> {
  return (await ask(path, headers, method)).status
}

function pathOf(link: string): string {
  const url = new URL(link)
  return url.pathname + url.search
}

function cookieOf(answer: Answer): string {
  return answer.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
}
