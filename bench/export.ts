import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exportPack } from '#archive/pack/export.ts'
import { Redactions } from '#archive/pack/redact/file.ts'
import type { PackSource } from '#archive/pack/source.ts'
import { SampleSource } from '../test/archive/pack/sample.ts'
import { type BenchRow, bounded, median } from './row.ts'

/** Four of five entries of the sample are records. */
const ENTRIES = 125_000
const ROUNDS = 3
const GROUP = 'export'

const empty = new Uint8Array(0)
const filesThread = new URL('../src-main/archive/pack/small-files-thread.ts', import.meta.url)

/**
 * An evidence pack of 100,000 small records, against `tar cf` over the finished bag. What it takes to make the records up is
 * measured alone, and taken off: they are made again for each round, because a source that holds them would hide what memory
 * the export needs.
 */
export async function run(): Promise<BenchRow[]> {
  const source = new SampleSource({ ledgers: { '1': ENTRIES }, length: 800 })
  const ratios: number[] = []
  const seconds: number[] = []
  const packing: number[] = []
  let most = 0
  let bytes = 0
  for (let round = 0; round < ROUNDS; round++) {
    const making = await timed(() => drain(source))
    const dir = mkdtempSync(join(tmpdir(), 'dispatch-bench-export-'))
    try {
      const before = process.memoryUsage.rss()
      const watch = setInterval(() => {
        most = Math.max(most, process.memoryUsage.rss() - before)
      }, 20)
      const exporting = await timed(async () => {
        const redactions = new Redactions([])
        const summary = await exportPack({
          source,
          dir: join(dir, 'bag'),
          redactions,
          filesThread,
          verifier: { script: empty, page: empty },
        })
        bytes = summary.bytes
      })
      clearInterval(watch)
      const tar = await timed(async () => {
        execFileSync('tar', ['cf', join(dir, 'bag.tar'), '-C', dir, 'bag'])
      })
      seconds.push(exporting - making)
      packing.push(tar)
      ratios.push((exporting - making) / tar)
    } finally {
      rmSync(dir, { recursive: true })
    }
  }
  const plain = (id: string, value: number, unit: string, against: string): BenchRow => ({
    ...{ id, group: GROUP, value, unit, against },
    ...{ goal: null, ok: null },
  })
  return [
    plain('export.time', median(seconds) * 1000, 'ms', `100,000 records, ${Math.round(bytes / 1e6)} MB of payload`),
    plain('export.tar', median(packing) * 1000, 'ms', 'tar cf over the same bag'),
    bounded({ id: 'export.ratio', group: GROUP, value: median(ratios), unit: 'x', against: 'tar cf over the same bag' }, '<=', 5),
    bounded(
      { id: 'export.memory', group: GROUP, value: most / 1e6, unit: 'MB', against: 'what the process had before' },
      '<=',
      300,
    ),
  ]
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

/** Everything that an export asks for, without doing anything with it. */
async function drain(source: PackSource): Promise<void> {
  for await (const record of source.records(null)) if (record.seq < 0) throw new Error('There are no such records.')
  for await (const entry of source.entries('1', 1, ENTRIES - 1)) if (entry === '') throw new Error('There are no such entries.')
}
