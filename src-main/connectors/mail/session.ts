import type { MailSettings } from '#shared/model/index.ts'
import type { Context } from '../connector.ts'
import { ConnectorFault } from '../fault.ts'
import type { Credentials } from './connection.ts'
import { accessToken } from './oauth.ts'

/**
 * Opens a connection with the account's password, or with its token and, where that was withdrawn before its time, with a fresh one.
 * @throws ConnectorFault `login` / `secret_missing`, `login_expired` when a fresh token is refused too; what `open` throws.
 */
export async function signedIn<Session>(
  context: Context<MailSettings>,
  host: string,
  signal: AbortSignal,
  open: (credentials: Credentials) => Promise<Session>,
): Promise<Session> {
  const { user, auth } = context.settings
  if (auth === 'password') {
    const password = await context.secret()
    if (password === null) throw new ConnectorFault('login', 'secret_missing')
    return open({ user, password })
  }
  try {
    return await open({ user, accessToken: await accessToken(context, signal, false) })
  } catch (error) {
    if (!(error instanceof ConnectorFault) || error.kind !== 'login' || error.code !== 'login_failed') throw error
    // a token can be withdrawn before its time: one fresh one tells that from a lost sign-in
    const fresh = await accessToken(context, signal, true)
    return await open({ user, accessToken: fresh }).catch((again: unknown) => {
      if (again instanceof ConnectorFault && again.code === 'login_failed')
        throw new ConnectorFault('login', 'login_expired', { host }, { untaken: again.untaken })
      throw again
    })
  }
}
