import { Command } from 'commander'
import { tellAccount } from '../account-text.ts'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { UsageError } from '../errors.ts'
import { findAccount, readNames } from '../names.ts'
import { AccountShape, accountShape } from '../shapes.ts'
import { fingerprint, passwordFrom } from '../values.ts'

interface Options {
  passwordEnv?: string
  acceptFingerprint?: string
}

export function accountSignIn(cli: Cli): Command {
  const command = new Command('sign-in')
    .description(
      'Gives an account a new password, or accepts the new certificate of its server. It signs in first; when that fails, nothing is changed.',
    )
    .argument('<account>', 'id, label or address')
    .option('--password-env <variable>', 'environment variable that holds the password')
    .option('--accept-fingerprint <hex>', 'SHA-256 fingerprint of a certificate that you have checked', fingerprint)
    .action(async (wanted: string, options: Options) => {
      const { passwordEnv, acceptFingerprint = null } = options
      if (passwordEnv === undefined && acceptFingerprint === null) {
        throw new UsageError('Give --password-env, --accept-fingerprint, or both.')
      }
      const password = passwordEnv === undefined ? null : passwordFrom(cli.env, passwordEnv)
      const account = await cli.withOffice(async (client) => {
        const names = await readNames(client)
        const { id, identityId } = findAccount(names.accounts, wanted)
        return accountShape(await client.accounts.signIn({ id, identityId, password, acceptFingerprint }), names)
      })
      tellAccount(cli, account, 'Signed in')
    })
  return describe(command, {
    prints: AccountShape,
    examples: ['dispatch account sign-in press@example.org --password-env PRESS_PASSWORD'],
  })
}
