import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SignIns } from '#connectors/kit/sign-in.ts'
import { mailLogin } from '#connectors/mail/browser-login.ts'
import { mailConnector } from '#connectors/mail/connector.ts'
import type { OAuthProvider, Tokens } from '#connectors/mail/oauth.ts'
import { systemClock } from '#hosts/ports/clock.ts'
import { systemHttp } from '#hosts/ports/http.ts'
import type { MailSettings } from '#shared/model/index.ts'
import { MemoryOffice } from '../../support/context.ts'
import { type Dovecot, startDovecot } from '../../support/dovecot.ts'
import { needs } from '../../support/needs.ts'
import { startScriptedImap } from '../../support/scripted-imap.ts'
import { mail, settingsFor } from './samples.ts'

const none = new AbortController().signal

/** A provider's token endpoint and the introspection that a mail server asks, on loopback. */
class TokenServer {
  server: Server = createServer()
  url = ''
  requests: Record<string, string>[] = []
  answer: { status: number; body: string; headers?: Record<string, string> } | null = null
  valid = new Set<string>()
  private issued = 0

  async start(): Promise<void> {
    this.server.on('request', (request, response) => {
      let text = ''
      request.on('data', (data) => {
        text += data
      })
      request.on('end', () => {
        const fields = Object.fromEntries(new URLSearchParams(text))
        if (request.url === '/introspect') {
          const active = this.valid.has(fields['token'] ?? '')
          response.writeHead(200, { 'content-type': 'application/json' })
          response.end(JSON.stringify(active ? { active: true, email: 'office@parliament.example' } : { active: false }))
          return
        }
        this.requests.push(fields)
        if (this.answer !== null) {
          response.writeHead(this.answer.status, { 'content-type': 'application/json', ...this.answer.headers })
          response.end(this.answer.body)
          return
        }
        const token = `access-${++this.issued}`
        this.valid.add(token)
        response.writeHead(200, { 'content-type': 'application/json' })
        response.end(
          JSON.stringify({
            access_token: token,
            expires_in: 3600,
            refresh_token: `refresh-${this.issued}`,
            token_type: 'Bearer',
          }),
        )
      })
    })
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  stop(): Promise<void> {
    this.server.closeAllConnections()
    return new Promise((resolve) => this.server.close(() => resolve()))
  }
}

let tokens: TokenServer
beforeEach(async () => {
  tokens = new TokenServer()
  await tokens.start()
})
afterEach(() => tokens.stop())

const secretOf = (change: Partial<Tokens> = {}): string =>
  JSON.stringify({
    tokenUrl: `${tokens.url}/token`,
    clientId: 'client',
    clientSecret: null,
    scope: 'mail',
    accessToken: 'access-0',
    refreshToken: 'refresh-0',
    expiresAt: Date.now() + 3_600_000,
    ...change,
  } satisfies Tokens)

describe('signing in with a browser', () => {
  const provider = (): OAuthProvider => ({
    authorizeUrl: 'https://provider.example/auth',
    tokenUrl: `${tokens.url}/token`,
    scope: 'mail',
    extra: { prompt: 'consent' },
  })
  let flows: SignIns
  beforeEach(() => {
    flows = new SignIns(systemClock)
  })
  afterEach(() => flows.close())
  const begin = () => {
    const request = { provider: 'google' as const, address: 'a@b.example', clientId: 'client', clientSecret: 's3cret' }
    return flows.begin(mailLogin(systemHttp, systemClock, request, { google: provider(), microsoft: provider() }))
  }
  const redirect = (url: string, values: Record<string, string>) => {
    const back = new URL(new URL(url).searchParams.get('redirect_uri') as string)
    for (const [name, value] of Object.entries(values)) back.searchParams.set(name, value)
    return fetch(back)
  }

  it('asks for a code with PKCE, and turns it into tokens once', async () => {
    const { flow, url } = await begin()
    const asked = new URL(url).searchParams
    expect(asked.get('redirect_uri')).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/)
    expect(Object.fromEntries(asked)).toMatchObject({
      response_type: 'code',
      client_id: 'client',
      scope: 'mail',
      code_challenge_method: 'S256',
      login_hint: 'a@b.example',
      prompt: 'consent',
    })
    const waiting = flows.wait(flow)
    expect((await redirect(url, { state: asked.get('state') as string, code: 'the-code' })).status).toBe(200)
    expect(await waiting).toEqual({ done: true, problem: null })
    const [request] = tokens.requests
    expect(request).toMatchObject({
      grant_type: 'authorization_code',
      code: 'the-code',
      client_secret: 's3cret',
      redirect_uri: asked.get('redirect_uri'),
    })
    expect(
      createHash('sha256')
        .update(request?.['code_verifier'] ?? '')
        .digest('base64url'),
    ).toBe(asked.get('code_challenge'))
    const { secret, settings } = await flows.take(flow)
    expect(settings).toBeNull()
    expect(JSON.parse(secret)).toMatchObject({
      accessToken: 'access-1',
      refreshToken: 'refresh-1',
      clientSecret: 's3cret',
    })
    await expect(flows.take(flow)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('takes no answer that does not carry its own state', async () => {
    const { flow, url } = await begin()
    expect((await redirect(url, { state: 'another', code: 'stolen' })).status).toBe(404)
    expect((await redirect(url, { code: 'stolen' })).status).toBe(404)
    const state = new URL(url).searchParams.get('state') as string
    await redirect(url, { state, code: 'good' })
    await flows.wait(flow)
    expect(tokens.requests.map((request) => request['code'])).toEqual(['good'])
  })

  it('says when the person refused, and when the provider did', async () => {
    const first = await begin()
    await redirect(first.url, { state: new URL(first.url).searchParams.get('state') as string, error: 'access_denied' })
    expect(await flows.wait(first.flow)).toEqual({ done: false, problem: null })
    tokens.answer = { status: 400, body: '{"error":"invalid_grant"}' }
    const second = await begin()
    await redirect(second.url, { state: new URL(second.url).searchParams.get('state') as string, code: 'old' })
    expect(await flows.wait(second.flow)).toMatchObject({ done: false, problem: { code: 'login_expired' } })
    await expect(flows.take(second.flow)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('stops listening when it is closed', async () => {
    const { flow, url } = await begin()
    const waiting = flows.wait(flow)
    await flows.close()
    expect(await waiting).toEqual({ done: false, problem: null })
    await expect(redirect(url, {})).rejects.toThrow()
  })
})

describe('a token that has ended', () => {
  const open = async (secret: string, signIn: (sent: string) => string | null) => {
    const server = await startScriptedImap({
      capabilities: ['AUTH=XOAUTH2', 'SASL-IR'],
      folders: { INBOX: { mails: [] } },
      signIn,
    })
    const settings: MailSettings = {
      address: 'office@parliament.example',
      user: 'office@parliament.example',
      auth: 'oauth2',
      imap: { host: '127.0.0.1', port: server.port, security: 'none' },
      smtp: null,
      folders: [],
      ca: null,
      pins: {},
    }
    const office = new MemoryOffice({ settings, secret, http: systemHttp })
    const client = mailConnector.create(office.open())
    return { office, check: () => client.check(none), end: () => client.close().then(() => server.stop()) }
  }
  const accepts = (token: string) => (sent: string) =>
    sent === `user=office@parliament.example\u0001auth=Bearer ${token}\u0001\u0001` ? null : '{"status":"401","schemes":"bearer"}'

  it('is renewed before it is used, and the new one is kept', async () => {
    const { office, check, end } = await open(secretOf({ expiresAt: Date.now() + 1000 }), accepts('access-1'))
    await check()
    expect(tokens.requests).toEqual([
      { client_id: 'client', grant_type: 'refresh_token', refresh_token: 'refresh-0', scope: 'mail' },
    ])
    expect(JSON.parse(office.secret ?? '')).toMatchObject({ accessToken: 'access-1', refreshToken: 'refresh-1' })
    await end()
  })

  it('is renewed once when the server refuses it before its time', async () => {
    const { check, end } = await open(secretOf(), accepts('access-1'))
    await check()
    expect(tokens.requests).toHaveLength(1)
    await end()
  })

  it('is a lost sign-in when the server refuses the new one too', async () => {
    const { check, end } = await open(secretOf(), () => '{"status":"401"}')
    await expect(check()).rejects.toMatchObject({ kind: 'login', code: 'login_expired' })
    expect(tokens.requests).toHaveLength(1)
    await end()
  })

  it.each([
    [400, '{"error":"invalid_grant"}', 'login', 'login_expired'],
    [401, '{"error":"invalid_client"}', 'login', 'login_expired'],
    [400, '{"error":"temporarily_unavailable"}', 'transient', 'server_error'],
    [400, '<html>', 'transient', 'server_error'],
    [500, '{"error":"invalid_grant"}', 'transient', 'server_error'],
    [503, '', 'transient', 'server_error'],
    [200, '{}', 'transient', 'protocol'],
    [200, 'garbage', 'transient', 'protocol'],
    [429, '', 'rate', 'rate_limited'],
  ])('answered with %i %s is %s', async (status, body, kind, code) => {
    tokens.answer = { status, body, headers: { 'retry-after': '120' } }
    const secret = secretOf({ expiresAt: 0 })
    const { office, check, end } = await open(secret, accepts('access-1'))
    const fault = await check().catch((error: unknown) => error)
    expect(fault).toMatchObject({ kind, code })
    if (kind === 'rate') expect((fault as { retryAt: number }).retryAt).toBeGreaterThan(Date.now() + 100_000)
    expect(office.secret).toBe(secret)
    expect(String(fault)).not.toMatch(/refresh-0|access-0/)
    await end()
  })

  it('is in passing when the provider cannot be reached', async () => {
    const gone = new TokenServer()
    await gone.start()
    await gone.stop()
    const { check, end } = await open(secretOf({ expiresAt: 0, tokenUrl: `${gone.url}/token` }), accepts('x'))
    await expect(check()).rejects.toMatchObject({ kind: 'transient', code: 'host_unreachable' })
    await end()
  })

  it('is a lost sign-in when the secret is no set of tokens', async () => {
    const { check, end } = await open('an old password', accepts('x'))
    await expect(check()).rejects.toMatchObject({ kind: 'login', code: 'login_expired' })
    await end()
  })
})

needs('dovecot')('a real server that takes tokens', () => {
  let server: Dovecot
  afterEach(() => server.stop())

  it('lets in who has a good one, after renewing a bad one', async () => {
    server = await startDovecot({ oauth: `${tokens.url}/introspect` })
    await server.append('INBOX', [{ raw: mail('one') }])
    const office = new MemoryOffice({ settings: settingsFor(server, { auth: 'oauth2' }), secret: secretOf(), http: systemHttp })
    const client = mailConnector.create(office.open())
    await client.sync(none)
    expect(office.subjects).toEqual(['one'])
    expect(tokens.requests).toHaveLength(1)
    await client.close()
  })
})
