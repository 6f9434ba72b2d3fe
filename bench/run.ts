import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BenchRow } from './row.ts'

/** `npm run bench [-- GROUP...]`: runs the groups one after the other, prints a table, writes `bench/results.json`. */
const groups: Record<string, () => Promise<{ run(): Promise<BenchRow[]> }>> = {
  ingest: () => import('./ingest.ts'),
  ledger: () => import('./ledger.ts'),
  export: () => import('./export.ts'),
  import: () => import('./import.ts'),
  sync: () => import('./first-sync.ts'),
  bluesky: () => import('./bluesky.ts'),
  search: () => import('./search.ts'),
  list: () => import('./list.ts'),
  start: () => import('./start.ts'),
  scroll: () => import('./scroll.ts'),
  mastodon: () => import('./mastodon.ts'),
  guard: () => import('./guard.ts'),
  outbox: () => import('./outbox.ts'),
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !(name in groups))
if (unknown.length > 0) {
  console.error(`There is no group ${unknown.join(', ')}. Groups: ${Object.keys(groups).join(', ')}.`)
  process.exit(2)
}

const rows: BenchRow[] = []
for (const [name, load] of Object.entries(groups)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  console.error(`bench: ${name}`)
  const group = await load()
  rows.push(...(await group.run()))
}

const cells = rows.map((row) => [
  row.id,
  `${round(row.value)} ${row.unit}`,
  row.goal ?? '',
  row.ok === null ? '' : row.ok ? 'met' : 'MISSED',
  row.against,
])
const header = ['figure', 'value', 'goal', '', 'against']
const widths = header.map((title, column) => Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)))
for (const row of [header, ...cells])
  console.log(
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
await writeFile(join(import.meta.dirname, 'results.json'), `${JSON.stringify(rows, null, 2)}\n`)

function round(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3)
}
