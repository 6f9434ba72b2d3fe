import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, createServer as createPlainServer } from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { systemHttp } from '#hosts/ports/http.ts'
import type { HttpRequest } from '#ports/index.ts'
import { type Certificate, makeCertificate } from '../support/certificate.ts'
import { afterwards, folder, problemOf } from './support.ts'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

const get = (url: string, more: Partial<HttpRequest> = {}) =>
  systemHttp.fetch({ url, maxBytes: 1000, timeoutMs: 10_000, ...more })

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  afterwards(async () => {
    server.close()
    server.closeAllConnections()
  })
  return (server.address() as AddressInfo).port
}

async function serve(answer: Answer): Promise<string> {
  return `http://127.0.0.1:${await listen(createServer(answer))}`
}

describe('an answer', () => {
  test('comes with its status, headers, address and bytes, whatever the status', async () => {
    const at = await serve((request, response) => {
      response.writeHead(Number(request.url?.slice(1)), { 'X-Name': 'Value', etag: '"1"' }).end('bytes')
    })
    for (const status of [200, 304, 404, 500]) {
      const answer = await get(`${at}/${status}`)
      expect(answer).toMatchObject({ status, url: `${at}/${status}`, headers: { 'x-name': 'Value', etag: '"1"' } })
      expect(Buffer.from(answer.body).toString()).toBe(status === 304 ? '' : 'bytes')
    }
  })

  test('is taken at the limit and refused one byte over, also when it claims no length', async () => {
    const at = await serve((request, response) => {
      response.write('x')
      response.end('x'.repeat(Number(request.url?.slice(1)) - 1))
    })
    expect((await get(`${at}/1000`)).body).toHaveLength(1000)
    expect((await problemOf(get(`${at}/1001`))).code).toBe('too_large')
  })

  test('that grows when it is unpacked is measured unpacked', async () => {
    const at = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(50_000_000)))
    })
    expect(await problemOf(get(at, { maxBytes: 1_000_000 }))).toEqual({
      code: 'too_large',
      params: { size: 'over 1000000', limit: '1000000' },
    })
  })

  test('that never ends is given up in time; a caller that leaves gets its own reason', async () => {
    const at = await serve((_request, response) => void response.write('begun'))
    expect((await problemOf(get(at, { timeoutMs: 200 }))).code).toBe('timed_out')
    const leaving = new AbortController()
    const reason = new Error('left')
    const call = get(at, { signal: leaving.signal })
    leaving.abort(reason)
    await expect(call).rejects.toBe(reason)
  })

  test('cut off in the middle is a lost connection', async () => {
    const at = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('x')
      setImmediate(() => response.destroy())
    })
    expect((await problemOf(get(at))).code).toBe('connection_lost')
  })

  test('that is not HTTP is told of', async () => {
    const server = createPlainServer((socket) => void socket.end('220 mail.example ESMTP\r\n'))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    afterwards(async () => server.close())
    expect((await problemOf(get(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))).code).toBe('protocol')
  })
})

