import { Command } from 'commander'
import type { ConversationState } from '#shared/model/index.ts'
import { act, conversations } from '../acts.ts'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { StateActedShape } from '../shapes.ts'
import { idTexts, stateName } from '../values.ts'

interface Options {
  state: ConversationState
  identity?: string
}

export function conversationSet(cli: Cli): Command {
  const command = new Command('set')
    .description('Sets the state of conversations.')
    .argument('<id...>', 'ids of conversations', idTexts)
    .requiredOption('--state <state>', 'needs_reply, waiting or done', stateName)
    .option('--identity <id>', 'refuse unless they belong to this identity')
    .action(async (ids: string[], { state, identity }: Options) => {
      const done = await cli.withOffice((client) =>
        act(client, ids, identity, (targets) => client.conversations.setState({ targets, state })),
      )
      cli.out.answer({ ...done, state }, () =>
        cli.out.line(`${conversations(done.ids.length)} set to ${state}; ${done.changed} changed.`),
      )
    })
  return describe(command, { prints: StateActedShape, examples: ['dispatch conversation set 42 43 --state done'] })
}
