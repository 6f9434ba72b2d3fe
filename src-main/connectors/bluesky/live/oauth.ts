import { z } from 'zod'
import { ConnectorFault } from '#connectors/fault.ts'
import { type ProofKey, proofOf } from './dpop.ts'
import { originOf } from './identity.ts'
import { live } from './limits.ts'
import type { SecretPlace } from './session.ts'
import { parseJson } from './values.ts'
import { type Auth, fetchFrom, hostOf, type Parts, type Refused, type Server } from './xrpc.ts'

/** What is asked for: the account as its owner has it, direct messages included (https://atproto.com/specs/oauth#authorization-scopes). */
export const SCOPE = 'atproto transition:generic transition:chat.bsky'

/** A sign-in by the browser, as it is kept in the keychain. */
const OAuthSecret = z.object({
  kind: z.literal('oauth'),
  did: z.string(),
  issuer: z.string(),
  tokenEndpoint: z.string(),
  clientId: z.string(),
  key: z.object({ kty: z.string(), crv: z.string(), x: z.string(), y: z.string(), d: z.string() }),
  access: z.string().min(1),
  refresh: z.string().min(1),
  /** Milliseconds since 1970. */
  expiresAt: z.number(),
})
export type OAuthSecret = z.infer<typeof OAuthSecret>

/** @returns null when the text is not of this kind. */
export function readOAuth(text: string): OAuthSecret | null {
  try {
    return OAuthSecret.safeParse(JSON.parse(text)).data ?? null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** Where people of a server sign in (RFC 9728, RFC 8414). */
const Issuer = z.object({
  issuer: z.string(),
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  pushed_authorization_request_endpoint: z.string(),
})
export type Issuer = z.infer<typeof Issuer>

/** @throws ConnectorFault `not_a_server` where it names none. */
export async function issuerOf(parts: Parts, server: Server, signal: AbortSignal): Promise<Issuer> {
  const resource = await document(parts, server, `${server.origin}/.well-known/oauth-protected-resource`, signal)
  const named = z.object({ authorization_servers: z.array(z.string()).min(1) }).safeParse(resource).data?.authorization_servers[0]
  const origin = named === undefined ? null : originOf(named)
  if (origin === null) throw notAServer(server.origin)
  const at = { origin, outside: server.outside || origin !== server.origin }
  const issuer = Issuer.safeParse(await document(parts, at, `${origin}/.well-known/oauth-authorization-server`, signal)).data
  if (issuer === undefined || originOf(issuer.issuer) !== origin) throw notAServer(origin)
  return issuer
}

async function document({ http }: Parts, { origin, outside }: Server, url: string, signal: AbortSignal): Promise<unknown> {
  const { status, body } = await fetchFrom(http, {
    url,
    maxBytes: live.documentBytes,
    timeoutMs: live.requestMs,
    outside,
    signal,
  })
  if (status >= 500) throw new ConnectorFault('transient', 'server_error', { host: hostOf(origin), detail: `HTTP ${status}` })
  if (status !== 200) throw notAServer(origin)
  return parseJson(body)
}

function notAServer(origin: string): ConnectorFault {
  return new ConnectorFault('decision', 'not_a_server', { host: hostOf(origin), network: 'Bluesky' }, { untaken: true })
}

export interface FormAnswer {
  status: number
  value: unknown
}

/** Posts a form to a sign-in server with a proof of the key; again when the server wants its nonce in it (RFC 9449 section 8). */
export async function postForm(
  parts: Parts,
  server: { url: string; outside: boolean },
  key: ProofKey,
  values: Record<string, string>,
  signal: AbortSignal,
): Promise<FormAnswer> {
  let nonce: string | null = null
  for (let tries = 0; ; tries++) {
    const request = { method: 'POST' as const, url: server.url }
    const response = await fetchFrom(parts.http, {
      ...request,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
        dpop: proofOf(key, request, { now: parts.clock.now(), nonce, token: null }),
      },
      body: new URLSearchParams(values).toString(),
      maxBytes: live.documentBytes,
      timeoutMs: live.requestMs,
      outside: server.outside,
      signal,
    })
    const { status, headers, body } = response
    const value = parseJson(body)
    if (status >= 500 || status === 429)
      throw new ConnectorFault('transient', 'server_error', { host: hostOf(server.url), detail: `HTTP ${status}` })
    nonce = headers['dpop-nonce'] ?? null
    if (tries > 0 || nonce === null || errorOf(value) !== 'use_dpop_nonce') return { status, value }
  }
}

export function errorOf(value: unknown): string {
  return z.object({ error: z.string() }).safeParse(value).data?.error ?? ''
}

const Tokens = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1),
  token_type: z.string().regex(/^dpop$/i),
  sub: z.string().startsWith('did:'),
  expires_in: z.number().positive().default(300),
})

