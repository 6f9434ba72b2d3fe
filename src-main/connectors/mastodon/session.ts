import { textOf } from '#connectors/kit/shape.ts'
import { oneLine } from '#connectors/kit/text.ts'
import type { MastodonSettings } from '#shared/model/index.ts'
import type { Context } from '../connector.ts'
import { ConnectorFault } from '../fault.ts'
import { Api } from './api.ts'
import { Refused } from './faults.ts'
import { type Instance, readInstance } from './instance.ts'
import { type OwnAccount, ownAccount } from './login.ts'
import type { Own } from './own.ts'
import { People } from './people.ts'

/** One account that is signed in to, as its server last told of it. */
export interface Session {
  api: Api
  own: Own
  account: OwnAccount
  instance: Instance
  people: People
}

type Live = NonNullable<MastodonSettings['live']>

/** The server's interface for an account. No I/O. @throws ConnectorFault `login` / `secret_missing`, when it is first used. */
export function apiOf(context: Context<MastodonSettings>, { origin }: Live): Api {
  return new Api(context, origin, async () => {
    const secret = await context.secret()
    if (secret === null) throw new ConnectorFault('login', 'secret_missing', {}, { untaken: true })
    return secret
  })
}

/** Signs in: learns whose token it is and what the server can do. @throws ConnectorFault `account_other` when it is somebody else's. */
export async function openSession(context: Context<MastodonSettings>, live: Live, signal: AbortSignal): Promise<Session> {
  const api = apiOf(context, live)
  const account = await ownAccount(api, signal)
  const { settings } = context
  const server = settings.server ?? api.host
  if (account.id !== live.id)
    throw new ConnectorFault('decision', 'account_other', {
      found: `@${account.username}@${server}`,
      expected: `@${settings.handle ?? live.id}@${server}`,
    })
  const instance = await readInstance(api, signal)
  const own: Own = {
    id: account.id,
    // as in exports, so that what comes either way is from the same person
    party: { name: oneLine(textOf(account.fields['display_name'])), handle: `${account.username}@${server}` },
    origin: live.origin,
    domain: instance.domain,
  }
  return { api, own, account, instance, people: new People(own) }
}

/** A refusal that a bad token may be behind: with some servers that is no 401. @returns what it comes to. */
export async function explain(error: unknown, api: Api, signal: AbortSignal): Promise<unknown> {
  if (!(error instanceof Refused) || ![403, 422].includes(error.status)) return error
  return ownAccount(api, signal).then(
    () => error,
    (reason: unknown) => reason,
  )
}
