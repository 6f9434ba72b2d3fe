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
  handle: string
  passwordEnv?: string
  server?: string
  label?: string
}

export function accountAddBluesky(cli: Cli): Command {
  const command = new Command('bluesky')
    .summary('Add a Bluesky account')
    .description(
      'Adds an account on Bluesky or any server of its network, which is found by the handle. Without a password it prints an address to open in a browser, and waits for you to sign in there.',
    )
    .requiredOption('--identity <id>', 'identity that the account belongs to, by id or name')
    .requiredOption('--handle <handle>', 'its handle, such as parliament.example.org')
    .option('--password-env <variable>', 'environment variable that holds an app password, in place of the browser')
    .option('--server <url>', 'the server that the account is on (default: the one that its handle leads to)')
    .option('--label <text>', 'what to call it (default: its handle)')
    .action(async (options: Options) => {
      const { handle, server = null, label = null } = options
      const password = options.passwordEnv === undefined ? null : passwordFrom(cli.env, options.passwordEnv)
      const account = await cli.withOffice(async (client) => {
        const names = await readNames(client)
        const identityId = findIdentity(names.identities, options.identity).id
        const login =
          password === null
            ? await signInByBrowser(cli, client, { provider: 'bluesky', handle, server })
            : ({ kind: 'bluesky', handle, server, password } as const)
        return accountShape(await client.accounts.add({ identityId, label, login }), names)
      })
      tellAccount(cli, account, 'Added')
    })
  return describe(command, {
    prints: AccountShape,
    examples: [
      'dispatch account add bluesky --identity "Press office" --handle parliament.example.org',
      'dispatch account add bluesky --identity 1 --handle mp.example.org --server pds.example.org --password-env BLUESKY_PASSWORD',
    ],
    notes: [
      "An app password is made on the network's page, under settings. For direct messages it must be allowed to read them. It goes to the place where the office keeps its secrets.",
    ],
  })
}