/** What a token endpoint gave. @throws ConnectorFault `login` where it refused. */
export function readTokens(
  { status, value }: FormAnswer,
  url: string,
  now: number,
): Pick<OAuthSecret, 'access' | 'refresh' | 'expiresAt' | 'did'> {
  const host = hostOf(url)
  if (status !== 200) throw new ConnectorFault('login', 'login_expired', { host }, { untaken: true })
  const tokens = Tokens.safeParse(value).data
  if (tokens === undefined) throw new ConnectorFault('transient', 'protocol', { host, detail: 'tokens of another shape' })
  const { access_token: access, refresh_token: refresh, sub: did, expires_in } = tokens
  return { access, refresh, did, expiresAt: now + expires_in * 1000 }
}

/** Tokens that are bound to a key (RFC 9449), renewed as they end. */
export class OAuthAuth implements Auth {
  private readonly parts: Parts
  private readonly place: SecretPlace
  /** A nonce that the resource server last asked for. */
  private nonce: string | null = null
  private renewing: Promise<void> | null = null

  constructor(parts: Parts, place: SecretPlace) {
    this.parts = parts
    this.place = place
  }

  async headers(request: { method: string; url: string }, signal: AbortSignal): Promise<Record<string, string>> {
    let secret = await this.read()
    if (secret.expiresAt - live.tokenSpareMs < this.parts.clock.now()) {
      await this.once(signal)
      secret = await this.read()
    }
    const { key, access } = secret
    const proof = proofOf(key, request, { now: this.parts.clock.now(), nonce: this.nonce, token: access })
    return { authorization: `DPoP ${access}`, dpop: proof }
  }

  heard(headers: Record<string, string>): void {
    this.nonce = headers['dpop-nonce'] ?? this.nonce
  }

  async renew({ headers }: Refused, signal: AbortSignal): Promise<boolean> {
    // The server only wants its newest nonce, which `heard` has kept.
    if (/error="?use_dpop_nonce/.test(headers['www-authenticate'] ?? '')) return true
    await this.once(signal)
    return true
  }

  private async once(signal: AbortSignal): Promise<void> {
    this.renewing ??= this.refresh(signal).finally(() => {
      this.renewing = null
    })
    await this.renewing
  }

  private async refresh(signal: AbortSignal): Promise<void> {
    const secret = await this.read()
    const { tokenEndpoint: url, clientId, key, refresh } = secret
    const form = { grant_type: 'refresh_token', refresh_token: refresh, client_id: clientId }
    // The address was named by the server that the person signed in at, and stays as it was then.
    const answer = await postForm(this.parts, { url, outside: false }, key, form, signal)
    const tokens = readTokens(answer, url, this.parts.clock.now())
    if (tokens.did !== secret.did) throw new ConnectorFault('login', 'login_expired', { host: hostOf(url) }, { untaken: true })
    await this.place.setSecret(JSON.stringify({ ...secret, ...tokens } satisfies OAuthSecret))
  }

  private async read(): Promise<OAuthSecret> {
    const text = await this.place.secret()
    const secret = text === null ? null : readOAuth(text)
    if (secret === null) throw new ConnectorFault('login', 'secret_missing', {}, { untaken: true })
    return secret
  }
}
