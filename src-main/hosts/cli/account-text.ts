import type { z } from 'zod'
import type { Cli } from './cli.ts'
import { howFar } from './jobs.ts'
import type { AccountShape } from './shapes.ts'
import { oneLine } from './text.ts'
import { localTime } from './time.ts'

type Shown = z.infer<typeof AccountShape>

const phases: Record<Shown['phase'], string> = {
  connecting: 'not synced yet',
  backfilling: 'first sync',
  live: 'in order',
  retrying: 'trying again',
  needs_login: 'needs a sign-in',
  paused: 'paused',
}

/** How an account is, in a few words. */
export function health(account: Shown): string {
  const parts = [phases[account.phase]]
  if (account.progress) parts.push(howFar(account.progress))
  if (account.nextTryAt) parts.push(`at ${localTime(account.nextTryAt)}`)
  return parts.join(', ')
}

/** Says what became of one account. */
export function tellAccount(cli: Cli, account: Shown, done: string): void {
  cli.out.answer(account, () => {
    cli.out.line(`${done} ${oneLine(account.label)} (${account.network}) of ${oneLine(account.identityName)}, id ${account.id}.`)
    if (account.phase === 'connecting') cli.out.line('Bring its messages in with: dispatch sync')
  })
}
