import { Command } from 'commander'
import { tellAccount } from '../account-text.ts'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { findIdentity, readNames } from '../names.ts'
import { AccountShape, accountShape } from '../shapes.ts'

interface Options {
  identity: string
  url: string
  label?: string
}

export function accountAddFeed(cli: Cli): Command {
  const command = new Command('feed')
    .summary('Add a feed')
    .description('Adds a feed (RSS, Atom or JSON Feed). The address may be that of a page that names its feed.')
    .requiredOption('--identity <id>', 'identity that the feed belongs to, by id or name')
    .requiredOption('--url <url>', 'address of the feed, or of a page that names it')
    .option('--label <text>', "what to call it (default: the feed's own title)")
    .action(async (options: Options) => {
      const account = await cli.withOffice(async (client) => {
        const names = await readNames(client)
        const identityId = findIdentity(names.identities, options.identity).id
        cli.out.progress(`Looking at ${options.url} …`)
        return accountShape(await client.accounts.addFeed({ identityId, url: options.url, label: options.label ?? null }), names)
      })
      tellAccount(cli, account, 'Added')
    })
  return describe(command, {
    prints: AccountShape,
    examples: ['dispatch account add feed --identity "Press office" --url https://www.example.org/news'],
  })
}
