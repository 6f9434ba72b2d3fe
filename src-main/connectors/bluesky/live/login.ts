import type { SignedIn } from '#connectors/kit/sign-in.ts'
import { type AccountSettings, ProblemError } from '#shared/model/index.ts'
import { originOf, readDidDocument, resolve, tidyHandle } from './identity.ts'
import { openSession, type PasswordSecret } from './session.ts'
import type { Parts, Server } from './xrpc.ts'

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
