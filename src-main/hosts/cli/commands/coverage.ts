import { Command } from 'commander'
import type { z } from 'zod'
import type { Coverage } from '#shared/contract/index.ts'
import type { Cli } from '../cli.ts'
import { coverageLine, duration, percent, reasons } from '../coverage-text.ts'
import { describe } from '../describe.ts'
import { findAccount, findIdentity, type Names, readNames } from '../names.ts'
import { CoverageShape } from '../shapes.ts'
import { oneLine } from '../text.ts'
import { localTime } from '../time.ts'
import { pastMoment } from '../values.ts'

interface Options {
  account?: string
  identity?: string
  from?: string
  to?: string
}

/** Gaps of one account that are written out; with `--json` there are more. */
const GAPS_SHOWN = 20

export function coverage(cli: Cli): Command {
  const command = new Command('coverage')
    .summary('Say when accounts were watched')
    .description('Says how much of a time each account was really watched, and when and why it was not.')
    .option('--account <id>', 'only this account, by id, label or address')
    .option('--identity <id>', 'only accounts of this identity, by id or name')
    .option('--from <time>', 'from then on (default: since each account has been here)', (text: string) =>
      pastMoment(text, new Date(), 'start'),
    )
    .option('--to <time>', 'up to then (default: now)', (text: string) => pastMoment(text, new Date(), 'end'))
    .action(async (options: Options) => {
      const { answer, names } = await cli.withOffice(async (client) => {
        const names = await readNames(client)
        const answer = await client.archive.coverage({
          identityIds: options.identity === undefined ? null : [findIdentity(names.identities, options.identity).id],
          accountIds: options.account === undefined ? null : [findAccount(names.accounts, options.account).id],
          from: options.from ?? null,
          to: options.to ?? null,
        })
        return { answer, names }
      })
      cli.out.answer(shapeOf(answer, names), (shown) => tell(cli, answer, shown))
    })
  return describe(command, {
    prints: CoverageShape,
    examples: ['dispatch coverage', 'dispatch coverage --account 3 --from 2026-01-01 --to 2026-01-31 --json'],
    notes: [
      'A time is a date such as 2026-01-31 (the whole day), 2026-01-31T14:30, or a time ago such as 12h or 30d.',
      'An account is watched while the program keeps it in step. What came while it was not and is still on the network is brought in by the next sync; what came and went in between is not. While an account is being watched, the answer ends with its last sync.',
    ],
  })
}

function shapeOf({ from, to, watched, unwatched, accounts }: Coverage, names: Names): z.infer<typeof CoverageShape> {
  return {
    from,
    to,
    watched,
    unwatched: unwatched.map(({ reason, ms }) => ({ reason, seconds: ms / 1000 })),
    accounts: accounts.map(({ accountId, identityId, ...rest }) => ({
      account: accountId,
      accountLabel: names.account(accountId),
      identity: identityId,
      identityName: names.identity(identityId),
      ...rest,
    })),
  }
}

function tell(cli: Cli, answer: Coverage, { accounts }: z.infer<typeof CoverageShape>): void {
  cli.out.table(
    [
      { title: 'ID', value: (row) => row.account, right: true },
      { title: 'ACCOUNT', value: (row) => row.accountLabel, least: 12 },
      { title: 'IDENTITY', value: (row) => row.identityName, least: 8 },
      { title: 'WATCHED', value: (row) => (row.watched === null ? '-' : percent(row.watched)), right: true },
      { title: 'FROM', value: (row) => localTime(row.from) },
      { title: 'TO', value: (row) => localTime(row.to) },
    ],
    accounts,
    'There is no account.',
  )
  for (const { accountLabel, gaps, more } of accounts) {
    const shown = gaps.slice(-GAPS_SHOWN)
    const left = gaps.length - shown.length + more
    if (shown.length > 0) cli.out.line()
    if (shown.length > 0) cli.out.line(`${oneLine(accountLabel)} was not watched:`)
    for (const { from, to, reason } of shown)
      cli.out.line(`  ${localTime(from)} to ${localTime(to)}  ${duration(Date.parse(to) - Date.parse(from))}: ${reasons[reason]}`)
    if (left > 0) cli.out.line(`  and ${left.toLocaleString('en')} times more`)
  }
  if (accounts.length > 1) cli.out.line(`\nAll together: ${coverageLine(answer)}`)
}
