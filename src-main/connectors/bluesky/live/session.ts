import { z } from 'zod'
import { ConnectorFault } from '#connectors/fault.ts'
import type { BlueskySettings } from '#shared/model/index.ts'
import { OAuthAuth, readOAuth } from './oauth.ts'
import { type Auth, type Parts, Refused, type Server, Xrpc } from './xrpc.ts'

/** A sign-in by password (an app password, of the account's settings on the network), as it is kept in the keychain. */
const PasswordSecret = z.object({
  kind: z.literal('password'),
  did: z.string(),
  password: z.string().min(1),
  /** Tokens of the session, which are renewed; empty before the first. */
  access: z.string(),
  refresh: z.string(),
})
export type PasswordSecret = z.infer<typeof PasswordSecret>

/** Where a secret is read and kept. */
export interface SecretPlace {
  secret(): Promise<string | null>
  setSecret(value: string): Promise<void>
}

const Session = z.object({
  did: z.string(),
  handle: z.string(),
  accessJwt: z.string().min(1),
  refreshJwt: z.string().min(1),
  didDoc: z.unknown().optional(),
})
export type Session = z.infer<typeof Session>

/** @returns null when the text is not of this kind. */
export function readPassword(text: string): PasswordSecret | null {
  try {
    return PasswordSecret.safeParse(JSON.parse(text)).data ?? null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/**
 * Opens a session (`com.atproto.server.createSession`).
 * @throws ConnectorFault `login` / `login_failed` when the server does not take name and password.
 */
export async function openSession(
  parts: Parts,
  server: Server,
  who: { identifier: string; password: string },
  signal: AbortSignal,
): Promise<Session> {
  const xrpc = new Xrpc(parts, server)
  try {
    const { value } = await xrpc.procedure('com.atproto.server.createSession', { signal, body: who })
    return readSession(value, xrpc.host)
  } catch (error) {
    const { host } = xrpc
    if (error instanceof Refused && [404, 405].includes(error.status))
      throw new ConnectorFault('decision', 'not_a_server', { host, network: 'Bluesky' }, { cause: error, untaken: true })
    if (error instanceof Refused || (error instanceof ConnectorFault && error.kind === 'login'))
      throw new ConnectorFault('login', 'login_failed', { host }, { cause: error, untaken: true })
    throw error
  }
}

function readSession(value: unknown, host: string): Session {
  const session = Session.safeParse(value).data
  if (session === undefined) throw new ConnectorFault('transient', 'protocol', { host, detail: 'a session of another shape' })
  return session
}

/** Bearer tokens of a session, renewed as they end; opened anew with the password when they cannot be. */
class PasswordAuth implements Auth {
  private readonly parts: Parts
  private readonly server: Server
  private readonly place: SecretPlace
  private renewing: Promise<void> | null = null

  constructor(parts: Parts, server: Server, place: SecretPlace) {
    this.parts = parts
    this.server = server
    this.place = place
  }

  async headers(_request: unknown, signal: AbortSignal): Promise<Record<string, string>> {
    let secret = await this.read()
    if (secret.access === '') {
      await this.once(signal)
      secret = await this.read()
    }
    return { authorization: `Bearer ${secret.access}` }
  }

  async renew(_refused: Refused, signal: AbortSignal): Promise<boolean> {
    await this.once(signal)
    return true
  }

  /** Requests that are refused together renew once. */
  private async once(signal: AbortSignal): Promise<void> {
    this.renewing ??= this.next(signal).finally(() => {
      this.renewing = null
    })
    await this.renewing
  }

  private async next(signal: AbortSignal): Promise<void> {
    const secret = await this.read()
    const session =
      (await this.refreshed(secret, signal)) ??
      (await openSession(this.parts, this.server, { identifier: secret.did, password: secret.password }, signal))
    const { accessJwt: access, refreshJwt: refresh } = session
    await this.place.setSecret(JSON.stringify({ ...secret, access, refresh } satisfies PasswordSecret))
  }

  /** @returns null when the session cannot be renewed any more. */
  private async refreshed({ refresh }: PasswordSecret, signal: AbortSignal): Promise<Session | null> {
    if (refresh === '') return null
    const xrpc = new Xrpc(this.parts, this.server, bearer(refresh))
    try {
      const { value } = await xrpc.procedure('com.atproto.server.refreshSession', { signal })
      return readSession(value, xrpc.host)
    } catch (error) {
      if (error instanceof Refused || (error instanceof ConnectorFault && error.kind === 'login')) return null
      throw error
    }
  }

  private async read(): Promise<PasswordSecret> {
    const text = await this.place.secret()
    if (text === null) throw new ConnectorFault('login', 'secret_missing', {}, { untaken: true })
    const secret = readPassword(text)
    if (secret === null) throw new ConnectorFault('login', 'login_expired', { host: this.server.origin }, { untaken: true })
    return secret
  }
}

function bearer(token: string): Auth {
  return { headers: () => Promise.resolve({ authorization: `Bearer ${token}` }), renew: () => Promise.resolve(false) }
}

/** The keychain is asked once in the life of a client: who signs in anew gets a new client. */
class ReadOnce implements SecretPlace {
  private readonly place: SecretPlace
  private known: Promise<string | null> | null = null

  constructor(place: SecretPlace) {
    this.place = place
  }

  secret(): Promise<string | null> {
    this.known ??= this.place.secret()
    return this.known
  }

  async setSecret(value: string): Promise<void> {
    this.known = Promise.resolve(value)
    await this.place.setSecret(value)
  }
}

/** The way in which an account is signed in to, as its secret says each time it is used. */
export class AccountAuth implements Auth {
  private readonly place: SecretPlace
  private readonly password: PasswordAuth
  private readonly browser: OAuthAuth

  constructor(parts: Parts, server: Server, kept: SecretPlace) {
    const place = new ReadOnce(kept)
    this.place = place
    this.password = new PasswordAuth(parts, server, place)
    this.browser = new OAuthAuth(parts, place)
  }

  async headers(request: { method: 'GET' | 'POST'; url: string }, signal: AbortSignal): Promise<Record<string, string>> {
    return (await this.way()).headers(request, signal)
  }

  heard(headers: Record<string, string>): void {
    this.browser.heard(headers)
  }

  async renew(refused: Refused, signal: AbortSignal): Promise<boolean> {
    return (await this.way()).renew(refused, signal)
  }

  private async way(): Promise<Auth> {
    const text = await this.place.secret()
    return text !== null && readOAuth(text) !== null ? this.browser : this.password
  }
}

/** The server of an account that is live. */
export function serverOf(live: NonNullable<BlueskySettings['live']>): Server {
  return { origin: live.origin, outside: !live.typed }
}
