import { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { RestoreShape } from '../shapes.ts'
import { localTime } from '../time.ts'

export function restore(cli: Cli): Command {
  const command = new Command('restore')
    .summary('Restore a backup')
    .description(
      'Makes an office out of a backup, in a folder that is empty or does not exist yet. The backup is checked whole before anything is put in place.',
    )
    .argument('<file>', 'backup to restore')
    .option('--force', 'take the place of the office that is there; that one is kept beside it')
    .action(async (where: string, options: { force?: true }) => {
      const { restoreOffice } = await import('../restore.ts')
      const file = cli.path(where)
      cli.out.progress(`Restoring ${file} …`)
      const { madeAt, replaced } = await restoreOffice({ file, dir: cli.office, force: options.force === true })
      cli.out.answer({ file, office: cli.office, madeAt, replaced }, () => {
        cli.out.line(`The office of ${localTime(madeAt)} is in ${cli.office}.`)
        if (replaced !== null) cli.out.line(`The office that was there is in ${replaced}.`)
      })
    })
  return describe(command, {
    prints: RestoreShape,
    examples: ['dispatch restore /media/safe/office-2026-01-31.backup --office ~/offices/restored'],
    notes: [
      'A restore that was ended in the middle is set right by the next command or window: it finds the old office or the new one in its place, never neither.',
      'The key of the office must be where it was when the backup was made: in the keychain, in the file, or sealed by DISPATCH_PASSPHRASE. Passwords of accounts are not in a backup.',
    ],
  })
}
