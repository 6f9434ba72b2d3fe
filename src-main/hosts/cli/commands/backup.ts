import { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { BackupShape } from '../shapes.ts'

export function backup(cli: Cli): Command {
  const command = new Command('backup')
    .summary('Write a backup')
    .description(
      'Writes a consistent copy of the whole office into one file, encrypted with the same key; also while the office is in use.',
    )
    .argument('<file>', 'file to write')
    .action(async (where: string) => {
      const file = cli.path(where)
      const { bytes } = await cli.withOffice(async (client) => {
        cli.out.progress(`Writing ${file} …`)
        return await client.office.backup({ file })
      })
      cli.out.answer({ file, bytes }, () => cli.out.line(`Wrote ${file} (${bytes.toLocaleString('en')} bytes).`))
    })
  return describe(command, {
    prints: BackupShape,
    examples: ['dispatch backup /media/safe/office-2026-01-31.backup'],
    notes: [
      'A backup holds no passwords and not its own key: it can be restored where the key of the office is, which is in the keychain, in a file, or sealed by the passphrase.',
    ],
  })
}
