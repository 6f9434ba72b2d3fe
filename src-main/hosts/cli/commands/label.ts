import { Command, InvalidArgumentError } from 'commander'
import { z } from 'zod'
import type { Client } from '#shared/contract/client.ts'
import { type Label, LabelColor, type LabelKind, LabelName } from '#shared/model/index.ts'
import { act, conversations } from '../acts.ts'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { findIdentity, findLabel, readNames } from '../names.ts'
import { LabelActedShape, LabelShape, labelShape } from '../shapes.ts'
import { idTexts, oneOf } from '../values.ts'

const forIdentity = ['--identity <id>', 'identity, by id or name'] as const

/** The identity and, of its labels and topics, the one that is meant. */
async function find(client: Client, identity: string, wanted: string): Promise<Label> {
  const { id } = findIdentity(await client.identities.list(), identity)
  return findLabel(await client.labels.list({ identityId: id }), wanted)
}

async function shaped(client: Client, label: Label): Promise<z.infer<typeof LabelShape>> {
  return labelShape(label, await readNames(client), (await client.inbox.badges()).labels[label.id])
}

/** A name as a label may have it. */
function nameOf(text: string): string {
  const name = LabelName.safeParse(text)
  if (!name.success) throw new InvalidArgumentError('It must be one line of 1 to 60 characters.')
  return name.data
}

interface AddOptions {
  identity: string
  topic?: true
  color: LabelColor
}

export function labelAdd(cli: Cli): Command {
  const command = new Command('add')
    .description('Makes a label or a topic of an identity.')
    .argument('<name>', 'its name', nameOf)
    .requiredOption(...forIdentity)
    .option('--topic', 'a topic: what conversations are about')
    .option('--color <color>', LabelColor.options.join(', '), oneOf(LabelColor.options), 'slate')
    .action(async (name: string, { identity, topic, color }: AddOptions) => {
      const made = await cli.withOffice(async (client) => {
        const { id } = findIdentity(await client.identities.list(), identity)
        const kind: LabelKind = topic === true ? 'topic' : 'label'
        return await shaped(client, await client.labels.add({ identityId: id, kind, name, color }))
      })
      cli.out.answer(made, () => cli.out.line(`${made.kind === 'topic' ? 'Topic' : 'Label'} ${made.id}: ${made.name}.`))
    })
  return describe(command, {
    prints: LabelShape,
    examples: ['dispatch label add "Ferry" --identity 1 --color teal', 'dispatch label add Fisheries --topic --identity 1'],
    notes: ['A label says how the office handles a conversation, a topic what it is about. Each belongs to one identity.'],
  })
}

interface SetOptions {
  identity: string
  name?: string
  color?: LabelColor
}

export function labelSet(cli: Cli): Command {
  const command = new Command('set')
    .description('Gives a label or topic another name or colour.')
    .argument('<label>', 'by id or name')
    .requiredOption(...forIdentity)
    .option('--name <name>', 'new name', nameOf)
    .option('--color <color>', LabelColor.options.join(', '), oneOf(LabelColor.options))
    .action(async (wanted: string, { identity, name, color }: SetOptions) => {
      const made = await cli.withOffice(async (client) => {
        const { id, identityId, name: was, color: before } = await find(client, identity, wanted)
        return await shaped(client, await client.labels.update({ id, identityId, name: name ?? was, color: color ?? before }))
      })
      cli.out.answer(made, () => cli.out.line(`Label ${made.id}: ${made.name}, ${made.color}.`))
    })
  return describe(command, { prints: LabelShape, examples: ['dispatch label set Ferry --name "Ferries" --identity 1'] })
}

