import { Command } from 'commander'
import { z } from 'zod'
import { type SearchHit, SortKey } from '#shared/model/index.ts'
import type { Cli } from '../cli.ts'
import { coverageLine } from '../coverage-text.ts'
import { describe } from '../describe.ts'
import { readNames } from '../names.ts'
import { HitShape, hitShape } from '../shapes.ts'
import { localTime } from '../time.ts'
import { count, idText } from '../values.ts'

interface Options {
  limit: number
  before?: string
}

/** All accounts, since each has been here. */
const everything = { identityIds: null, accountIds: null, from: null, to: null }
/** Hits asked for at a time (the contract's most). */
const PAGE = 200

export function search(cli: Cli): Command {
  const command = new Command('search')
    .summary('Search all messages')
    .description('Searches every message of the office, the newest first.')
    .argument('<query...>', 'words to find; put -- before a query that begins with a dash')
    .option('--limit <number>', 'at most this many', count, 50)
    .option('--before <cursor>', 'go on after the row with this cursor', idText)
    .action(async (words: string[], options: Options) => {
      const { hits, coverage } = await cli.withOffice(async (client) => {
        const names = await readNames(client)
        const found: SearchHit[] = []
        let before = options.before === undefined ? null : SortKey.parse(options.before)
        do {
          const limit = Math.min(PAGE, options.limit - found.length)
          const page = await client.inbox.search({ text: words.join(' '), limit, before })
          found.push(...page.hits)
          before = page.next
        } while (before !== null && found.length < options.limit)
        const nothing = found.length === 0 && options.before === undefined
        const coverage = nothing ? await client.archive.coverage(everything) : null
        return { hits: found.map((hit) => hitShape(hit, names)), coverage }
      })
      cli.out.answer(hits, () => {
        tell(cli, hits)
        const line = coverage === null ? '' : coverageLine(coverage)
        if (line !== '') cli.out.line(line)
      })
    })
  return describe(command, {
    prints: z.array(HitShape),
    examples: ['dispatch search budget committee', 'dispatch search --limit 10 --json pension'],
    notes: [
      'The id of a row is that of its message. To read on, give the cursor of the last row to --before.',
      'Where nothing is found, a line says how much of the time the accounts were watched, and why not the rest.',
    ],
  })
}

function tell(cli: Cli, hits: readonly z.infer<typeof HitShape>[]): void {
  cli.out.table(
    [
      { title: 'ID', value: (row) => row.id, right: true },
      { title: 'WHEN', value: (row) => localTime(row.at) },
      { title: 'IDENTITY', value: (row) => row.identityName, least: 8 },
      { title: 'FROM', value: (row) => row.from, least: 10 },
      { title: 'SUBJECT', value: (row) => row.subject, least: 14 },
      { title: 'TEXT', value: (row) => row.snippet, least: 14 },
    ],
    hits,
    'Nothing was found.',
  )
}
