import { Command } from 'commander'
import { act, conversations } from '../acts.ts'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { ReadActedShape } from '../shapes.ts'
import { idTexts } from '../values.ts'

function command(cli: Cli, name: 'read' | 'unread'): Command {
  const read = name === 'read'
  const made = new Command(name)
    .description(`Marks conversations as ${name}; networks that keep the mark are told with the next sync.`)
    .argument('<id...>', 'ids of conversations', idTexts)
    .option('--identity <id>', 'refuse unless they belong to this identity')
    .action(async (ids: string[], { identity }: { identity?: string }) => {
      const done = await cli.withOffice((client) =>
        act(client, ids, identity, (targets) => client.conversations.setRead({ targets, read })),
      )
      cli.out.answer({ ...done, read }, () => {
        cli.out.line(`${conversations(done.ids.length)} marked as ${name}; ${done.changed} changed.`)
      })
    })
  return describe(made, { prints: ReadActedShape, examples: [`dispatch conversation ${name} 42`] })
}

export const conversationRead = (cli: Cli): Command => command(cli, 'read')
export const conversationUnread = (cli: Cli): Command => command(cli, 'unread')
