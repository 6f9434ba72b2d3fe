import type { Client } from '#shared/contract/client.ts'
import type { AccountLogin, BrowserSignIn } from '#shared/contract/index.ts'
import { ProblemError } from '#shared/model/index.ts'
import type { Cli } from './cli.ts'
import { UsageError } from './errors.ts'

/**
 * Prints the address to open and waits until the person has finished in their browser.
 * @throws `cancelled` when they gave up; why it failed.
 */
export async function signInByBrowser(cli: Cli, client: Client, where: BrowserSignIn): Promise<AccountLogin> {
  if (cli.out.json) throw new UsageError('With --json there is nowhere to show the address to open: give --token-env.')
  const { flow, url } = await client.accounts.oauthBegin(where)
  cli.out.note('Open this address in a browser on this computer, and sign in there:')
  cli.out.note(url)
  const { done, problem } = await client.accounts.oauthWait({ flow })
  if (!done) throw problem ? new ProblemError(problem.code, problem.params) : new ProblemError('cancelled')
  return { kind: 'flow', flow }
}
