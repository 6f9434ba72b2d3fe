import { Command } from 'commander'
import { IdentityColor, IdentityName, IdentityShape, Voice } from '#shared/model/index.ts'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { UsageError } from '../errors.ts'
import { IdentityShape as Prints } from '../shapes.ts'
import { oneLine } from '../text.ts'
import { oneOf } from '../values.ts'

interface Options {
  name: string
  voice: Voice
  shape?: IdentityShape
  color?: IdentityColor
}

export function identityAdd(cli: Cli): Command {
  const command = new Command('add')
    .summary('Add an identity; makes the office when there is none')
    .description('Adds an identity: one voice that this office speaks with. Makes the office when the folder holds none.')
    .requiredOption('--name <name>', 'name, 1 to 80 characters')
    .requiredOption('--voice <voice>', `who speaks: ${Voice.options.join(', ')}`, oneOf(Voice.options))
    .option('--shape <shape>', `mark beside the name: ${IdentityShape.options.join(', ')}`, oneOf(IdentityShape.options))
    .option('--color <color>', `colour of the mark: ${IdentityColor.options.join(', ')}`, oneOf(IdentityColor.options))
    .action(async (options: Options) => {
      const name = IdentityName.safeParse(options.name)
      if (!name.success) throw new UsageError('--name must have 1 to 80 characters.')
      const { voice, shape = null, color = null } = options
      const identity = await cli.withOffice((client) => client.identities.add({ name: name.data, voice, shape, color }), {
        create: true,
      })
      cli.out.answer(identity, () =>
        cli.out.line(`Added ${oneLine(identity.name)} (${identity.voice}) with the id ${identity.id}.`),
      )
    })
  return describe(command, {
    prints: Prints,
    examples: ['dispatch identity add --name "Office of the Speaker" --voice institutional'],
  })
}
