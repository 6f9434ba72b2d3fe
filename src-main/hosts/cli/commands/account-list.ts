import { Command } from 'commander'
import { z } from 'zod'
import { health } from '../account-text.ts'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { readNames } from '../names.ts'
import { AccountShape, accountShape } from '../shapes.ts'
import { oneLine } from '../text.ts'
import { localTime } from '../time.ts'

export function accountList(cli: Cli): Command {
  const command = new Command('list').description('Lists the accounts of the office and how they are.').action(async () => {
    const names = await cli.withOffice(readNames)
    const accounts = names.accounts.map((account) => accountShape(account, names))
    cli.out.answer(accounts, () => {
      cli.out.table(
        [
          { title: 'ID', value: (row) => row.id, right: true },
          { title: 'NETWORK', value: (row) => row.network },
          { title: 'IDENTITY', value: (row) => row.identityName, least: 10 },
          { title: 'LABEL', value: (row) => row.label, least: 12 },
          { title: 'ADDRESS', value: (row) => row.address, least: 12 },
          { title: 'STATE', value: health, least: 12 },
          { title: 'LAST SYNC', value: (row) => (row.lastSyncAt === null ? 'never' : localTime(row.lastSyncAt)) },
        ],
        accounts,
        'There are no accounts yet. Add one with: dispatch account add mail|feed',
      )
      for (const { label, problem } of accounts) {
        if (problem) cli.out.line(`${oneLine(label)}: ${oneLine(problem.message)}`)
      }
    })
  })
  return describe(command, { prints: z.array(AccountShape), examples: ['dispatch account list'] })
}
