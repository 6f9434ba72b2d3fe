import { Command } from 'commander'
import type { Client } from '#shared/contract/client.ts'
import { ConversationId, type Message, MessageId, ProblemError } from '#shared/model/index.ts'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { tellMessage } from '../message-text.ts'
import { readNames } from '../names.ts'
import { MessageShape, messageShape } from '../shapes.ts'
import { idText } from '../values.ts'

interface Options {
  raw?: true
  attachment?: number
}

export function messageShow(cli: Cli): Command {
  const command = new Command('show')
    .description('Shows one message: who, when, what it says, what is attached.')
    .argument('<id>', 'id of the message, as search and conversation show give it', idText)
    .option('--raw', "write the network's own bytes to stdout, exactly as they were captured")
    .option('--attachment <number>', 'write one attachment, decoded, to stdout; numbers as the message shows them', place)
    .action(async (id: string, options: Options) => {
      const messageId = MessageId.parse(id)
      if (options.raw || options.attachment !== undefined) {
        const bytes = await cli.withOffice((client) => readBytes(client, messageId, options.attachment))
        cli.out.bytes(bytes)
        return
      }
      const shown = await cli.withOffice(async (client) => {
        const [message, names] = await Promise.all([readMessage(client, messageId), readNames(client)])
        const { text, html, damaged } = await client.messages.content({ id: messageId })
        return { ...messageShape(message, names), text, html, damaged }
      })
      cli.out.answer(shown, () => tellMessage(cli.out, shown))
    })
  return describe(command, {
    prints: MessageShape,
    examples: ['dispatch message show 1789526835200001', 'dispatch message show 1789526835200001 --raw > letter.eml'],
    notes: ['html is what the sender wrote and is not made safe: do not open it in a browser as it is.'],
  })
}

function place(text: string): number {
  return Number(idText(text))
}

async function readBytes(client: Client, id: MessageId, attachment: number | undefined): Promise<Uint8Array> {
  await readMessage(client, id)
  const { bytes } = await (attachment === undefined
    ? client.messages.source({ id })
    : client.messages.attachment({ id, index: attachment }))
  return new Uint8Array(await bytes.arrayBuffer())
}

/** The message; when the id is that of a conversation, says so. */
async function readMessage(client: Client, id: MessageId): Promise<Message> {
  try {
    return await client.messages.get({ id })
  } catch (error) {
    if (!(error instanceof ProblemError) || error.code !== 'not_found') throw error
    if (!(await isConversation(client, id))) throw error
    const detail = `${id} is the id of a conversation, not of a message. See its messages with: dispatch conversation show ${id}`
    throw new ProblemError('conflict', { detail }, { cause: error })
  }
}

async function isConversation(client: Client, id: string): Promise<boolean> {
  try {
    await client.conversations.get({ id: ConversationId.parse(id) })
    return true
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'not_found') return false
    throw error
  }
}
