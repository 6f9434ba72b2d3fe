import { Command } from 'commander'
import type { AccountLogin } from '#shared/contract/index.ts'
import { tellAccount } from '../account-text.ts'
import { signInByBrowser } from '../browser.ts'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { UsageError } from '../errors.ts'
import { findAccount, readNames } from '../names.ts'
import { AccountShape, accountShape } from '../shapes.ts'
import { fingerprint, passwordFrom } from '../values.ts'

interface Options {
  passwordEnv?: string
  acceptFingerprint?: string
  server?: string
  tokenEnv?: string
}

export function accountSignIn(cli: Cli): Command {
  const command = new Command('sign-in')
    .description(
      'Signs in to an account again: a new password, a certificate accepted anew, or for a network its page in the browser. An account that so far holds what was imported is live afterwards. When it fails, nothing is changed.',
    )
    .argument('<account>', 'id, label or address')
    .option('--password-env <variable>', 'environment variable that holds the password')
    .option('--accept-fingerprint <hex>', 'SHA-256 fingerprint of a certificate that you have checked', fingerprint)
    .option(
      '--server <url>',
      'for Mastodon and Bluesky: its server (default: the one in its address, or that its handle leads to)',
    )
    .option('--token-env <variable>', 'for Mastodon: environment variable that holds a token, in place of the browser')
    .action(async (wanted: string, options: Options) => {
      const { passwordEnv, acceptFingerprint = null, tokenEnv } = options
      const password = passwordEnv === undefined ? null : passwordFrom(cli.env, passwordEnv)
      const token = tokenEnv === undefined ? null : passwordFrom(cli.env, tokenEnv)
      const account = await cli.withOffice(async (client) => {
        const names = await readNames(client)
        const { id, identityId, network, address } = findAccount(names.accounts, wanted)
        if (network === 'mastodon') {
          const server = options.server ?? address.slice(address.lastIndexOf('@') + 1)
          const login: AccountLogin =
            token === null
              ? await signInByBrowser(cli, client, { provider: 'mastodon', server })
              : { kind: 'mastodon', server, token }
          return accountShape(await client.accounts.signInAgain({ id, identityId, login }), names)
        }
        if (network === 'bluesky') {
          const who = { handle: address, server: options.server ?? null }
          const login: AccountLogin =
            password === null
              ? await signInByBrowser(cli, client, { provider: 'bluesky', ...who })
              : { kind: 'bluesky', ...who, password }
          return accountShape(await client.accounts.signInAgain({ id, identityId, login }), names)
        }
        if (password === null && acceptFingerprint === null)
          throw new UsageError('Give --password-env, --accept-fingerprint, or both.')
        return accountShape(await client.accounts.signIn({ id, identityId, password, acceptFingerprint }), names)
      })
      tellAccount(cli, account, 'Signed in')
    })
  return describe(command, {
    prints: AccountShape,
    examples: [
      'dispatch account sign-in press@example.org --password-env PRESS_PASSWORD',
      'dispatch account sign-in @press@social.example.org',
    ],
  })
}
