import { Command } from 'commander'
import { z } from 'zod'
import { Due, Schedule } from '#shared/contract/index.ts'
import { MessageKind, Network } from '#shared/model/index.ts'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { number } from '../jobs.ts'
import { findIdentity, findLabel, readNames } from '../names.ts'
import { doer } from '../people.ts'
import { count, idText, oneOf } from '../values.ts'

interface SetOptions {
  identity: string
  network?: Network
  kind?: MessageKind
  label?: string
  days: number
  by?: string
}

export function scheduleSet(cli: Cli): Command {
  const command = new Command('set')
    .summary('Say how long messages are kept')
    .description(
      'Sets how many days an identity’s messages are kept, from when they were captured. Nothing is removed by this: dispatch disposal propose does what it says, once two people want it.',
    )
    .requiredOption('--identity <id>', 'identity, by id or name')
    .requiredOption('--days <n>', 'days to keep', count)
    .option('--network <name>', 'only of one network', oneOf(Network.options))
    .option('--kind <kind>', 'only of one kind', oneOf(MessageKind.options))
    .option('--label <label>', 'only what has this label or topic, by id or name')
    .option('--by <name>', 'who sets it (default: the name you are signed in with)')
    .action(async ({ identity, days, network, kind, label, by }: SetOptions) => {
      const made = await cli.withOffice(async (client) => {
        const { id } = findIdentity((await readNames(client)).identities, identity)
        return await client.retention.setSchedule({
          identityId: id,
          network: network ?? null,
          kind: kind ?? null,
          labelId: label === undefined ? null : findLabel(await client.labels.list({ identityId: id }), label).id,
          days,
          by: doer(by),
        })
      })
      cli.out.answer(made, () => cli.out.line(`Schedule ${made.id}: ${what(made)} for ${number(made.days)} days.`))
    })
  return describe(command, {
    prints: Schedule,
    examples: [
      'dispatch schedule set --identity 1 --days 3650',
      'dispatch schedule set --identity 1 --label Newsletters --days 90',
      'dispatch schedule set --identity 1 --network feed --kind article --days 365',
    ],
    notes: [
      'Where several fit a message, the one that names a label or topic of its conversation counts, then the one that names its kind, then the one that names its network; of several alike, the one that keeps longest.',
    ],
  })
}

export function scheduleClear(cli: Cli): Command {
  const command = new Command('clear')
    .description('Removes a schedule: what it was about is kept, unless another one says otherwise.')
    .argument('<id>', 'number of the schedule', idText)
    .requiredOption('--identity <id>', 'identity, by id or name')
    .option('--by <name>', 'who removes it (default: the name you are signed in with)')
    .action(async (id: string, options: { identity: string; by?: string }) => {
      await cli.withOffice(async (client) => {
        const identity = findIdentity((await readNames(client)).identities, options.identity)
        await client.retention.clearSchedule({ id, identityId: identity.id, by: doer(options.by) })
      })
      cli.out.answer({ id }, () => cli.out.line(`Schedule ${id} is removed.`))
    })
  return describe(command, {
    prints: z.object({ id: z.string() }),
    examples: ['dispatch schedule clear 2 --identity 1'],
  })
}

export function scheduleList(cli: Cli): Command {
  const command = new Command('list')
    .description('Lists how long an identity’s messages are kept.')
    .requiredOption('--identity <id>', 'identity, by id or name')
    .action(async (options: { identity: string }) => {
      const schedules = await cli.withOffice(async (client) => {
        const { id } = findIdentity((await readNames(client)).identities, options.identity)
        return await client.retention.schedules({ identityId: id })
      })
      cli.out.answer(schedules, () =>
        cli.out.table(
          [
            { title: 'SCHEDULE', value: (schedule) => schedule.id },
            { title: 'KEEPS', value: what },
            { title: 'DAYS', value: (schedule) => number(schedule.days) },
            { title: 'SINCE', value: (schedule) => schedule.at },
            { title: 'BY', value: (schedule) => schedule.by },
          ],
          schedules,
          'There is no schedule: everything is kept.',
        ),
      )
    })
  return describe(command, { prints: z.array(Schedule), examples: ['dispatch schedule list --identity 1'] })
}

function what({ network, kind, labelId }: Pick<Schedule, 'network' | 'kind' | 'labelId'>): string {
  return [network, kind, labelId && `label ${labelId}`].filter((part) => part !== null).join(' ') || 'everything'
}

export function scheduleDue(cli: Cli): Command {
  const command = new Command('due')
    .description('Says how many messages the schedules of an identity would dispose of now. Changes nothing.')
    .requiredOption('--identity <id>', 'identity, by id or name')
    .action(async (options: { identity: string }) => {
      const due = await cli.withOffice(async (client) => {
        const { id } = findIdentity((await readNames(client)).identities, options.identity)
        return await client.retention.due({ identityId: id })
      })
      cli.out.answer(due, () => {
        cli.out.table(
          [
            { title: 'SCHEDULE', value: (one) => one.schedule },
            { title: 'WOULD GO', value: (one) => number(one.going), right: true },
            { title: 'KEPT BY A HOLD', value: (one) => number(one.kept), right: true },
          ],
          due.schedules,
          'Nothing is due.',
        )
      })
    })
  return describe(command, { prints: Due, examples: ['dispatch schedule due --identity 1'] })
}
