import { access } from 'node:fs/promises'
import { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { unreadable } from '../errors.ts'
import { followJob, howFar, number } from '../jobs.ts'
import { findAccount, readNames } from '../names.ts'
import { ImportShape } from '../shapes.ts'
import { oneOf } from '../values.ts'

const formats = ['mbox', 'maildir', 'eml'] as const

export function importFiles(cli: Cli): Command {
  const command = new Command('import')
    .summary('Import messages from files')
    .description(
      'Brings messages from files into a mail account: an mbox file, a Maildir folder, or one .eml file or a folder of them.',
    )
    .argument('<format>', formats.join(', '), oneOf(formats))
    .argument('<path>', 'file or folder')
    .requiredOption('--account <id>', 'account to bring them into, by id, label or address')
    .action(async (format: (typeof formats)[number], where: string, options: { account: string }) => {
      const path = cli.path(where)
      await access(path).catch((error: unknown) => {
        throw unreadable(path, error)
      })
      const result = await cli.withOffice(
        async (client) => {
          const names = await readNames(client)
          const { id, identityId } = findAccount(names.accounts, options.account)
          const job = await followJob(cli, client, () => client.accounts.importFiles({ id, identityId, format, path }), {
            progress: ({ progress }) => `Importing: ${howFar(progress)}`,
            cancelled: 'Cancelled. What was brought in is kept; the same command goes on from there.',
          })
          return job.result ?? { new: 0, known: 0, failed: 0, remarks: [] }
        },
        { endsItself: true },
      )
      cli.out.answer(result, () => {
        const { new: added, known, failed } = result
        cli.out.line(`${number(added)} new, ${number(known)} already there, ${number(failed)} not understood.`)
      })
    })
  return describe(command, {
    prints: ImportShape,
    examples: ['dispatch import mbox ~/archive.mbox --account press@example.org'],
    notes: [
      'Ctrl+C stops it; the same command goes on where it was. Importing the same file again adds nothing.',
      'What has content but no header is counted as not understood and kept all the same, as a damaged message. Of an export of Gmail, drafts are left out; spam and trash count as read.',
    ],
  })
}