describe('a redirect', () => {
  const chain: Answer = (request, response) => {
    const left = Number(request.url?.slice(1))
    if (left > 0) response.writeHead(302, { location: `/${left - 1}` }).end()
    else response.end(JSON.stringify({ method: request.method, headers: request.headers }))
  }
  test('is followed as often as allowed', async () => {
    const at = await serve(chain)
    expect((await get(`${at}/5`)).url).toBe(`${at}/0`)
    expect((await problemOf(get(`${at}/6`))).params['detail']).toBe('too many redirects')
    expect((await get(`${at}/2`, { maxRedirects: 2 })).status).toBe(200)
    expect((await problemOf(get(`${at}/3`, { maxRedirects: 2 }))).code).toBe('protocol')
  })
  test('is given to a caller who wants to see it', async () => {
    const at = await serve(chain)
    expect(await get(`${at}/1`, { maxRedirects: 0 })).toMatchObject({ status: 302, headers: { location: '/0' } })
  })
  test('to another origin takes no credentials along, and no cookie is ever kept', async () => {
    const other = await serve((request, response) => void response.end(JSON.stringify(request.headers)))
    const at = await serve((_request, response) => void response.writeHead(307, { location: other, 'set-cookie': 'a=1' }).end())
    const answer = await get(at, { headers: { Authorization: 'Bearer x', Cookie: 'b=2', accept: 'text/plain' } })
    const headers = JSON.parse(Buffer.from(answer.body).toString()) as Record<string, string>
    expect(headers).toMatchObject({ accept: 'text/plain' })
    expect(headers).not.toHaveProperty('authorization')
    expect(headers).not.toHaveProperty('cookie')
  })
  test.each([
    [301, 'GET', ''],
    [302, 'GET', ''],
    [303, 'GET', ''],
    [307, 'POST', 'body'],
    [308, 'POST', 'body'],
  ])('of a POST by %i goes on as %s', async (status, method, body) => {
    const at = await serve((request, response) => {
      if (request.url === '/') response.writeHead(status, { location: '/next' }).end()
      else request.on('data', (part: Buffer) => response.write(part)).on('end', () => response.end(`|${request.method}`))
    })
    const answer = await get(`${at}/`, { method: 'POST', body: 'body', headers: { 'content-type': 'text/plain' } })
    expect(Buffer.from(answer.body).toString()).toBe(`${body}|${method}`)
  })
  test('to anything but the web is refused', async () => {
    for (const location of ['file:///etc/passwd', 'data:text/plain,x', 'ftp://x/', 'http://user:secret@127.0.0.1/']) {
      const at = await serve((_request, response) => void response.writeHead(302, { location }).end())
      const problem = await problemOf(get(at))
      expect(problem.code).toBe('address_invalid')
      expect(JSON.stringify(problem)).not.toContain('secret')
    }
  })
})

test.each(['ftp://x/', 'file:///etc/passwd', 'garbage', '', 'https://user:pw@host/'])('%j is no address', async (url) => {
  expect((await problemOf(get(url))).code).toBe('address_invalid')
})

test('nobody there, or no such name, is told apart', async () => {
  const server = createPlainServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  expect((await problemOf(get(`http://127.0.0.1:${port}`))).code).toBe('host_unreachable')
  // Reserved never to exist (RFC 6761); a computer without any name server calls it unreachable instead.
  expect(['host_unknown', 'host_unreachable']).toContain((await problemOf(get('http://nowhere.invalid'))).code)
})

describe('a certificate', () => {
  const serveTls = async (kind: Certificate, answer: Answer = (_request, response) => void response.end('secret')) => {
    const dir = await folder()
    makeCertificate(dir, kind)
    const server = createTlsServer(
      { key: await readFile(join(dir, 'key.pem')), cert: await readFile(join(dir, 'cert.pem')) },
      answer,
    )
    return `https://localhost:${await listen(server)}`
  }
  test.each<[Certificate, string, Record<string, RegExp>]>([
    ['self-signed', 'tls_untrusted', { fingerprint: /^[0-9a-f]{64}$/ }],
    // Its authority is not known here either, and that is noticed first.
    ['trusted', 'tls_untrusted', { fingerprint: /^[0-9a-f]{64}$/ }],
  ])('that is %s is told of as %s', async (kind, code, params) => {
    const at = await serveTls(kind)
    const problem = await problemOf(get(at))
    expect(problem.code).toBe(code)
    for (const [name, shape] of Object.entries(params)) expect(problem.params[name]).toMatch(shape)
    expect(problem.params['host']).toBe(new URL(at).host)
  })
  test('is not asked of a server that speaks plainly', async () => {
    const at = await serve((_request, response) => void response.end())
    expect((await problemOf(get(at.replace('http:', 'https:')))).code).toBe('protocol')
  })
})
