import { Command } from 'commander'
import { z } from 'zod'
import { Hold, type HoldOn } from '#shared/contract/index.ts'
import { AccountId, ConversationId } from '#shared/model/index.ts'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { UsageError } from '../errors.ts'
import { findAccount, findIdentity, readNames } from '../names.ts'
import { doer, reasonText } from '../people.ts'
import { idText } from '../values.ts'

interface SetOptions {
  identity: string
  account?: string
  conversation?: string
  person?: string
  reason: string
  by?: string
}

export function holdSet(cli: Cli): Command {
  const command = new Command('set')
    .summary('Keep what is named, whatever happens')
    .description(
      'Sets a hold: what it is on is disposed of by no schedule and by no request, until the hold is lifted. Without --account, --conversation or --person it is on everything of the identity.',
    )
    .requiredOption('--identity <id>', 'identity, by id or name')
    .option('--account <id>', 'only one account, by id, label or address')
    .option('--conversation <id>', 'only one conversation', idText)
    .option('--person <address>', 'only what a person wrote and what went to them')
    .requiredOption('--reason <text>', 'why', reasonText)
    .option('--by <name>', 'who sets it (default: the name you are signed in with)')
    .action(async (options: SetOptions) => {
      const named = [options.account, options.conversation, options.person].filter((one) => one !== undefined)
      if (named.length > 1) throw new UsageError('A hold is on one thing: name an account, a conversation or a person.')
      const made = await cli.withOffice(async (client) => {
        const names = await readNames(client)
        const { id } = findIdentity(names.identities, options.identity)
        let on: HoldOn = { scope: 'identity' }
        if (options.account !== undefined)
          on = { scope: 'account', accountId: AccountId.parse(findAccount(names.accounts, options.account).id) }
        if (options.conversation !== undefined)
          on = { scope: 'conversation', conversationId: ConversationId.parse(options.conversation) }
        if (options.person !== undefined) on = { scope: 'person', handle: options.person }
        return await client.retention.setHold({ identityId: id, on, reason: options.reason, by: doer(options.by) })
      })
      cli.out.answer(made, () => cli.out.line(`Hold ${made.id} keeps ${onWords(made.on)}.`))
    })
  return describe(command, {
    prints: Hold,
    examples: [
      'dispatch hold set --identity 1 --reason "Inquiry into the harbour bridge"',
      'dispatch hold set --identity 1 --person ana@example.org --reason "Court order 4/26" --by "Ada Berg"',
    ],
  })
}

export function holdLift(cli: Cli): Command {
  const command = new Command('lift')
    .summary('End a hold')
    .description('Ends a hold. Nothing is removed by this: schedules and requests apply again.')
    .argument('<id>', 'number of the hold', idText)
    .requiredOption('--identity <id>', 'identity, by id or name')
    .requiredOption('--reason <text>', 'why', reasonText)
    .option('--by <name>', 'who lifts it (default: the name you are signed in with)')
    .action(async (id: string, options: { identity: string; reason: string; by?: string }) => {
      const lifted = await cli.withOffice(async (client) => {
        const identity = findIdentity((await readNames(client)).identities, options.identity)
        return await client.retention.liftHold({ id, identityId: identity.id, reason: options.reason, by: doer(options.by) })
      })
      cli.out.answer(lifted, () => cli.out.line(`Hold ${lifted.id} is lifted.`))
    })
  return describe(command, {
    prints: Hold,
    examples: ['dispatch hold lift 3 --identity 1 --reason "The inquiry is closed"'],
  })
}

export function holdList(cli: Cli): Command {
  const command = new Command('list')
    .description('Lists the holds of an identity.')
    .requiredOption('--identity <id>', 'identity, by id or name')
    .option('--lifted', 'also those that were lifted')
    .action(async (options: { identity: string; lifted?: true }) => {
      const holds = await cli.withOffice(async (client) => {
        const { id } = findIdentity((await readNames(client)).identities, options.identity)
        return await client.retention.holds({ identityId: id, lifted: options.lifted === true })
      })
      cli.out.answer(holds, () =>
        cli.out.table(
          [
            { title: 'HOLD', value: (hold) => hold.id },
            { title: 'ON', value: (hold) => onWords(hold.on) },
            { title: 'SINCE', value: (hold) => hold.at },
            { title: 'BY', value: (hold) => hold.by },
            { title: 'LIFTED', value: (hold) => hold.lifted?.at ?? '' },
            { title: 'REASON', value: (hold) => hold.reason },
          ],
          holds,
          'There is no hold.',
        ),
      )
    })
  return describe(command, { prints: z.array(Hold), examples: ['dispatch hold list --identity 1 --lifted'] })
}

function onWords(on: HoldOn): string {
  if (on.scope === 'account') return `account ${on.accountId}`
  if (on.scope === 'conversation') return `conversation ${on.conversationId}`
  if (on.scope === 'person') return on.handle ?? 'a person who was forgotten'
  return 'everything'
}
