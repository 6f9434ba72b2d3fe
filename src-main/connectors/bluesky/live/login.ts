import { z } from 'zod'
import { newProof } from '#connectors/kit/pkce.ts'
import type { BrowserLogin, SignedIn } from '#connectors/kit/sign-in.ts'
import { type AccountSettings, ProblemError } from '#shared/model/index.ts'
import { newKey } from './dpop.ts'
import { originOf, readDidDocument, resolve, tidyHandle } from './identity.ts'
import { errorOf, issuerOf, OAuthAuth, type OAuthSecret, postForm, readTokens, SCOPE } from './oauth.ts'
import { openSession, type PasswordSecret } from './session.ts'
import { hostOf, type Parts, type Server, Xrpc } from './xrpc.ts'

/**
 * Signs in with a handle and a password. The server is the one that the person named, else the one that the handle's DID document names.
 * @param server a name or address; null where the person named none.
 * @throws ProblemError `address_invalid`, `host_unknown`, `login_failed`, and what a connection can meet.
 */
export async function passwordLogin(
  parts: Parts,
  who: { handle: string; server: string | null; password: string },
  signal: AbortSignal = AbortSignal.timeout(60_000),
): Promise<SignedIn> {
  const { at, identifier } = await findServer(parts, who, signal)
  const session = await openSession(parts, at, { identifier, password: who.password }, signal)
  const secret: PasswordSecret = {
    kind: 'password',
    did: session.did,
    password: who.password,
    access: session.accessJwt,
    refresh: session.refreshJwt,
  }
  return signedIn(session.did, session.handle, session.didDoc, at, JSON.stringify(secret))
}

/**
 * Signs in through the person's browser: OAuth as the network has it (https://atproto.com/specs/oauth), as a client of this computer
 * that nobody has to register, with a pushed request, PKCE and tokens bound to a key.
 */
export function browserLogin(parts: Parts, who: { handle: string; server: string | null }): BrowserLogin {
  return {
    visit: async (redirect, signal) => {
      const { at, identifier } = await findServer(parts, who, signal)
      const issuer = await issuerOf(parts, at, signal)
      const outside = at.outside || originOf(issuer.issuer) !== at.origin
      const key = newKey()
      const { state, verifier, challenge } = newProof()
      const clientId = clientOf()
      const asked = {
        client_id: clientId,
        response_type: 'code',
        redirect_uri: redirect,
        scope: SCOPE,
        state,
        code_challenge: challenge,
        code_challenge_method: 'S256',
        login_hint: identifier,
      }
      const pushed = await postForm(parts, { url: issuer.pushed_authorization_request_endpoint, outside }, key, asked, signal)
      const request = z.object({ request_uri: z.string() }).safeParse(pushed.value).data?.request_uri
      if (request === undefined)
        throw new ProblemError('server_error', {
          host: hostOf(issuer.issuer),
          detail: errorOf(pushed.value) || `HTTP ${pushed.status}`,
        })
      const url = new URL(issuer.authorization_endpoint)
      url.searchParams.set('client_id', clientId)
      url.searchParams.set('request_uri', request)
      return {
        url: url.href,
        state,
        finish: async (answer, ending) => {
          // RFC 9207: an answer of another server is not for us.
          if (answer.get('iss') !== issuer.issuer) throw new ProblemError('login_failed', { host: hostOf(issuer.issuer) })
          const grant = {
            grant_type: 'authorization_code',
            code: answer.get('code') ?? '',
            redirect_uri: redirect,
            client_id: clientId,
            code_verifier: verifier,
          }
          const tokenEndpoint = issuer.token_endpoint
          const given = await postForm(parts, { url: tokenEndpoint, outside }, key, grant, ending)
          const tokens = readTokens(given, tokenEndpoint, parts.clock.now())
          const secret: OAuthSecret = { kind: 'oauth', issuer: issuer.issuer, tokenEndpoint, clientId, key, ...tokens }
          return ownServer(parts, at, secret, ending)
        },
      }
    },
  }
}

/** The client that every program on a person's own computer may be (https://atproto.com/specs/oauth#localhost-client-development). */
function clientOf(): string {
  const values = new URLSearchParams({ redirect_uri: 'http://127.0.0.1/', scope: SCOPE })
  return `http://localhost?${values}`
}

/** Whose tokens they are: the server must have that account, and where nobody typed it, the account's document must name the server. */
async function ownServer(parts: Parts, at: Server, secret: OAuthSecret, signal: AbortSignal): Promise<SignedIn> {
  const { did } = secret
  if (at.outside && (await resolve(parts, did, signal)).server !== at.origin)
    throw new ProblemError('login_failed', { host: hostOf(at.origin) })
  const place = { secret: () => Promise.resolve(JSON.stringify(secret)), setSecret: () => Promise.resolve() }
  const xrpc = new Xrpc(parts, at, new OAuthAuth(parts, place))
  const { value } = await xrpc.query('com.atproto.server.getSession', { signal })
  const session = z.object({ did: z.string(), handle: z.string(), didDoc: z.unknown().optional() }).safeParse(value).data
  if (session?.did !== did) throw new ProblemError('login_failed', { host: hostOf(at.origin) })
  return signedIn(did, session.handle, session.didDoc, at, JSON.stringify(secret))
}

/** Where somebody's repository is. @throws ProblemError where it cannot be found. */
export async function findServer(
  parts: Parts,
  who: { handle: string; server: string | null },
  signal: AbortSignal,
): Promise<{ at: Server; identifier: string }> {
  const identifier = who.handle.trim().replace(/^@/, '')
  if (who.server !== null) {
    const typed = /^https?:\/\//i.test(who.server.trim()) ? who.server.trim() : `https://${who.server.trim()}`
    const origin = originOf(typed)
    if (origin === null) throw new ProblemError('address_invalid', { address: who.server.slice(0, 100) })
    return { at: { origin, outside: false }, identifier: tidyHandle(identifier) ?? identifier }
  }
  const found = await resolve(parts, identifier, signal)
  if (found.server === null) throw new ProblemError('host_unknown', { host: identifier.slice(0, 100) })
  return { at: { origin: found.server, outside: true }, identifier: found.did }
}

/** What a sign-in gives. The handle is the one that the server and the account's document agree on. */
export function signedIn(did: string, handle: string, didDoc: unknown, at: Server, secret: string): SignedIn {
  const name = tidyHandle(handle) ?? readDidDocument(didDoc)?.handle ?? null
  const settings: AccountSettings = {
    network: 'bluesky',
    // An export of the repository tells its DID and no server.
    bluesky: { handle: name, userId: did, server: null, live: { origin: at.origin, typed: !at.outside } },
  }
  return { secret, settings, label: name === null ? did : `@${name}` }
}
