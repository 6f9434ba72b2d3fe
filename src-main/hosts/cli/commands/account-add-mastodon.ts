import { Command } from 'commander'
import { tellAccount } from '../account-text.ts'
import { signInByBrowser } from '../browser.ts'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { findIdentity, readNames } from '../names.ts'
import { AccountShape, accountShape } from '../shapes.ts'
import { passwordFrom } from '../values.ts'

interface Options {
  identity: string
  server: string
  tokenEnv?: string
  label?: string
}

export function accountAddMastodon(cli: Cli): Command {
  const command = new Command('mastodon')
    .summary('Add a Mastodon account')
    .description(
      'Adds an account on Mastodon or a server like it. Without a token it prints an address to open in a browser, and waits for you to sign in there.',
    )
    .requiredOption('--identity <id>', 'identity that the account belongs to, by id or name')
    .requiredOption('--server <url>', 'the server that the account is on, as you know it from the browser')
    .option('--token-env <variable>', "environment variable that holds a token made on the server's page for developers")
    .option('--label <text>', 'what to call it (default: its handle)')
    .action(async (options: Options) => {
      const { server, label = null, tokenEnv } = options
      const token = tokenEnv === undefined ? null : passwordFrom(cli.env, tokenEnv)
      const account = await cli.withOffice(async (client) => {
        const names = await readNames(client)
        const identityId = findIdentity(names.identities, options.identity).id
        const login =
          token === null
            ? await signInByBrowser(cli, client, { provider: 'mastodon', server })
            : ({ kind: 'mastodon', server, token } as const)
        return accountShape(await client.accounts.add({ identityId, label, login }), names)
      })
      tellAccount(cli, account, 'Added')
    })
  return describe(command, {
    prints: AccountShape,
    examples: [
      'dispatch account add mastodon --identity "Press office" --server social.example.org',
      'dispatch account add mastodon --identity 1 --server social.example.org --token-env MASTODON_TOKEN',
    ],
    notes: ['A token needs the scopes read and write. It goes to the place where the office keeps its secrets.'],
  })
}
