import { Command } from 'commander'
import { act, conversations } from '../acts.ts'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { SnoozeActedShape } from '../shapes.ts'
import { localTime } from '../time.ts'
import { idTexts, moment } from '../values.ts'

interface Options {
  until: { at: string | null }
  identity?: string
}

export function conversationSnooze(cli: Cli): Command {
  const command = new Command('snooze')
    .description('Puts conversations aside until a time; they then need a reply again.')
    .argument('<id...>', 'ids of conversations', idTexts)
    .requiredOption('--until <date>', '2026-02-01 (8 in the morning), 2026-02-01T14:30, 2h, 3d, or now to wake them', until)
    .option('--identity <id>', 'refuse unless they belong to this identity')
    .action(async (ids: string[], { until: { at }, identity }: Options) => {
      const done = await cli.withOffice((client) =>
        act(client, ids, identity, (targets) => client.conversations.snooze({ targets, until: at })),
      )
      cli.out.answer({ ...done, until: at }, () => {
        const what = at === null ? 'woken' : `put aside until ${localTime(at)}`
        cli.out.line(`${conversations(done.ids.length)} ${what}; ${done.changed} changed.`)
      })
    })
  return describe(command, { prints: SnoozeActedShape, examples: ['dispatch conversation snooze 42 --until 2026-02-01'] })
}

function until(text: string): { at: string | null } {
  return { at: moment(text, new Date()) }
}
