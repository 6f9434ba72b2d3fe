import { access, constants } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Command } from 'commander'
import { ProblemError } from '#shared/model/index.ts'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { unwritable } from '../errors.ts'
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
      await mayWrite(file)
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
      'An older backup of that name is replaced when the new one is whole; any other file is left alone.',
      'A backup holds no passwords and not its own key: it can be restored where the key of the office is, which is in the keychain, in a file, or sealed by the passphrase.',
    ],
  })
}

/**
 * Looks before a long piece of work whether its end can be written.
 * @throws `file_unwritable`; `conflict` when there is a file that is not a backup: it would be lost.
 */
async function mayWrite(file: string): Promise<void> {
  await access(dirname(file), constants.W_OK).catch((error: unknown) => {
    throw unwritable(file, error)
  })
  const exists = await access(file).then(
    () => true,
    () => false,
  )
  if (!exists) return
  const { describeBackup } = await import('#store/restore.ts')
  try {
    describeBackup(file)
  } catch (error) {
    const detail = `${file} is there already and is not a backup. Nothing was written; choose another name.`
    throw new ProblemError('conflict', { detail }, { cause: error })
  }
}
