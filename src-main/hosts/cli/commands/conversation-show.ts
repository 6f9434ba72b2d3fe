import { Command } from 'commander'
import { ConversationId } from '#shared/model/index.ts'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { tellHead } from '../message-text.ts'
import { readNames } from '../names.ts'
import { ConversationShape, messageShape, rowShape } from '../shapes.ts'
import { oneLine } from '../text.ts'
import { idText } from '../values.ts'

export function conversationShow(cli: Cli): Command {
  const command = new Command('show')
    .description('Shows a conversation and its messages, the oldest first; at most the newest 200.')
    .argument('<id>', 'id of the conversation, as inbox list gives it', idText)
    .action(async (id: string) => {
      const shown = await cli.withOffice(async (client) => {
        const [found, names] = await Promise.all([client.conversations.get({ id: ConversationId.parse(id) }), readNames(client)])
        const messages = found.messages.map((message) => messageShape(message, names))
        return { ...rowShape(found.row, names), messages, older: found.older }
      })
      cli.out.answer(shown, () => {
        const { out } = cli
        out.line(
          `${out.bold(oneLine(shown.subject))}  ${shown.state}, ${oneLine(shown.identityName)}, ${oneLine(shown.accountLabel)}`,
        )
        if (shown.older > 0) out.line(`${shown.older} older messages are not shown.`)
        for (const message of shown.messages) {
          out.line()
          tellHead(out, message)
          if (message.snippet !== '') out.line(oneLine(message.snippet))
        }
      })
    })
  return describe(command, { prints: ConversationShape, examples: ['dispatch conversation show 42'] })
}
