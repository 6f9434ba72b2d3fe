import type { BrowserSignIn } from '#shared/contract/index.ts'
import { ProblemError } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { openOutside } from '../../platform/native.ts'

/**
 * Sends the person to a network's own page and waits until they are done there.
 * @returns the flow, which names the sign-in to whoever makes the account. @throws `cancelled`; why it failed.
 */
export function useBrowserFlow(): (where: BrowserSignIn) => Promise<string> {
  const { engine } = useApp()
  return async (where) => {
    const { client } = engine
    const { flow, url } = await client.accounts.oauthBegin(where)
    openOutside(url)
    const { done, problem } = await client.accounts.oauthWait({ flow })
    if (!done) throw problem ? new ProblemError(problem.code, problem.params) : new ProblemError('cancelled')
    return flow
  }
}
