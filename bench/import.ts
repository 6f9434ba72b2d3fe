import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { benchOffice, inFolder, parsed, takeIn } from './ingest.ts'
import { type BenchRow, bounded } from './row.ts'
import { writeArchive } from './x-archive.ts'

const GROUP = 'import'
const POSTS = 500_000
/** Mails with which the writer's rate is measured, in the same run. */
const MAILS = 20_000

const Measured = z.object({ new: z.number(), seconds: z.number(), cpuSeconds: z.number(), peakBytes: z.number() })

/**
 * An archive of X with half a million posts, imported by the real engine, against the rate at which the writer takes in mails (`ingest.full`): each per
 * second of processor time, all threads together, in one run. Memory is that of a process which does nothing else.
 */
export async function run(): Promise<BenchRow[]> {
  const dir = mkdtempSync(join(tmpdir(), 'dispatch-import-bench-'))
  try {
    const file = join(dir, 'x.zip')
    await writeArchive(file, POSTS)
    const mails = MAILS / writerSeconds()
    // The first start leaves the sources without their types for the next.
    const small = join(dir, 'small.zip')
    await writeArchive(small, 100)
    importOnce(small)
    const measured = importOnce(file)
    const posts = measured.new / measured.cpuSeconds
    const plain = (id: string, value: number, unit: string, against: string): BenchRow => ({
      id,
      group: GROUP,
      value,
      unit,
      goal: null,
      ok: null,
      against,
    })
    return [
      plain('import.x.size', statSync(file).size / 1e6, 'MB', `${measured.new} posts, packed`),
      plain('import.x.rate', posts, '/s', 'posts per CPU second, all threads'),
      plain('import.x.wall', measured.new / measured.seconds, '/s', 'posts per second as the person waits'),
      plain('import.mail.rate', mails, '/s', 'mails per CPU second, the writer alone, parsing left out'),
      bounded(
        { id: 'import.x.ratio', group: GROUP, value: posts / mails, unit: 'x', against: 'the writer alone with mails' },
        '>=',
        0.7,
      ),
      bounded(
        { id: 'import.x.memory', group: GROUP, value: measured.peakBytes / 1e6, unit: 'MB', against: 'most of the process' },
        '<=',
        300,
      ),
    ]
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

function writerSeconds(): number {
  const mails = parsed(MAILS)
  return inFolder((dir) => {
    const office = benchOffice(dir)
    const before = process.cpuUsage()
    takeIn(office, mails)
    const { user, system } = process.cpuUsage(before)
    office.db.close()
    return (user + system) / 1e6
  })
}

function importOnce(file: string): z.infer<typeof Measured> {
  const script = join(import.meta.dirname, 'import-once.ts')
  // Started as `dispatch` is.
  const boot = join(import.meta.dirname, '../src-main/hosts/launch/boot.cjs')
  const { status, stdout, stderr } = spawnSync(process.execPath, [boot, script, file], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return Measured.parse(JSON.parse(stdout))
}
