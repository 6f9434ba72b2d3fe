import { access } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { Command } from 'commander'
import { ExportSummary } from '#shared/contract/index.ts'
import { ProblemError } from '#shared/model/index.ts'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { unreadable } from '../errors.ts'
import { followJob, howFar, number } from '../jobs.ts'
import { findIdentity, readNames } from '../names.ts'
import { collected } from '../values.ts'

interface Options {
  query: string
  out: string
  redact?: string
  identity?: string[]
  by?: string
}

export function archiveExport(cli: Cli): Command {
  const command = new Command('export')
    .summary('Hand over records that prove themselves')
    .description(
      'Writes an evidence pack: every captured version of the messages that a search finds, with its proof and a verifier that needs nothing of this program.',
    )
    .requiredOption('--query <text>', 'as in the search box; empty ("") for everything')
    .requiredOption('--out <dir>', 'folder to write, empty or not there')
    .option('--redact <file>', 'JSON list of what is blacked out, in the copies only')
    .option('--identity <id>', 'only of this identity, by id or name; may be repeated', collected)
    .option('--by <name>', 'who exports (default: the name you are signed in with)')
    .action(async (options: Options) => {
      const dir = cli.path(options.out)
      const redactions = options.redact === undefined ? null : cli.path(options.redact)
      if (redactions !== null)
        await access(redactions).catch((error: unknown) => {
          throw unreadable(redactions, error)
        })
      const summary = await cli.withOffice(
        async (client) => {
          const { identities } = await readNames(client)
          const identityIds = options.identity?.map((wanted) => findIdentity(identities, wanted).id) ?? null
          const by = options.by ?? userInfo().username
          const job = await followJob(
            cli,
            client,
            () => client.archive.export({ query: options.query, identityIds, dir, redactions, by }),
            {
              progress: ({ progress }) => `Exporting: ${howFar(progress)}`,
              cancelled: `Cancelled. What was written is in ${dir}.partial; the same command goes on from there.`,
            },
          )
          if (job.exported === null)
            throw new ProblemError('internal', { detail: 'an export ended without saying what came of it' })
          return job.exported
        },
        { endsItself: true },
      )
      cli.out.answer(summary, () => {
        const { records, redacted, bytes, files } = summary
        cli.out.line(
          `${number(records)} records (${number(redacted)} redacted), ${number(files)} files, ${number(bytes)} bytes in ${summary.dir}`,
        )
        if (summary.damaged > 0)
          cli.out.line(`${number(summary.damaged)} records no longer are what was captured; they are in the pack as they are.`)
        if (summary.stillThere > 0)
          cli.out.line(`${number(summary.stillThere)} records that are not redacted say words that you blacked out in others.`)
        if (summary.idle.length > 0) cli.out.line(`Redactions without effect, by line: ${summary.idle.join(', ')}`)
        cli.out.line(`Check it with: dispatch verify ${summary.dir}`)
      })
    })
  return describe(command, {
    prints: ExportSummary,
    examples: [
      'dispatch archive export --query "harbour bridge" --out ~/evidence/bridge',
      'dispatch archive export --query "" --identity 2 --out ~/evidence/all --redact ~/redactions.json --by "Records office"',
    ],
    notes: ['Ctrl+C stops it; the same command goes on where it was. The folder appears when it is whole.'],
  })
}
