import { newProof } from '#connectors/kit/pkce.ts'
import { type Fields, fieldsOf, listOf, textOf } from '#connectors/kit/shape.ts'
import type { BrowserLogin, SignedIn } from '#connectors/kit/sign-in.ts'
import type { Clock, Http } from '#ports/index.ts'
import { type AccountSettings, ProblemError } from '#shared/model/index.ts'
import { ConnectorFault } from '../fault.ts'
import { Api, type ApiAnswer } from './api.ts'
import { Refused } from './faults.ts'

/** Reading everything and writing everything: what an inbox needs that also answers. Older servers know no finer ones. */
const SCOPES = 'read write'
const THIS_COMPUTER = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

type Parts = { http: Http; clock: Clock }

/**
 * The address of a server as people write it: a name, an address, or a handle on it.
 * @returns scheme, host and port. Without encryption on this computer only.
 * @throws ProblemError `address_invalid`.
 */
export function originOf(server: string): string {
  const bare = /^@?[^@/\s]+@([^@/\s]+)$/.exec(server.trim())?.[1] ?? server.trim()
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(bare) ? bare : `https://${bare}`
  const url = URL.canParse(text) ? new URL(text) : null
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && THIS_COMPUTER.test(url.hostname))
  if (url === null || !safe || url.hostname === '') throw new ProblemError('address_invalid', { address: server.slice(0, 100) })
  return url.origin
}

/**
 * Signs in through the browser: registers this program with the server (docs.joinmastodon.org/methods/apps), which wants it for each
 * address that it comes back to, and asks for a code with PKCE. Servers that do not know PKCE pass over it.
 */
export function browserLogin(parts: Parts, server: string): BrowserLogin {
  return {
    visit: async (redirect, signal) => {
      const origin = originOf(server)
      const api = new Api(parts, origin, () => Promise.resolve(null))
      const app = fieldsOf(
        await posted(api, '/api/v1/apps', signal, {
          client_name: 'Dispatch Box',
          redirect_uris: redirect,
          scopes: SCOPES,
        }),
      )
      const client_id = textOf(app?.['client_id'])
      const client_secret = textOf(app?.['client_secret'])
      if (client_id === '') throw new ProblemError('not_a_server', { host: api.host, network: 'Mastodon' })
      const { state, verifier, challenge } = newProof()
      const url = new URL('/oauth/authorize', origin)
      const asked = {
        response_type: 'code',
        client_id,
        redirect_uri: redirect,
        scope: SCOPES,
        state,
        code_challenge: challenge,
        code_challenge_method: 'S256',
      }
      for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value)
      return {
        url: url.href,
        state,
        finish: async (answer, ending) => {
          const grant = {
            grant_type: 'authorization_code',
            code: answer.get('code') ?? '',
            client_id,
            ...(client_secret === '' ? {} : { client_secret }),
            redirect_uri: redirect,
            code_verifier: verifier,
            scope: SCOPES,
          }
          const token = textOf(fieldsOf(await posted(api, '/oauth/token', ending, grant))?.['access_token'])
          if (token === '') throw new ProblemError('login_failed', { host: api.host })
          return signedIn(parts, origin, token, ending)
        },
      }
    },
  }
}

/** Signs in with a token that the person made on the server's page for developers. */
export async function tokenLogin(parts: Parts, server: string, token: string): Promise<SignedIn> {
  return signedIn(parts, originOf(server), token.trim(), AbortSignal.timeout(60_000))
}

/** A refusal here is one of the sign-in. */
async function posted(api: Api, path: string, signal: AbortSignal, values: Record<string, string>): Promise<unknown> {
  try {
    return api.parse(await api.call('POST', path, { body: values, signal }))
  } catch (error) {
    if (error instanceof Refused && error.status === 404)
      throw new ProblemError('not_a_server', { host: api.host, network: 'Mastodon' }, { cause: error })
    throw asLogin(error, api.host)
  }
}

function asLogin(error: unknown, host: string): unknown {
  const refused = error instanceof Refused || (error instanceof ConnectorFault && error.kind === 'login')
  return refused ? new ConnectorFault('login', 'login_failed', { host }, { cause: error }) : error
}

async function signedIn(parts: Parts, origin: string, token: string, signal: AbortSignal): Promise<SignedIn> {
  const api = new Api(parts, origin, () => Promise.resolve(token))
  const own = await ownAccount(api, signal)
  const userId = own.uri ?? (await actorOf(api, own, signal))
  const settings: AccountSettings = {
    network: 'mastodon',
    mastodon: {
      handle: own.username,
      userId,
      // exports name the server by the address of the account, not by the name that handles end with
      server: new URL(userId ?? origin).host,
      live: { origin, id: own.id },
    },
  }
  return { secret: token, settings, label: `@${own.username}@${new URL(userId ?? origin).host}` }
}

/** The account that a token is of. */
export interface OwnAccount {
  id: string
  username: string
  /** Its address in ActivityPub, which never changes; null where the server does not tell it (before 4.2). */
  uri: string | null
  fields: Fields
  answer: ApiAnswer
}

/** @throws ConnectorFault `login` when the token is not good for it: 401, and 403 or 422 with some servers. */
export async function ownAccount(api: Api, signal: AbortSignal): Promise<OwnAccount> {
  const answer = await api.get('/api/v1/accounts/verify_credentials', signal).catch((error: unknown) => {
    if (error instanceof Refused && (error.status === 403 || error.status === 422))
      throw new ConnectorFault('login', 'login_expired', { host: api.host }, { cause: error })
    if (error instanceof Refused)
      throw new ConnectorFault('decision', 'not_a_server', { host: api.host, network: 'Mastodon' }, { cause: error })
    throw error
  })
  const fields = fieldsOf(api.parse(answer))
  const id = textOf(fields?.['id'])
  const username = textOf(fields?.['username'])
  if (id === '' || username === '') throw new ConnectorFault('decision', 'not_a_server', { host: api.host, network: 'Mastodon' })
  const uri = textOf(fields?.['uri'])
  return { id, username, uri: URL.canParse(uri) ? uri : null, fields: fields ?? {}, answer }
}

/** The same by WebFinger (RFC 7033), which servers have that do not tell it otherwise. */
async function actorOf(api: Api, { username }: OwnAccount, signal: AbortSignal): Promise<string | null> {
  const resource = encodeURIComponent(`acct:${username}@${api.host}`)
  const found = await api.find(`/.well-known/webfinger?resource=${resource}`, signal)
  for (const entry of listOf(fieldsOf(found && api.parse(found))?.['links'])) {
    const link = fieldsOf(entry)
    const href = textOf(link?.['href'])
    if (link?.['rel'] === 'self' && /json/.test(textOf(link['type'])) && URL.canParse(href)) return href
  }
  return null
}
