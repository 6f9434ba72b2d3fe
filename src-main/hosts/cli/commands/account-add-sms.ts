import { Command } from 'commander'
import type { SmsSettings } from '#shared/model/index.ts'
import { tellAccount } from '../account-text.ts'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { findIdentity, readNames } from '../names.ts'
import { AccountShape, accountShape } from '../shapes.ts'
import { oneOf, passwordFrom, portNumber } from '../values.ts'

interface Options {
  identity: string
  number: string
  country?: string
  passwordEnv: string
  label?: string
}

/** Minutes between polls of a gateway. */
const EVERY_MINUTES = 1
const TWILIO = 'https://api.twilio.com'

const kept =
  'The password is read from a variable so that it appears in no list of processes and no shell history. It goes to the place where the office keeps its secrets.'

/** What the commands for all gateways have. */
function command(name: string, gateway: string): Command {
  return new Command(name)
    .summary(`Add text messages by ${gateway}`)
    .requiredOption('--identity <id>', 'identity that the number belongs to, by id or name')
    .requiredOption('--number <number>', 'the own number, with + and country')
    .option('--country <code>', 'country of numbers that are written without +, for example GB (default: they are international)')
    .option('--label <text>', 'what to call it (default: the number)')
}

async function add(cli: Cli, options: Options, settings: SmsSettings): Promise<void> {
  const password = passwordFrom(cli.env, options.passwordEnv)
  const account = await cli.withOffice(async (client) => {
    const names = await readNames(client)
    const identityId = findIdentity(names.identities, options.identity).id
    const login = { kind: 'sms' as const, settings, password }
    return accountShape(await client.accounts.add({ identityId, label: options.label ?? null, login }), names)
  })
  tellAccount(cli, account, 'Added')
}

const sides = ({ number, country }: Options) => ({ number, country: country?.toUpperCase() ?? null })

export function accountAddSmsTwilio(cli: Cli): Command {
  const twilio = command('sms-twilio', 'Twilio')
    .description('Adds a number at Twilio. It is asked for new messages every minute; nothing has to be reachable from outside.')
    .requiredOption('--account-sid <sid>', "the account's SID, as Twilio's console shows it")
    .requiredOption('--password-env <variable>', "environment variable that holds the auth token, or an API key's secret")
    .option('--key-sid <sid>', 'SID of the API key, when its secret is used')
    .option('--server <url>', "address of Twilio's interface", TWILIO)
    .action(async (options: Options & { accountSid: string; keySid?: string; server: string }) => {
      const { accountSid, keySid = null, server } = options
      await add(cli, options, { provider: 'twilio', ...sides(options), accountSid, keySid, server, every: EVERY_MINUTES })
    })
  return describe(twilio, {
    prints: AccountShape,
    examples: [
      'dispatch account add sms-twilio --identity 1 --number +442079460123 --account-sid AC0123456789abcdef0123456789abcdef --password-env TWILIO_TOKEN',
    ],
    notes: [kept],
  })
}

export function accountAddSmsKannel(cli: Cli): Command {
  const kannel = command('sms-kannel', 'Kannel')
    .description(
      'Adds a sendsms user of a Kannel gateway. With --receive-port this computer takes in what Kannel hands over, at 127.0.0.1 only.',
    )
    .requiredOption('--url <url>', 'address of sendsms, for example http://127.0.0.1:13013/cgi-bin/sendsms')
    .requiredOption('--user <user>', 'name of the sendsms user')
    .requiredOption('--password-env <variable>', 'environment variable that holds its password')
    .option('--receive-port <port>', 'port at which texts and delivery reports are taken in', portNumber)
    .option(
      '--receive-token-env <variable>',
      'environment variable that holds the token of 16 letters or more that Kannel sends with them',
    )
    .action(async (options: Options & { url: string; user: string; receivePort?: number; receiveTokenEnv?: string }) => {
      const { url, user, receivePort: port, receiveTokenEnv } = options
      const receive =
        port === undefined ? null : { port, token: passwordFrom(cli.env, receiveTokenEnv ?? 'DISPATCH_KANNEL_TOKEN') }
      await add(cli, options, { provider: 'kannel', ...sides(options), url, user, receive })
    })
  return describe(kannel, {
    prints: AccountShape,
    examples: [
      'dispatch account add sms-kannel --identity 1 --number 15550100100 --url http://127.0.0.1:13013/cgi-bin/sendsms --user office --password-env KANNEL_PASSWORD --receive-port 13099 --receive-token-env KANNEL_TOKEN',
    ],
    notes: [kept, 'What Kannel has to be told is in docs/networks.md.'],
  })
}

export function accountAddSmsAndroid(cli: Cli): Command {
  const android = command('sms-android', 'an Android phone')
    .description('Adds a phone with the app "SMS Gateway for Android": by its own server in your network, or by a relay.')
    .requiredOption('--url <url>', 'http://PHONE:8080, or https://api.sms-gate.app/3rdparty/v1')
    .requiredOption('--user <user>', 'user name that the app shows')
    .requiredOption('--password-env <variable>', 'environment variable that holds the password that the app shows')
    .option('--sim <number>', "SIM that sends, from 1 (default: the phone's usual one)", oneOf(['1', '2', '3']))
    .action(async (options: Options & { url: string; user: string; sim?: '1' | '2' | '3' }) => {
      const { url, user } = options
      const sim = options.sim === undefined ? null : Number(options.sim)
      await add(cli, options, { provider: 'android', ...sides(options), url, user, sim, every: EVERY_MINUTES })
    })
  return describe(android, {
    prints: AccountShape,
    examples: [
      'dispatch account add sms-android --identity 1 --number +442079460123 --url http://192.168.1.20:8080 --user sms --password-env PHONE_PASSWORD',
    ],
    notes: [kept],
  })
}
