import { Command } from 'commander'
import { z } from 'zod'
import type { Client } from '#shared/contract/client.ts'
import { OutboxId, type OutboxItem, OutboxState } from '#shared/model/index.ts'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { findAccount, findIdentity, readNames } from '../names.ts'
import { answerItem, ItemShape, itemShape, whatItIs, whereItIs } from '../outbox-text.ts'
import { doer } from '../people.ts'
import { localTime } from '../time.ts'
import { count, idText, oneOf } from '../values.ts'

const RanShape = z.object({ sent: z.number().int(), failed: z.number().int(), left: z.number().int() })

interface ListOptions {
  identity?: string
  account?: string
  state?: OutboxState
  limit: number
}

export function queueList(cli: Cli): Command {
  const command = new Command('list')
    .description('Lists what is in the outbox, the newest first.')
    .option('--identity <id>', 'only of this identity, by id or name')
    .option('--account <id>', 'only of this account, by id, label or address')
    .option('--state <state>', `only: ${OutboxState.options.join(', ')}`, oneOf(OutboxState.options))
    .option('--limit <n>', 'at most so many', count, 50)
    .action(async (options: ListOptions) => {
      const items = await cli.withOffice(async (client) => {
        const names = await readNames(client)
        const found: OutboxItem[] = []
        for (let before: OutboxId | null = null; found.length < options.limit; ) {
          const page: { items: OutboxItem[]; next: OutboxId | null } = await client.outbox.list({
            identityId: options.identity === undefined ? null : findIdentity(names.identities, options.identity).id,
            accountId: options.account === undefined ? null : findAccount(names.accounts, options.account).id,
            states: options.state === undefined ? null : [options.state],
            before,
            limit: Math.min(200, options.limit - found.length),
          })
          found.push(...page.items)
          if (page.next === null) break
          before = page.next
        }
        return found.map((item) => itemShape(item, names))
      })
      cli.out.answer(items, () =>
        cli.out.table(
          [
            { title: 'ID', value: (item) => item.id, right: true },
            { title: 'QUEUED', value: (item) => localTime(item.queuedAt) },
            { title: 'ACCOUNT', value: (item) => item.accountLabel },
            { title: 'WHAT', value: (item) => whatItIs(item) },
            { title: 'STATE', value: (item) => (item.toConfirm ? 'to confirm' : item.state) },
            { title: 'BY', value: (item) => item.by },
            { title: 'TEXT', value: (item) => ('text' in item.content ? item.content.text : ''), least: 16 },
          ],
          items,
          'The outbox is empty.',
        ),
      )
    })
  return describe(command, {
    prints: z.array(ItemShape),
    examples: ['dispatch queue list', 'dispatch queue list --state unknown'],
  })
}

interface OneOptions {
  identity: string
  by?: string
}

const one = (name: string, text: string): Command =>
  new Command(name)
    .description(text)
    .argument('<item>', 'id of the item', idText)
    .requiredOption('--identity <id>', 'identity that it belongs to, by id or name')

async function on(
  cli: Cli,
  id: string,
  options: OneOptions,
  run: (client: Client, call: { id: OutboxId; identityId: OutboxItem['identityId']; by: string }) => Promise<OutboxItem>,
): Promise<z.infer<typeof ItemShape>> {
  return await cli.withOffice(async (client) => {
    const names = await readNames(client)
    const identityId = findIdentity(names.identities, options.identity).id
    return itemShape(await run(client, { id: OutboxId.parse(id), identityId, by: doer(options.by) }), names)
  })
}

export function queueShow(cli: Cli): Command {
  const command = one('show', 'Shows an item of the outbox: what is to be sent, and where it is.').action(
    async (id: string, options: OneOptions) => {
      const item = await on(cli, id, options, (client, { by: _by, ...call }) => client.outbox.get(call))
      cli.out.answer(item, () => {
        cli.out.line(`${whatItIs(item)} from ${item.accountLabel}, by ${item.by}, ${localTime(item.queuedAt)}`)
        cli.out.line(whereItIs(item))
        if ('text' in item.content) cli.out.line(item.content.text)
      })
    },
  )
  return describe(command, { prints: ItemShape, examples: ['dispatch queue show 12 --identity 1'] })
}

const by = ['--by <name>', 'who does it (default: the name you are signed in with)'] as const

export function queueCancel(cli: Cli): Command {
  const command = one('cancel', 'Takes back what was not begun, and what continues it.')
    .option(...by)
    .action(async (id: string, options: OneOptions) => {
      answerItem(cli, await on(cli, id, options, (client, call) => client.outbox.cancel(call)))
    })
  return describe(command, { prints: ItemShape, examples: ['dispatch queue cancel 12 --identity 1'] })
}

export function queueRetry(cli: Cli): Command {
  const command = one('retry', 'Has what failed sent again, and what waits tried at once. Then use dispatch queue run.')
    .option(...by)
    .action(async (id: string, options: OneOptions) => {
      answerItem(cli, await on(cli, id, options, (client, call) => client.outbox.retry(call)))
    })
  return describe(command, { prints: ItemShape, examples: ['dispatch queue retry 12 --identity 1'] })
}

export function queueConfirm(cli: Cli): Command {
  const command = one(
    'confirm',
    'Says again that something is to be sent that waited for half a day. Then use dispatch queue run.',
  )
    .option(...by)
    .action(async (id: string, options: OneOptions) => {
      answerItem(cli, await on(cli, id, options, (client, call) => client.outbox.confirm(call)))
    })
  return describe(command, { prints: ItemShape, examples: ['dispatch queue confirm 12 --identity 1'] })
}

const outcomes = ['sent', 'again'] as const

export function queueSettle(cli: Cli): Command {
  const command = new Command('settle')
    .description('Says what became of an item whose outcome is not known, after a look at the network.')
    .argument('<item>', 'id of the item', idText)
    .argument('<outcome>', 'sent: it is there; again: it is not, send it again', oneOf(outcomes))
    .requiredOption('--identity <id>', 'identity that it belongs to, by id or name')
    .option(...by)
    .action(async (id: string, outcome: (typeof outcomes)[number], options: OneOptions) => {
      answerItem(cli, await on(cli, id, options, (client, call) => client.outbox.settle({ ...call, outcome })))
    })
  return describe(command, { prints: ItemShape, examples: ['dispatch queue settle 12 sent --identity 1'] })
}

export function queueRun(cli: Cli): Command {
  const command = new Command('run')
    .description('Sends what is due, and waits until it is sent or has to wait.')
    .option('--account <id>', 'only of this account, by id, label or address')
    .action(async (options: { account?: string }) => {
      const ran = await cli.withOffice(async (client) => {
        const accountId = options.account === undefined ? null : findAccount(await client.accounts.list(), options.account).id
        return await client.outbox.run({ accountId })
      })
      cli.out.answer(ran, () => cli.out.line(`${ran.sent} sent, ${ran.failed} failed, ${ran.left} left.`))
    })
  return describe(command, {
    prints: RanShape,
    examples: ['dispatch queue run', 'dispatch queue run --account press@example.org'],
    notes: ['The desktop window sends by itself; without it nothing leaves until this or `dispatch send` says so.'],
  })
}
