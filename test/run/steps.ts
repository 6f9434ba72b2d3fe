import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Need } from '../support/needed.ts'
import { chromiumBinary } from '../support/needed.ts'
import { exec, execPackage, type Ran, repo } from './exec.ts'
import { Follower } from './progress.ts'
import { countListed, type Note, type Outcome, readPlaywright, readVitest } from './results.ts'

export const groups = ['static', 'unit', 'build', 'e2e'] as const
export type Group = (typeof groups)[number]

export interface StepContext {
  /** Folder for reports and logs. */
  out: string
  /** Nothing may be left out. */
  complete: boolean
  /** What could not be provided, with the reason. */
  missing: ReadonlyMap<Need, string>
  /** Narrows the unit tests to files whose path holds this. */
  files: string | null
}

export interface Step {
  name: string
  group: Group
  needs: Need[]
  run(context: StepContext): Promise<Outcome>
}

/** A check that passes or fails as a whole. */
function check(name: string, group: Group, start: (context: StepContext) => Promise<Ran>): Step {
  return {
    name,
    group,
    needs: [],
    async run(context) {
      const ran = await start(context)
      if (ran.code === 0) return { passed: 1, failures: [], skips: [] }
      const detail = ran.timedOut ? `ended after ${Math.round(ran.seconds)} s\n${ran.output}` : ran.output
      return { passed: 0, failures: [{ name, detail }], skips: [] }
    },
  }
}

const limitMinutes = 5
const own =
  (script: string, ...args: string[]) =>
  () =>
    exec(process.execPath, [join(repo, script), ...args], { limitMinutes })

const unit: Step = {
  name: 'unit, property, contract and connector tests',
  group: 'unit',
  needs: ['bluesky', 'chromium', 'dovecot', 'exim', 'openssl', 'python3', 'secret-service'],
  async run({ out, complete, files }) {
    const report = join(out, 'vitest.json')
    rmSync(report, { force: true })
    const progress = join(repo, 'test/run/progress.ts')
    const args = [
      'run',
      '--reporter=json',
      `--reporter=${progress}`,
      `--outputFile=${report}`,
      ...(files === null ? [] : [files]),
    ]
    const env = { DISPATCH_TEST_COMPLETE: complete ? '1' : '0' }
    const follower = new Follower((mark) => process.stdout.write(mark))
    const watch = (text: string) => follower.take(text)
    const ran = await execPackage('vitest/vitest.mjs', args, {
      env,
      log: join(out, 'vitest.log'),
      limitMinutes: 20,
      watch,
      lastWords: 'JSON report written',
    })
    const late = [...follower.underWay].map((name) => ({ name, detail: 'It did not end.' }))
    const outcome = withExit('Vitest', ran, readVitest(report))
    return ran.timedOut ? { ...outcome, failures: [...outcome.failures, ...late] } : outcome
  },
}

/** A run that failed without a failed test (a crash, an unhandled error, no report) is one failed test. */
function withExit(name: string, ran: Ran, outcome: Outcome | null): Outcome {
  const known = outcome ?? { passed: 0, failures: [], skips: [] }
  if (outcome !== null && (ran.code === 0 || known.failures.length > 0) && !ran.timedOut) return known
  const why = ran.timedOut ? `ended after ${Math.round(ran.seconds)} s` : `ended with code ${ran.code}`
  const detail = `${why}\n${ran.output.trim().split('\n').slice(-25).join('\n')}`
  return { ...known, failures: [...known.failures, { name, detail }] }
}

/** `wants`: what single specs need, and skip without. */
const projects: { name: string; needs: Need[]; wants: Need[] }[] = [
  { name: 'electron', needs: ['electron', 'display'], wants: ['secret-service'] },
  { name: 'chromium', needs: ['chromium'], wants: [] },
]
const playwrightConfig = 'test/e2e/playwright.config.ts'
const playwright = 'playwright/cli.js'

function endToEnd({ name, needs, wants }: (typeof projects)[number]): Step {
  return {
    name: `end to end in ${name === 'electron' ? 'Electron' : 'Chromium'}`,
    group: 'e2e',
    needs: [...needs, ...wants],
    async run({ out, missing }) {
      const args = ['test', '--config', playwrightConfig, '--project', name]
      const why = needs.flatMap((need) => missing.get(need) ?? [])
      if (why.length > 0) return { passed: 0, failures: [], skips: await listed(name, args, why.join('; ')) }
      const report = join(out, `playwright-${name}.json`)
      rmSync(report, { force: true })
      const chromium = chromiumBinary()
      const env = {
        PLAYWRIGHT_JSON_OUTPUT_NAME: report,
        ...(chromium === null ? {} : { DISPATCH_CHROMIUM: chromium }),
      }
      const watch = (text: string) => {
        const ends = text.match(/^\s*(ok|x|✓|✘)\s/gm) ?? []
        process.stdout.write(ends.map((end) => (/ok|✓/.test(end) ? '.' : 'F')).join(''))
      }
      const options = { env, log: join(out, `playwright-${name}.log`), limitMinutes: 15, watch }
      const script = join(repo, 'node_modules', playwright)
      const command = [script, ...args, '--reporter=list,json']
      return withExit(`Playwright (${name})`, await exec(process.execPath, command, options), readPlaywright(report))
    },
  }
}

/** The tests that could not be run, by number, so that the count at the end is true. */
async function listed(project: string, args: string[], reason: string): Promise<Note[]> {
  const list = await execPackage(playwright, [...args, '--list', '--reporter=json'], { limitMinutes })
  const count = list.code === 0 ? countListed(list.output) : 1
  return Array.from({ length: count }, (_, index) => ({ name: `[${project}] spec ${index + 1}`, detail: reason }))
}

/** Everything, in the order in which a fault is found soonest. */
export const steps: Step[] = [
  check('types', 'static', () => execPackage('typescript/bin/tsc', ['-b'], { limitMinutes })),
  check('lint and format', 'static', () =>
    execPackage('@biomejs/biome/bin/biome', ['ci', '--error-on-warnings', '--colors=off', '--diagnostic-level=warn'], {
      limitMinutes,
    }),
  ),
  check('layers', 'static', own('test/layers/main.ts', 'layers')),
  check('house', 'static', own('test/layers/main.ts', 'house')),
  check('unused code', 'static', () => execPackage('knip/bin/knip.js', [], { limitMinutes })),
  check('build', 'build', () => exec('npm', ['run', '--silent', 'build'], { limitMinutes })),
  unit,
  ...(existsSync(join(repo, playwrightConfig)) ? projects.map(endToEnd) : []),
]
