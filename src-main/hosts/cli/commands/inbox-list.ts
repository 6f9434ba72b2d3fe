import { Command } from 'commander'
import { z } from 'zod'
import type { Client } from '#shared/contract/client.ts'
import { type ConversationRow, type InboxFilter, type LabelId, SortKey, type View } from '#shared/model/index.ts'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { UsageError } from '../errors.ts'
import { findAccount, findIdentity, findLabel, type Names, readNames } from '../names.ts'
import { RowShape, rowShape } from '../shapes.ts'
import { localTime } from '../time.ts'
import { count, idText, viewName } from '../values.ts'

interface Options {
  state: View
  identity?: string
  account?: string
  label?: string
  unread?: true
  limit: number
  before?: string
}

/** Rows asked for at a time (the contract's most). */
const PAGE = 500

export function inboxList(cli: Cli): Command {
  const command = new Command('list')
    .description('Lists conversations, the newest first.')
    .option('--state <state>', 'needs_reply, waiting, done, snoozed, open (needs_reply and waiting) or all', viewName, 'all')
    .option('--identity <id>', 'only this identity, by id or name')
    .option('--account <id>', 'only this account, by id, label or address')
    .option('--label <label>', 'only with this label or topic of the identity, by id or name')
    .option('--unread', 'only those with unread messages')
    .option('--limit <number>', 'at most this many', count, 50)
    .option('--before <cursor>', 'go on after the row with this cursor', idText)
    .action(async (options: Options) => {
      const rows = await cli.withOffice(async (client) => {
        const names = await readNames(client)
        const filter: InboxFilter = {
          view: options.state,
          identityId: options.identity === undefined ? null : findIdentity(names.identities, options.identity).id,
          accountId: options.account === undefined ? null : findAccount(names.accounts, options.account).id,
          labelId: await labelId(client, names, options),
          unreadOnly: options.unread === true,
        }
        const found = await readRows(client, filter, options.limit, options.before)
        return found.map((row) => rowShape(row, names))
      })
      cli.out.answer(rows, () => tell(cli, rows, options.limit))
    })
  return describe(command, {
    prints: z.array(RowShape),
    examples: [
      'dispatch inbox list --state needs_reply --limit 20',
      'dispatch inbox list --identity "Press office" --unread --json',
    ],
    notes: [
      'To read on, give the cursor of the last row to --before. The id of a row is that of its conversation; unread counts its unread messages.',
    ],
  })
}

/** The label that is meant: by its name it takes an identity to say whose. */
async function labelId(client: Client, names: Names, { identity, label }: Options): Promise<LabelId | null> {
  if (label === undefined) return null
  if (identity === undefined && !/^[0-9]+$/.test(label)) throw new UsageError('--label by name needs --identity.')
  const identityId = identity === undefined ? null : findIdentity(names.identities, identity).id
  return findLabel(await client.labels.list({ identityId }), label).id
}

async function readRows(
  client: Client,
  filter: InboxFilter,
  limit: number,
  before: string | undefined,
): Promise<ConversationRow[]> {
  const rows: ConversationRow[] = []
  // `from` is inclusive, a cursor is not.
  let from = before === undefined ? null : SortKey.parse(String(BigInt(before) - (before === '0' ? 0n : 1n)))
  do {
    const page = await client.inbox.page({ filter, from, until: null, limit: Math.min(PAGE, limit - rows.length) })
    rows.push(...page.rows)
    from = page.next
  } while (from !== null && rows.length < limit)
  return rows
}

function tell(cli: Cli, rows: readonly z.infer<typeof RowShape>[], limit: number): void {
  cli.out.table(
    [
      { title: 'ID', value: (row) => row.id, right: true },
      { title: 'WHEN', value: (row) => localTime(row.at) },
      { title: 'STATE', value: (row) => (row.snoozedUntil === null ? row.state : `until ${localTime(row.snoozedUntil)}`) },
      { title: 'UNREAD', value: (row) => (row.unread > 0 ? String(row.unread) : ''), right: true },
      { title: 'IDENTITY', value: (row) => row.identityName, least: 8 },
      { title: 'FROM', value: (row) => `${row.outbound ? '> ' : ''}${row.from}`, least: 10 },
      { title: 'SUBJECT', value: (row) => (row.subject === '' ? row.snippet : row.subject), least: 16 },
    ],
    rows,
    'Nothing here.',
  )
  const last = rows.at(-1)
  if (last && rows.length === limit) cli.out.line(cli.out.dim(`Further ones with: --before ${last.cursor}`))
}
