import { Command, InvalidArgumentError } from 'commander'
import { z } from 'zod'
import type { Client } from '#shared/contract/client.ts'
import { ConversationId, type Note, NoteId, NoteText } from '#shared/model/index.ts'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { findIdentity } from '../names.ts'
import { doer } from '../people.ts'
import { NoteShape, noteShape } from '../shapes.ts'
import { localTime } from '../time.ts'
import { idText } from '../values.ts'

interface ByOptions {
  identity?: string
  by?: string
}

/** What a note may say. */
function noteText(text: string): string {
  const plain = NoteText.safeParse(text)
  if (!plain.success) throw new InvalidArgumentError('It must be text of 1 to 20,000 characters.')
  return plain.data
}

const byOption = ['--by <name>', 'who writes it (default: the name you are signed in with)'] as const

export function noteAdd(cli: Cli): Command {
  const command = new Command('add')
    .description('Writes a note on a conversation. Notes stay in the office: they are never sent.')
    .argument('<conversation>', 'id of the conversation', idText)
    .argument('<text>', 'what it says', noteText)
    .option('--identity <id>', 'refuse unless it belongs to this identity')
    .option(...byOption)
    .action(async (id: string, text: string, { identity, by }: ByOptions) => {
      const note = await cli.withOffice(async (client) => {
        const conversationId = ConversationId.parse(id)
        const identityId =
          identity === undefined
            ? (await client.conversations.get({ id: conversationId })).row.identityId
            : findIdentity(await client.identities.list(), identity).id
        return noteShape((await client.notes.add({ conversationId, identityId, by: doer(by), text })).note)
      })
      cli.out.answer(note, () => cli.out.line(`Note ${note.id} on conversation ${note.conversation}.`))
    })
  return describe(command, { prints: NoteShape, examples: ['dispatch note add 42 "Called her; she sends the letter again."'] })
}

export function noteList(cli: Cli): Command {
  const command = new Command('list')
    .description('Shows the notes on a conversation, the oldest first.')
    .argument('<conversation>', 'id of the conversation', idText)
    .action(async (id: string) => {
      const notes = await cli.withOffice(async (client) =>
        (await client.notes.list({ conversationId: ConversationId.parse(id) })).map(noteShape),
      )
      cli.out.answer(notes, () =>
        cli.out.table(
          [
            { title: 'ID', value: (note) => note.id, right: true },
            { title: 'WHEN', value: (note) => localTime(note.at) },
            { title: 'BY', value: (note) => note.by },
            { title: 'VERSION', value: (note) => String(note.versions.length), right: true },
            { title: 'TEXT', value: (note) => note.text ?? 'withdrawn', least: 16 },
          ],
          notes,
          'There are no notes.',
        ),
      )
    })
  return describe(command, { prints: z.array(NoteShape), examples: ['dispatch note list 42'] })
}

async function change(
  cli: Cli,
  options: ByOptions & { identity: string },
  run: (client: Client, on: { identityId: Note['identityId']; by: string }) => Promise<{ note: Note }>,
): Promise<z.infer<typeof NoteShape>> {
  return await cli.withOffice(async (client) => {
    const identityId = findIdentity(await client.identities.list(), options.identity).id
    return noteShape((await run(client, { identityId, by: doer(options.by) })).note)
  })
}

export function noteEdit(cli: Cli): Command {
  const command = new Command('edit')
    .description('Gives a note another wording; the one before is kept.')
    .argument('<note>', 'id of the note', idText)
    .argument('<text>', 'what it says now', noteText)
    .requiredOption('--identity <id>', 'identity that it belongs to, by id or name')
    .option(...byOption)
    .action(async (id: string, text: string, options: ByOptions & { identity: string }) => {
      const note = await change(cli, options, (client, on) => client.notes.edit({ ...on, id: NoteId.parse(id), text }))
      cli.out.answer(note, () => cli.out.line(`Note ${note.id} has ${note.versions.length} versions.`))
    })
  return describe(command, { prints: NoteShape, examples: ['dispatch note edit 3 "She sent it." --identity 1'] })
}

export function noteWithdraw(cli: Cli): Command {
  const command = new Command('withdraw')
    .description('Withdraws a note; what it said is kept with it.')
    .argument('<note>', 'id of the note', idText)
    .requiredOption('--identity <id>', 'identity that it belongs to, by id or name')
    .option(...byOption)
    .action(async (id: string, options: ByOptions & { identity: string }) => {
      const note = await change(cli, options, (client, on) => client.notes.withdraw({ ...on, id: NoteId.parse(id) }))
      cli.out.answer(note, () => cli.out.line(`Note ${note.id} is withdrawn.`))
    })
  return describe(command, { prints: NoteShape, examples: ['dispatch note withdraw 3 --identity 1'] })
}
