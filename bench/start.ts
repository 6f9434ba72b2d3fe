import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, type ElectronApplication } from '@playwright/test'
import { ensureBuilt } from '#hosts/launch/build.ts'
import { openDisplay } from '../test/support/display.ts'
import { electronBinary } from '../test/support/needed.ts'
import { type LargeOffice, largeOffice } from './million.ts'
import { type BenchRow, bounded, median } from './row.ts'

const GROUP = 'start'
const ROUNDS = 5
const repo = join(import.meta.dirname, '..')

/** Start to a usable inbox at 1,000,000 messages against an empty window of the same Electron, in turn; and memory of all processes then. */
export async function run(): Promise<BenchRow[]> {
  const executable = electronBinary()
  const display = await openDisplay()
  if (executable === null || display === null) {
    const missing = executable === null ? 'there is no Electron here' : 'there is no display, and no Xvfb'
    return [{ id: 'start.ratio', group: GROUP, value: 0, unit: 'x', goal: '<= 1.5', ok: null, against: `left out: ${missing}` }]
  }
  const place = await largeOffice()
  await ensureBuilt(repo, (line) => console.error(line))
  const empty = await mkdtemp(join(tmpdir(), 'dispatch-empty-'))
  try {
    await writeFile(join(empty, 'package.json'), '{"main":"main.cjs"}')
    await writeFile(join(empty, 'main.cjs'), emptyProgram)
    const ours: number[] = []
    const bare: number[] = []
    const memory: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      bare.push((await launch(executable, display.name, [empty], {}, '#ready')).seconds)
      const env = { DISPATCH_DATA: place.data, DISPATCH_SECRETS: 'file', LANG: 'en_GB.UTF-8' }
      const measured = await launch(executable, display.name, programArguments(place), env, '#inbox-list .row[id]')
      ours.push(measured.seconds)
      memory.push(measured.megabytes)
    }
    const ratios = ours.map((seconds, round) => seconds / (bare[round] as number))
    return [
      {
        id: 'start.empty',
        group: GROUP,
        value: median(bare),
        unit: 's',
        goal: null,
        ok: null,
        against: 'an empty Electron window',
      },
      {
        id: 'start.inbox',
        group: GROUP,
        value: median(ours),
        unit: 's',
        goal: null,
        ok: null,
        against: 'first rows of 1,000,000 conversations',
      },
      bounded(
        { id: 'start.ratio', group: GROUP, value: median(ratios), unit: 'x', against: 'an empty Electron window' },
        '<=',
        1.5,
      ),
      bounded(
        {
          id: 'start.memory',
          group: GROUP,
          value: median(memory),
          unit: 'MB',
          against: 'all processes together (proportional set size)',
        },
        '<=',
        600,
      ),
    ]
  } finally {
    await rm(empty, { recursive: true, force: true })
    await display.stop()
  }
}

const emptyProgram = `
const { app, BrowserWindow } = require('electron')
app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1280, height: 840 })
  window.loadURL('data:text/html,<p id=ready>ready')
})
`

const programArguments = (place: LargeOffice): string[] => [
  '--require',
  join(repo, 'out', 'preload', 'early.cjs'),
  repo,
  `--office=${place.dir}`,
]

interface Measured {
  seconds: number
  megabytes: number
}

async function launch(
  executablePath: string,
  display: string,
  args: string[],
  env: Record<string, string>,
  ready: string,
): Promise<Measured> {
  const inherited = Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const start = performance.now()
  const app: ElectronApplication = await _electron.launch({
    executablePath,
    args: [...sandbox, ...args],
    env: { ...Object.fromEntries(inherited), DISPLAY: display, ...env },
  })
  try {
    const page = await app.firstWindow()
    await page.locator(ready).first().waitFor()
    const seconds = (performance.now() - start) / 1000
    return { seconds, megabytes: await memoryOf(app.process().pid ?? 0) }
  } finally {
    await app.close()
  }
}

/** Memory of a process and all that came from it, in MB: shared pages are counted once, by halves. */
async function memoryOf(root: number): Promise<number> {
  const parents = new Map<number, number>()
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => null)
    const parent = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[1]
    if (parent) parents.set(Number(name), Number(parent))
  }
  const isOurs = (pid: number): boolean => {
    for (let at: number | undefined = pid; at; at = parents.get(at)) if (at === root) return true
    return false
  }
  let kilobytes = 0
  for (const pid of parents.keys()) {
    if (!isOurs(pid)) continue
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')
    kilobytes += Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0)
  }
  return kilobytes / 1024
}
