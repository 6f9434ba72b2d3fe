import { Command } from 'commander'
import { z } from 'zod'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { IdentityShape } from '../shapes.ts'

export function identityList(cli: Cli): Command {
  const command = new Command('list').description('Lists the identities of the office.').action(async () => {
    const identities = await cli.withOffice((client) => client.identities.list())
    cli.out.answer(identities, () => {
      cli.out.table(
        [
          { title: 'ID', value: (row) => row.id, right: true },
          { title: 'NAME', value: (row) => row.name, least: 12 },
          { title: 'VOICE', value: (row) => row.voice },
          { title: 'MARK', value: (row) => `${row.color} ${row.shape}` },
        ],
        identities,
        'There are no identities yet. Add one with: dispatch identity add',
      )
    })
  })
  return describe(command, { prints: z.array(IdentityShape), examples: ['dispatch identity list --json'] })
}
