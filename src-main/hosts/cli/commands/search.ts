import { Command, Option } from 'commander'
import { z } from 'zod'
import type { Client } from '#shared/contract/client.ts'
import { SearchFacets, type SearchOrder, type SearchPage } from '#shared/contract/index.ts'
import { ProblemError } from '#shared/model/index.ts'
import { parseQuery, printQuery } from '#shared/query/index.ts'
import type { Cli } from '../cli.ts'
import { coverageLine } from '../coverage-text.ts'
import { describe } from '../describe.ts'
import { type Names, readNames } from '../names.ts'
import { explained, missingLine, problemLine } from '../query-text.ts'
import { HitShape, hitShape } from '../shapes.ts'
import { localTime } from '../time.ts'
import { count, idText } from '../values.ts'

interface Options {
  limit: number
  before?: string
  order: SearchOrder
  facets?: true
  explain?: true
}

type HitLine = z.infer<typeof HitShape>

/** All accounts, since each has been here. */
const everything = { identityIds: null, accountIds: null, from: null, to: null }
/** Hits asked for at a time (the contract's most). */
const PAGE = 200

export const ExplanationShape = z.object({ query: z.string(), explanation: z.string() })

export function search(cli: Cli): Command {
  const command = new Command('search')
    .summary('Search all messages')
    .description('Searches every message of the office, the newest first.')
    .argument('<query...>', 'what to find, as in the search box; put -- before a query that begins with a dash')
    .option('--limit <number>', 'at most this many', count, 50)
    .option('--before <cursor>', 'go on after the row with this cursor (newest first)', idText)
    .addOption(new Option('--order <order>', 'what comes first').choices(['newest', 'best']).default('newest'))
    .option('--facets', 'print how all hits are spread over networks, accounts, identities, years and kinds')
    .option('--explain', 'print what the query asks for, and search nothing')
    .action(async (words: string[], options: Options) => {
      const text = words.join(' ')
      const timeZone = new Intl.DateTimeFormat().resolvedOptions().timeZone
      if (options.explain) explain(cli, text, timeZone)
      else if (options.facets) await spread(cli, text, timeZone)
      else await list(cli, text, timeZone, options)
    })
  return describe(command, {
    prints: z.union([z.array(HitShape), SearchFacets, ExplanationShape]),
    examples: [
      'dispatch search budget committee',
      'dispatch search --limit 10 --json pension',
      `dispatch search 'from:lindqvist has:attachment after:2026-01' --facets`,
      `dispatch search --explain '"harbour wall" -(is:outbound OR state:done)'`,
    ],
    notes: [
      'The id of a row is that of its message. To read on, give the cursor of the last row to --before.',
      'The best come first among the newest 2,000 hits only.',
      'Where nothing is found, a line says how much of the time the accounts were watched, and why not the rest.',
      'The user guide has every operator of the search language with an example.',
    ],
  })
}

/** @throws `query_invalid` where there is something wrong with a query. */
function check(text: string, { problems }: Pick<SearchPage, 'problems'>): void {
  const [problem] = problems
  if (problem) throw new ProblemError('query_invalid', { detail: problemLine(text, problem) })
}

function explain(cli: Cli, text: string, timeZone: string): void {
  const { query, problems } = parseQuery(text, { now: Date.now(), timeZone, typing: false })
  check(text, { problems })
  const answer = { query: query ? printQuery(query) : '', explanation: query ? explained(query) : '' }
  cli.out.answer(answer, () => cli.out.line(answer.explanation))
}

async function spread(cli: Cli, text: string, timeZone: string): Promise<void> {
  const { facets, names } = await cli.withOffice(async (client) => {
    const names = await readNames(client)
    check(text, await client.search.find({ text, typing: false, timeZone, order: 'newest', limit: 1, after: null }))
    return { facets: await client.search.facets({ text, timeZone, exact: true }), names }
  })
  cli.out.answer(facets, () => {
    const lines = [
      ...facets.network.map(({ value, count }) => ({ what: 'network', value: String(value), count })),
      ...facets.identity.map(({ value, count }) => ({ what: 'identity', value: names.identity(value), count })),
      ...facets.account.map(({ value, count }) => ({ what: 'account', value: names.account(value), count })),
      ...facets.year.map(({ value, count }) => ({ what: 'year', value, count })),
      ...facets.kind.map(({ value, count }) => ({ what: 'kind', value: String(value), count })),
    ]
    cli.out.table(
      [
        { title: 'OF', value: (row) => row.what },
        { title: 'HITS', value: (row) => String(row.count), right: true },
        { title: 'IS', value: (row) => row.value, least: 10 },
      ],
      lines,
      'Nothing was found.',
    )
  })
}

async function list(cli: Cli, text: string, timeZone: string, options: Options): Promise<void> {
  const { hits, coverage, notes } = await cli.withOffice(async (client) => {
    const names = await readNames(client)
    const { found, last } = await pages(client, names, text, timeZone, options)
    const nothing = found.length === 0 && options.before === undefined
    const coverage = nothing ? await client.archive.coverage(everything) : null
    const notes = last.missing.map(missingLine)
    if (last.waiting > 0) notes.push(`The search index is being made anew; up to ${last.waiting} messages are not in it yet.`)
    return { hits: found, coverage, notes }
  })
  for (const note of notes) cli.out.note(note)
  cli.out.answer(hits, () => {
    tell(cli, hits)
    const line = coverage === null ? '' : coverageLine(coverage)
    if (line !== '') cli.out.line(line)
  })
}

async function pages(
  client: Client,
  names: Names,
  text: string,
  timeZone: string,
  { limit, order, before }: Options,
): Promise<{ found: HitLine[]; last: SearchPage }> {
  const found: HitLine[] = []
  let after = before ?? null
  for (;;) {
    const wanted = Math.min(PAGE, limit - found.length)
    const last = await client.search.find({ text, typing: false, timeZone, order, limit: wanted, after })
    check(text, last)
    found.push(...last.hits.map((hit) => hitShape(hit, names)))
    after = last.next
    if (after === null || found.length >= limit) return { found, last }
  }
}

function tell(cli: Cli, hits: readonly HitLine[]): void {
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
