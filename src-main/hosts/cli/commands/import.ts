import { access } from 'node:fs/promises'
import { Command } from 'commander'
import type { Account } from '#shared/model/index.ts'
import { ArchiveNetwork, type ImportFormat, type ImportRemark } from '#shared/model/index.ts'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { UsageError, unreadable } from '../errors.ts'
import { followJob, howFar, number } from '../jobs.ts'
import { findAccount, readNames } from '../names.ts'
import { ImportShape } from '../shapes.ts'
import { oneLine } from '../text.ts'
import { oneOf } from '../values.ts'

const mailFormats = ['mbox', 'maildir', 'eml'] as const
const kinds = [...mailFormats, ...ArchiveNetwork.options] as const
type Kind = (typeof kinds)[number]

/** What each remark says; the path and the name follow. */
const words: Record<ImportRemark['kind'], string> = {
  file_kept: 'kept as it is',
  file_unreadable: 'could not be read to its end',
  item_kept: 'entries not understood, kept as they are',
  field_unknown: 'unknown field, kept with its record',
  value_unknown: 'value without sense, kept with its record',
  media_missing: 'named by a message, but not in the export',
  name_mended: 'name mended',
  hash_mismatch: 'not what its hash says, kept',
  signature_unchecked: 'signature that cannot be checked without the network',
}
/** Remarks that are printed; `--json` has all. */
const MOST_REMARKS = 40

export function importFiles(cli: Cli): Command {
  const command = new Command('import')
    .summary('Import messages from files')
    .description(
      'Brings messages from files into an account. Mail: an mbox file, a Maildir folder, or one .eml file or a folder of them. Other networks: the export that they hand out, as a file, in several parts, or unpacked.',
    )
    .argument('<kind>', kinds.join(', '), oneOf(kinds))
    .argument('<path...>', 'file or folder; several where the network cut one export in parts')
    .requiredOption('--account <id>', 'account to bring them into, by id, label or address')
    .action(async (kind: Kind, places: string[], options: { account: string }) => {
      const paths = places.map((place) => cli.path(place))
      for (const path of paths)
        await access(path).catch((error: unknown) => {
          throw unreadable(path, error)
        })
      const [path = '', ...parts] = paths
      const result = await cli.withOffice(
        async (client) => {
          const names = await readNames(client)
          const account = findAccount(names.accounts, options.account)
          const format = formatFor(kind, account, paths.length)
          const { id, identityId } = account
          const start = () => client.accounts.importFiles({ id, identityId, format, path, parts })
          const job = await followJob(cli, client, start, {
            progress: ({ progress }) => `Importing: ${howFar(progress)}`,
            cancelled: 'Cancelled. What was brought in is kept; the same command goes on from there.',
          })
          return job.result ?? { new: 0, known: 0, failed: 0, remarks: [] }
        },
        { endsItself: true },
      )
      cli.out.answer(result, () => {
        const { new: added, known, failed, remarks } = result
        cli.out.line(`${number(added)} new, ${number(known)} already there, ${number(failed)} not understood.`)
        for (const remark of remarks.slice(0, MOST_REMARKS)) cli.out.line(told(remark))
        if (remarks.length > MOST_REMARKS) cli.out.line(`... and ${number(remarks.length - MOST_REMARKS)} more; --json has all.`)
      })
    })
  return describe(command, {
    prints: ImportShape,
    examples: [
      'dispatch import mbox ~/archive.mbox --account press@example.org',
      'dispatch import x ~/twitter-2026.zip --account HouseOfExamplia',
      'dispatch import facebook ~/part-1.zip ~/part-2.zip --account 7',
    ],
    notes: [
      'Ctrl+C stops it; the same command goes on where it was. Importing the same file again adds nothing.',
      'What has content but no header is counted as not understood and kept all the same, as a damaged message. Of an export of Gmail, drafts are left out; spam and trash count as read.',
      'Of an export, every file and entry that is not understood is kept byte for byte, and named. The export of another account is refused.',
    ],
  })
}

/** @throws UsageError when the account is on another network, or takes one file only. */
function formatFor(kind: Kind, account: Account, paths: number): ImportFormat {
  const mail = mailFormats.find((format) => format === kind)
  const network = mail ? 'mail' : kind
  if (account.network !== network) throw new UsageError(`${oneLine(account.label)} is on ${account.network}, not on ${network}.`)
  if (mail && paths > 1) throw new UsageError('Mail is imported one file or folder at a time.')
  return mail ?? 'archive'
}

function told({ kind, path, name, count }: ImportRemark): string {
  const where = [path, name].filter((part) => part !== '').map(oneLine)
  return `  ${where.join(' ') || '...'}: ${words[kind]}${count > 1 ? ` (${number(count)})` : ''}`
}
