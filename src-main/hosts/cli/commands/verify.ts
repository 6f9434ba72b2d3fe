import { stat } from 'node:fs/promises'
import { Command } from 'commander'
import { ProblemError } from '#shared/model/index.ts'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { Cancelled, exit, unreadable } from '../errors.ts'
import { VerdictShape } from '../verdict-shape.ts'

interface Options {
  key?: string[]
}

export function verify(cli: Cli): Command {
  const command = new Command('verify')
    .summary('Verify an evidence pack')
    .description(
      'Checks an evidence pack: every file, every proof, and four statements for each record. Needs no office and no network.',
    )
    .argument('<dir>', 'folder of the pack')
    .option('--key <key...>', 'keys that the office has published: a ledger that another one signed is a problem')
    .action(async (where: string, given: Options) => {
      const dir = cli.path(where)
      await mustBeFolder(dir)
      // Loaded when they are needed: they take as long as the rest of the program.
      const [fs, crypto, { folderIo, nodePrimitives }, { verifyPack }] = await Promise.all([
        import('node:fs'),
        import('node:crypto'),
        import('#archive/verify/node-io.ts'),
        import('#archive/verify/verify.ts'),
      ])
      const [{ plainText, tell }, { en }] = await Promise.all([
        import('../../verifier/tell.ts'),
        import('../../verifier/words/en.ts'),
      ])
      const onProgress = (done: number, total: number) => cli.out.progress(`Checking: ${done} of ${total} files`)
      const options = { signal: cli.signal, keys: given.key ?? [], onProgress }
      const verdict = await verifyPack(folderIo({ fs, crypto }, dir), nodePrimitives({ crypto }), options).catch(
        (error: unknown) => {
          throw cli.signal.aborted ? new Cancelled('Stopped. Nothing was changed.') : error
        },
      )
      cli.out.answer(verdict, () => cli.out.line(plainText(tell(en, verdict)).trimEnd()))
      if (!verdict.valid) cli.ended(exit.problem)
    })
  return describe(command, {
    prints: VerdictShape,
    examples: ['dispatch verify ~/evidence/2026-01-31', 'dispatch verify ~/evidence/2026-01-31 --json'],
    notes: [
      'The exit code is 0 only for a valid pack, 1 for any other. The same verdict comes from node verify.js DIR in the pack itself, which needs nothing of this program; docs/formats.md says what it means.',
    ],
  })
}

async function mustBeFolder(dir: string): Promise<void> {
  try {
    if ((await stat(dir)).isDirectory()) return
  } catch (error) {
    throw unreadable(dir, error)
  }
  throw new ProblemError('file_unreadable', { path: dir, detail: 'it is not a folder' })
}