export function labelMerge(cli: Cli): Command {
  const command = new Command('merge')
    .description('Gives what has one label the other instead, and removes the one.')
    .argument('<label>', 'the one that goes, by id or name')
    .argument('<into>', 'the one that stays, by id or name')
    .requiredOption(...forIdentity)
    .action(async (wanted: string, into: string, { identity }: { identity: string }) => {
      const done = await cli.withOffice(async (client) => {
        const [label, other] = [await find(client, identity, wanted), await find(client, identity, into)]
        const { changed } = await client.labels.merge({ id: label.id, identityId: label.identityId, into: other.id })
        return { label: label.id, changed }
      })
      cli.out.answer(done, () => cli.out.line(`${wanted} is ${into} now; ${conversations(done.changed)} had it.`))
    })
  return describe(command, { prints: LabelActedShape, examples: ['dispatch label merge Boats Ferry --identity 1'] })
}

export function labelRemove(cli: Cli): Command {
  const command = new Command('remove')
    .description('Takes a label or topic off everything and removes it.')
    .argument('<label>', 'by id or name')
    .requiredOption(...forIdentity)
    .action(async (wanted: string, { identity }: { identity: string }) => {
      const done = await cli.withOffice(async (client) => {
        const { id, identityId } = await find(client, identity, wanted)
        return { label: id, changed: (await client.labels.remove({ id, identityId })).changed }
      })
      cli.out.answer(done, () => cli.out.line(`${wanted} is removed; ${conversations(done.changed)} had it.`))
    })
  return describe(command, { prints: LabelActedShape, examples: ['dispatch label remove Boats --identity 1'] })
}

export function labelList(cli: Cli): Command {
  const command = new Command('list')
    .description('Lists labels and topics, and how many conversations have them.')
    .option(forIdentity[0], 'only of this identity, by id or name')
    .action(async (options: { identity?: string }) => {
      const labels = await cli.withOffice(async (client) => {
        const names = await readNames(client)
        const identityId = options.identity === undefined ? null : findIdentity(names.identities, options.identity).id
        const [found, badges] = [await client.labels.list({ identityId }), await client.inbox.badges()]
        return found.map((label) => labelShape(label, names, badges.labels[label.id]))
      })
      cli.out.answer(labels, () =>
        cli.out.table(
          [
            { title: 'ID', value: (label) => label.id, right: true },
            { title: 'KIND', value: (label) => label.kind },
            { title: 'NAME', value: (label) => label.name },
            { title: 'COLOUR', value: (label) => label.color },
            { title: 'IDENTITY', value: (label) => label.identityName },
            { title: 'OPEN', value: (label) => String(label.open), right: true },
            { title: 'DONE', value: (label) => String(label.done), right: true },
          ],
          labels,
          'There are no labels.',
        ),
      )
    })
  return describe(command, { prints: z.array(LabelShape), examples: ['dispatch label list --identity 1'] })
}

function putting(cli: Cli, name: 'put' | 'take', text: string, done: string): Command {
  return new Command(name)
    .description(text)
    .argument('<label>', 'by id or name')
    .argument('<conversation...>', 'ids of conversations', idTexts)
    .requiredOption(...forIdentity)
    .action(async (wanted: string, ids: string[], { identity }: { identity: string }) => {
      const acted = await cli.withOffice(async (client) => {
        const label = await find(client, identity, wanted)
        const [add, remove] = name === 'put' ? [[label.id], []] : [[], [label.id]]
        const { changed } = await act(client, ids, identity, (targets) => client.labels.put({ targets, add, remove }))
        return { label: label.id, changed }
      })
      cli.out.answer(acted, () => cli.out.line(`${wanted} ${done} ${conversations(acted.changed)}.`))
    })
}

export function labelPut(cli: Cli): Command {
  return describe(putting(cli, 'put', 'Puts a label or topic on conversations.', 'put on'), {
    prints: LabelActedShape,
    examples: ['dispatch label put Ferry 42 43 --identity 1'],
  })
}

export function labelTake(cli: Cli): Command {
  return describe(putting(cli, 'take', 'Takes a label or topic off conversations.', 'taken off'), {
    prints: LabelActedShape,
    examples: ['dispatch label take Ferry 42 --identity 1'],
  })
}
