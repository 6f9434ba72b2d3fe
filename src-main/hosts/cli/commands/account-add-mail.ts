import { readFile } from 'node:fs/promises'
import { Command } from 'commander'
import type { MailServer } from '#shared/model/index.ts'
import { tellAccount } from '../account-text.ts'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { UsageError, unreadable } from '../errors.ts'
import { findIdentity, readNames } from '../names.ts'
import { AccountShape, accountShape } from '../shapes.ts'
import { collected, fingerprint, mailServer, passwordFrom } from '../values.ts'

interface Options {
  identity: string
  imap: MailServer
  smtp?: MailServer
  user: string
  passwordEnv: string
  tlsCa?: string
  folder?: string[]
  address?: string
  label?: string
  acceptFingerprint?: string
}

/** A bundle of authorities beyond this is not one. */
const MAX_CA = 100_000

export function accountAddMail(cli: Cli): Command {
  const command = new Command('mail')
    .summary('Add a mailbox')
    .description('Adds a mailbox (IMAP). It signs in first; the account is only made when that worked.')
    .requiredOption('--identity <id>', 'identity that the mailbox belongs to, by id or name')
    .requiredOption('--imap <url>', 'imaps://HOST[:993], or imap://HOST[:143] for STARTTLS', mailServer('imap'))
    .option('--smtp <url>', 'smtps://HOST[:465], or smtp://HOST[:587] for STARTTLS; kept for sending', mailServer('smtp'))
    .requiredOption('--user <user>', 'user name at the server')
    .requiredOption('--password-env <variable>', 'environment variable that holds the password')
    .option('--tls-ca <file>', 'PEM file of an authority to trust for this mailbox, besides those of the computer')
    .option('--folder <name>', 'folder to sync; repeat for more (default: the useful ones)', collected)
    .option('--address <address>', 'mail address (default: the user, at the IMAP host when it has no @)')
    .option('--label <text>', 'what to call it (default: the address)')
    .option('--accept-fingerprint <hex>', 'SHA-256 fingerprint of a certificate that you have checked', fingerprint)
    .action(async (options: Options) => {
      const password = passwordFrom(cli.env, options.passwordEnv)
      const ca = options.tlsCa === undefined ? null : await readAuthority(cli.path(options.tlsCa))
      const { user, imap, smtp = null, folder: folders = [], label = null, acceptFingerprint = null } = options
      const address = options.address ?? (user.includes('@') ? user : `${user}@${imap.host}`)
      const account = await cli.withOffice(async (client) => {
        const names = await readNames(client)
        const identityId = findIdentity(names.identities, options.identity).id
        const login = { kind: 'password' as const, password }
        cli.out.progress(`Signing in at ${imap.host} …`)
        const made = await client.accounts.addMail({
          identityId,
          label,
          address,
          user,
          imap,
          smtp,
          folders,
          ca,
          acceptFingerprint,
          login,
        })
        return accountShape(made, names)
      })
      tellAccount(cli, account, 'Added')
    })
  return describe(command, {
    prints: AccountShape,
    examples: [
      'dispatch account add mail --identity 1 --imap imaps://mail.example.org --smtp smtps://mail.example.org --user press --password-env PRESS_PASSWORD',
    ],
    notes: [
      'The password is read from a variable so that it appears in no list of processes and no shell history. It goes to the place where the office keeps its secrets.',
      'imap+insecure:// and smtp+insecure:// go without encryption and are accepted for this computer (loopback) only.',
    ],
  })
}

async function readAuthority(path: string): Promise<string> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    throw unreadable(path, error)
  }
  if (text.length > MAX_CA)
    throw new UsageError(`${path} is too large for a certificate: name only the authority that is needed.`)
  const { faultOfAuthority } = await import('#connectors/mail/authority.ts')
  const fault = faultOfAuthority(text)
  if (fault !== null) throw new UsageError(`${path} ${fault}.`)
  return text
}
