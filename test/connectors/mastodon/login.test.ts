import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SignIns } from '#connectors/kit/sign-in.ts'
import { aboutMastodon } from '#connectors/mastodon/about.ts'
import { browserLogin, originOf, tokenLogin } from '#connectors/mastodon/login.ts'
import { systemClock } from '#hosts/ports/clock.ts'
import { systemHttp } from '#hosts/ports/http.ts'

const parts = { http: systemHttp, clock: systemClock }

interface Asked {
  path: string
  body: Record<string, string>
  token: string | null
}

/** As much of a server as a sign-in sees, on loopback. */
class LoginServer {
  readonly server: Server = createServer()
  readonly asked: Asked[] = []
  /** Answers by path, in the place of the usual ones. */
  readonly answers = new Map<string, { status: number; body: string; headers?: Record<string, string> }>()
  origin = ''

  async start(): Promise<void> {
    this.server.on('request', async (request, response) => {
      const pieces: Buffer[] = []
      for await (const piece of request) pieces.push(piece as Buffer)
      const text = Buffer.concat(pieces).toString('utf8')
      const { pathname } = new URL(request.url ?? '/', this.origin)
      const body = text === '' ? {} : (JSON.parse(text) as Record<string, string>)
      this.asked.push({ path: pathname, body, token: request.headers.authorization ?? null })
      const own = { id: '7', username: 'office', acct: 'office', uri: `${this.origin}/users/office` }
      const usual = new Map<string, unknown>([
        ['/api/v1/apps', { id: '1', client_id: 'cid', client_secret: 'csecret' }],
        ['/oauth/token', { access_token: 'the-token', token_type: 'Bearer', scope: 'read write', created_at: 1 }],
        ['/api/v1/accounts/verify_credentials', own],
        ['/.well-known/webfinger', { links: [{ rel: 'self', type: 'application/activity+json', href: `${this.origin}/ap/7` }] }],
      ])
      const special = this.answers.get(pathname)
      const known = usual.get(pathname)
      const headers = { 'content-type': 'application/json', ...special?.headers }
      response.writeHead(special?.status ?? (known === undefined ? 404 : 200), headers)
      response.end(special?.body ?? JSON.stringify(known ?? { error: 'Record not found' }))
    })
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    this.origin = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  stop(): Promise<void> {
    this.server.closeAllConnections()
    return new Promise((resolve) => this.server.close(() => resolve()))
  }
}

let server: LoginServer
let flows: SignIns
beforeEach(async () => {
  server = new LoginServer()
  await server.start()
  flows = new SignIns(systemClock)
})
afterEach(async () => {
  await flows.close()
  await server.stop()
})

const back = (url: string, values: Record<string, string>) => {
  const asked = new URL(url).searchParams
  const to = new URL(asked.get('redirect_uri') as string)
  for (const [name, value] of Object.entries({ state: asked.get('state') as string, ...values })) to.searchParams.set(name, value)
  return fetch(to)
}

describe('signing in to a server', () => {
  it('registers, asks for a code with PKCE, and learns whose account it is', async () => {
    const { flow, url } = await flows.begin(browserLogin(parts, server.origin))
    const asked = new URL(url).searchParams
    expect(url.startsWith(`${server.origin}/oauth/authorize?`)).toBe(true)
    expect(Object.fromEntries(asked)).toMatchObject({ response_type: 'code', client_id: 'cid', scope: 'read write' })
    expect(server.asked[0]).toMatchObject({ path: '/api/v1/apps', body: { redirect_uris: asked.get('redirect_uri') } })
    await back(url, { code: 'the-code' })
    expect(await flows.wait(flow)).toEqual({ done: true, problem: null })
    const exchange = server.asked.find(({ path }) => path === '/oauth/token')
    expect(exchange?.body).toMatchObject({ grant_type: 'authorization_code', code: 'the-code', client_secret: 'csecret' })
    const verifier = exchange?.body['code_verifier'] ?? ''
    expect(createHash('sha256').update(verifier).digest('base64url')).toBe(asked.get('code_challenge'))
    expect(await flows.take(flow)).toEqual({
      secret: 'the-token',
      label: `@office@${new URL(server.origin).host}`,
      settings: {
        network: 'mastodon',
        mastodon: {
          handle: 'office',
          userId: `${server.origin}/users/office`,
          server: new URL(server.origin).host,
          live: { origin: server.origin, id: '7' },
        },
      },
    })
  })

  it('is refused, and says so, when the server does not take the code', async () => {
    server.answers.set('/oauth/token', { status: 400, body: '{"error":"invalid_grant"}' })
    const { flow, url } = await flows.begin(browserLogin(parts, server.origin))
    await back(url, { code: 'old' })
    expect(await flows.wait(flow)).toMatchObject({ done: false, problem: { code: 'login_failed' } })
  })

  it('finds out what the account is called everywhere where the server does not say it', async () => {
    server.answers.set('/api/v1/accounts/verify_credentials', { status: 200, body: '{"id":"u-7","username":"office"}' })
    const { settings } = await tokenLogin(parts, server.origin, 'x')
    expect(settings).toMatchObject({ mastodon: { userId: `${server.origin}/ap/7`, live: { id: 'u-7' } } })
    expect(server.asked.at(-1)?.path).toBe('/.well-known/webfinger')
    server.answers.set('/.well-known/webfinger', { status: 404, body: '<html>' })
    expect((await tokenLogin(parts, server.origin, 'x')).settings).toMatchObject({ mastodon: { userId: null } })
  })

  it.each([
    [401, '{"error":"The access token is invalid"}', 'login', 'login_expired'],
    [422, '{"error":"This method requires an authenticated user"}', 'login', 'login_expired'],
    [403, '{"error":"Your login is currently disabled"}', 'login', 'login_expired'],
    [404, '<html>', 'decision', 'not_a_server'],
    [200, '<html>', 'transient', 'protocol'],
    [200, '{}', 'decision', 'not_a_server'],
    [503, '<html>', 'transient', 'server_error'],
    [429, '{}', 'rate', 'rate_limited'],
  ])('a token answered with %i %s is %s / %s', async (status, body, kind, code) => {
    server.answers.set('/api/v1/accounts/verify_credentials', { status, body })
    const fault = await tokenLogin(parts, server.origin, 'secret-token').catch((error: unknown) => error)
    expect(fault).toMatchObject({ kind, code })
    expect(String(fault)).not.toContain('secret-token')
  })

  it('gives its token to no other server', async () => {
    const other = new LoginServer()
    await other.start()
    const headers = { location: `${other.origin}/api/v1/accounts/verify_credentials` }
    server.answers.set('/api/v1/accounts/verify_credentials', { status: 302, body: '', headers })
    await expect(tokenLogin(parts, server.origin, 'x')).rejects.toMatchObject({ code: 'server_elsewhere' })
    expect(other.asked).toEqual([])
    await other.stop()
  })
})

describe('a server as people write it', () => {
  it.each([
    ['social.example', 'https://social.example'],
    ['https://Social.example/@office', 'https://social.example'],
    ['@office@social.example', 'https://social.example'],
    ['http://127.0.0.1:3000', 'http://127.0.0.1:3000'],
  ])('%s is %s', (text, origin) => expect(originOf(text)).toBe(origin))
  it.each(['http://social.example', 'ftp://social.example', '', 'a b', 'http://127.0.0.1.example'])('%s is none', (text) =>
    expect(() => originOf(text)).toThrow(expect.objectContaining({ code: 'address_invalid' })),
  )
})

describe('whose account it is', () => {
  const stored = { handle: 'office', userId: 'https://a.example/users/office', server: 'a.example', live: null }
  const signed = { ...stored, live: { origin: 'https://a.example', id: '7' } }
  const { adopt } = aboutMastodon

  it('becomes live when the same signs in', () => {
    expect(adopt?.(stored, signed)).toEqual(signed)
    expect(adopt?.({ handle: null, userId: null, server: null, live: null }, signed)).toEqual(signed)
    expect(adopt?.(stored, { ...signed, handle: 'new-name' })).toMatchObject({ handle: 'new-name' })
    expect(adopt?.(stored, { ...signed, userId: null })).toEqual(signed)
  })

  it('is refused by both names when it is another', () => {
    const other = { ...signed, handle: 'member', userId: 'https://a.example/users/member' }
    expect(() => adopt?.(stored, other)).toThrow(
      expect.objectContaining({ code: 'account_other', params: { found: '@member@a.example', expected: '@office@a.example' } }),
    )
    expect(() => adopt?.({ ...stored, userId: null }, { ...signed, server: 'b.example' })).toThrow('account is @office@a.example')
  })
})
