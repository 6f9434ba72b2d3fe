import { Command } from 'commander'
import { z } from 'zod'
import type { Client } from '#shared/contract/client.ts'
import { type AccountId, ProblemError } from '#shared/model/index.ts'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { howFar, number } from '../jobs.ts'
import { findAccount, readNames } from '../names.ts'
import { problemShape, SyncShape } from '../shapes.ts'
import { oneLine } from '../text.ts'

export function sync(cli: Cli): Command {
  const command = new Command('sync')
    .summary('Bring in what is new')
    .description(
      'Brings every account (or one) to the end of what is there now. Ctrl+C stops it; what came in stays, and the next sync goes on from there.',
    )
    .option('--account <id>', 'only this account, by id, label or address')
    .action(async (options: { account?: string }) => {
      const reports = await cli.withOffice(async (client) => {
        const names = await readNames(client)
        const chosen = options.account === undefined ? null : findAccount(names.accounts, options.account)
        if (chosen?.status.phase === 'paused' && chosen.status.reason === null) {
          const detail = `${chosen.label} is paused, so nothing was synced. Go on with: dispatch account resume ${chosen.id}`
          throw new ProblemError('conflict', { detail })
        }
        const found = await watched(cli, client, chosen?.id ?? null)
        return found.map(({ accountId, problem, seconds, ...counts }) => ({
          account: accountId,
          label: names.account(accountId),
          network: names.accounts.find((account) => account.id === accountId)?.network ?? ('mail' as const),
          ...counts,
          seconds: Math.round(seconds * 1000) / 1000,
          problem: problemShape(problem),
        }))
      })
      cli.out.answer(reports, () => tell(cli, reports))
      const failed = reports.filter((report) => report.problem !== null)
      const [first] = failed
      if (first?.problem) cli.fail({ ...first.problem, message: summary(failed.length, reports.length, first.problem.message) })
    })
  return describe(command, {
    prints: z.array(SyncShape),
    examples: ['dispatch sync', 'dispatch sync --account 3 --json'],
    notes: [
      'One line for each account: new, updated and deleted messages, and seconds. Accounts paused by a person are left out. When an account could not be synced, the others are all the same, the line says why, and the exit code is 1.',
    ],
  })
}

/** The sync itself, with what each account has done so far on the last line of the terminal. */
async function watched(cli: Cli, client: Client, id: AccountId | null) {
  const stop = new AbortController()
  const changes = await client.office.changes({}, { signal: stop.signal })
  const show = async () => {
    for await (const change of changes) {
      if (change.kind !== 'accounts') continue
      const accounts = await client.accounts.list()
      const busy = accounts.filter(({ status }) => status.progress !== null || status.phase === 'connecting')
      const parts = busy.map(({ label, status }) => `${label}: ${status.progress ? howFar(status.progress) : 'connecting'}`)
      if (parts.length > 0) cli.out.progress(parts.join('   '))
    }
  }
  // What goes wrong with the showing is met by the sync as well, and told there.
  const showing = show().catch(() => undefined)
  try {
    return await client.accounts.sync({ id }, { signal: cli.signal })
  } finally {
    stop.abort()
    await showing
    cli.out.endProgress()
  }
}

function tell(cli: Cli, reports: readonly z.infer<typeof SyncShape>[]): void {
  cli.out.table(
    [
      { title: 'ID', value: (row) => row.account, right: true },
      { title: 'ACCOUNT', value: (row) => row.label, least: 12 },
      { title: 'NEW', value: (row) => number(row.new), right: true },
      { title: 'UPDATED', value: (row) => number(row.updated), right: true },
      { title: 'DELETED', value: (row) => number(row.deleted), right: true },
      { title: 'SECONDS', value: (row) => row.seconds.toFixed(1), right: true },
      { title: 'RESULT', value: (row) => (row.problem ? 'not synced' : 'in order') },
    ],
    reports,
    'There is nothing to sync: no account, or all are paused.',
  )
  for (const { label, problem } of reports.slice(0, 100)) {
    if (problem) cli.out.line(`${oneLine(label)}: ${oneLine(problem.message)}`)
  }
}

function summary(failed: number, all: number, message: string): string {
  return all === 1 ? message : `${failed} of ${all} accounts could not be synced. ${message}`
}
