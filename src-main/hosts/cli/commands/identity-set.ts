import { Command } from 'commander'
import { IdentityColor, IdentityName, IdentityShape, IdentitySignature } from '#shared/model/index.ts'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { UsageError } from '../errors.ts'
import { findIdentity } from '../names.ts'
import { IdentityShape as Prints } from '../shapes.ts'
import { oneLine } from '../text.ts'
import { oneOf } from '../values.ts'

interface Options {
  name?: string
  shape?: IdentityShape
  color?: IdentityColor
  signature?: string
}

export function identitySet(cli: Cli): Command {
  const command = new Command('set')
    .summary('Change the name, mark or signature of an identity')
    .description('Changes how an identity is shown, and what ends its mails. Its voice never changes.')
    .argument('<identity>', 'identity, by id or name')
    .option('--name <name>', 'name, 1 to 80 characters')
    .option('--shape <shape>', `mark beside the name: ${IdentityShape.options.join(', ')}`, oneOf(IdentityShape.options))
    .option('--color <color>', `colour of the mark: ${IdentityColor.options.join(', ')}`, oneOf(IdentityColor.options))
    .option('--signature <text>', 'put below each new mail; several lines, at most 2,000 characters; "" for none')
    .action(async (wanted: string, options: Options) => {
      const name = options.name === undefined ? undefined : IdentityName.safeParse(options.name)
      if (name && !name.success) throw new UsageError('--name must have 1 to 80 characters.')
      const signature = options.signature === undefined ? undefined : IdentitySignature.safeParse(options.signature)
      if (signature && !signature.success) throw new UsageError('--signature must be text of at most 2,000 characters.')
      const identity = await cli.withOffice(async (client) => {
        const before = findIdentity(await client.identities.list(), wanted)
        return client.identities.update({
          id: before.id,
          name: name?.data ?? before.name,
          shape: options.shape ?? before.shape,
          color: options.color ?? before.color,
          signature: signature?.data,
        })
      })
      cli.out.answer(identity, () => cli.out.line(`${oneLine(identity.name)} (${identity.id}) is changed.`))
    })
  return describe(command, {
    prints: Prints,
    examples: ['dispatch identity set 1 --signature "The office of the Speaker"'],
  })
}
