import { Command, InvalidArgumentError } from 'commander'
import type { MailServer } from '#shared/model/index.ts'
import { tellAccount } from '../account-text.ts'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { UsageError } from '../errors.ts'
import { findAccount, readNames } from '../names.ts'
import { AccountShape, accountShape } from '../shapes.ts'
import { fingerprint, mailServer } from '../values.ts'

interface Options {
  smtp?: MailServer | false
  name?: string
  perMinute?: number
  acceptFingerprint?: string
}

export function accountSetSending(cli: Cli): Command {
  const command = new Command('set-sending')
    .summary('Say how a mailbox sends')
    .description(
      'Says through which server a mailbox sends, under what name, and how fast. It signs in there first, with the password or sign-in of the mailbox; when that fails, nothing is changed. What is not named stays as it is.',
    )
    .argument('<account>', 'id, label or address')
    .option('--smtp <url>', 'smtps://HOST[:465], or smtp://HOST[:587] for STARTTLS', mailServer('smtp'))
    .option('--no-smtp', 'send no more through this mailbox')
    .option('--name <text>', 'what stands before the address in mail that is sent')
    .option('--per-minute <number>', 'mails sent in a minute at most (20 where nobody said)', perMinute)
    .option('--accept-fingerprint <hex>', 'SHA-256 fingerprint of a certificate that you have checked', fingerprint)
    .action(async (wanted: string, options: Options) => {
      const { name, acceptFingerprint = null } = options
      // commander says true for a --no- option that was not given
      const smtp = typeof options.smtp === 'object' ? options.smtp : options.smtp === false ? null : undefined
      if (smtp === undefined && name === undefined && options.perMinute === undefined && acceptFingerprint === null)
        throw new UsageError('Give --smtp, --no-smtp, --name, --per-minute or --accept-fingerprint.')
      const account = await cli.withOffice(async (client) => {
        const names = await readNames(client)
        const { id, identityId } = findAccount(names.accounts, wanted)
        const changed = await client.accounts.setSending({
          id,
          identityId,
          acceptFingerprint,
          ...(smtp === undefined ? {} : { smtp }),
          ...(name === undefined ? {} : { name }),
          ...(options.perMinute === undefined ? {} : { perMinute: options.perMinute }),
        })
        return accountShape(changed, names)
      })
      tellAccount(cli, account, 'Changed')
    })
  return describe(command, {
    prints: AccountShape,
    examples: [
      'dispatch account set-sending press@example.org --smtp smtps://mail.example.org --name "Press office"',
      'dispatch account set-sending press@example.org --per-minute 60',
    ],
  })
}

function perMinute(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1 || value > 6000)
    throw new InvalidArgumentError('It must be a whole number from 1 to 6000.')
  return value
}
