import { Command } from 'commander'
import { tellAccount } from '../account-text.ts'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { findAccount, readNames } from '../names.ts'
import { AccountShape, accountShape } from '../shapes.ts'

const acts = {
  pause: { text: 'Stops keeping an account in step, until it is resumed. What it brought stays.', done: 'Paused' },
  resume: { text: 'Keeps a paused account in step again.', done: 'Resumed' },
} as const

function command(cli: Cli, act: keyof typeof acts): Command {
  const made = new Command(act)
    .description(acts[act].text)
    .argument('<account>', 'id, label or address')
    .action(async (wanted: string) => {
      const account = await cli.withOffice(async (client) => {
        const names = await readNames(client)
        const { id, identityId } = findAccount(names.accounts, wanted)
        return accountShape(await client.accounts[act]({ id, identityId }), names)
      })
      tellAccount(cli, account, acts[act].done)
    })
  return describe(made, { prints: AccountShape, examples: [`dispatch account ${act} 3`] })
}

export const accountPause = (cli: Cli): Command => command(cli, 'pause')
export const accountResume = (cli: Cli): Command => command(cli, 'resume')
