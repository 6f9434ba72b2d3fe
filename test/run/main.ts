import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { endAll, repo } from './exec.ts'
import { prepare } from './prepare.ts'
import type { Note } from './results.ts'
import { type Group, groups, type Step, steps } from './steps.ts'

/**
 * `npm test`: everything that says whether the program is sound. Runs all of it even when something fails, then says
 * what it left out and why. The last line is `N passed, N failed, N skipped`; each static check counts as one test.
 *
 * `npm test -- [static|unit|build|e2e]... [--files PATTERN] [--complete]`. With `--complete`, or `CI=true` in the
 * environment, what would be left out counts as failed.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    complete: { type: 'boolean', default: false },
    files: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
const unknown = positionals.filter((name) => !groups.includes(name as Group))
if (values.help || unknown.length > 0) {
  console.log(`npm test -- [${groups.join('|')}]... [--files PATTERN] [--complete]`)
  process.exit(values.help ? 0 : 2)
}
const complete = values.complete || process.env['CI'] === 'true'
const chosen = (positionals.length > 0 ? positionals : values.files === undefined ? groups : ['unit']) as readonly Group[]

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    endAll()
    process.exit(130)
  })
}

const say = (line: string) => console.log(line)
const out = join(repo, 'out/test')
mkdirSync(out, { recursive: true })

const run = steps.filter((step) => chosen.includes(step.group))
say('What the tests need')
const missing = await prepare([...new Set(run.flatMap((step) => step.needs))], say)
for (const why of missing.values()) say(`  missing: ${why}`)

let passed = 0
const failures: Note[] = []
const skips: Note[] = []
for (const step of run) {
  const start = performance.now()
  process.stdout.write(`${step.name} ...`)
  const outcome = await runStep(step)
  passed += outcome.passed
  const counts = [`${outcome.passed} passed`]
  if (outcome.failures.length > 0) counts.push(`${outcome.failures.length} FAILED`)
  if (outcome.skips.length > 0) counts.push(`${outcome.skips.length} skipped`)
  say(` ${counts.join(', ')} (${((performance.now() - start) / 1000).toFixed(1)} s)`)
  for (const name of outcome.again ?? []) say(`  passed only at the second try: ${name}`)
  for (const failure of outcome.failures) say(indent(`FAILED ${failure.name}\n${clip(failure.detail)}`))
  failures.push(...outcome.failures)
  skips.push(...outcome.skips)
}

say('')
say(`Ran: ${run.map((step) => step.name).join(', ')}.`)
const notChosen = steps.filter((step) => !run.includes(step))
if (notChosen.length > 0) say(`Not asked for: ${notChosen.map((step) => step.name).join(', ')}.`)
if (skips.length > 0) {
  say(complete ? 'Left out, which counts as failed here:' : 'Left out:')
  for (const line of summarise(skips)) say(`  ${line}`)
}
if (failures.length > 0) {
  say('Failed:')
  for (const failure of failures) say(`  ${failure.name}`)
}
const failed = failures.length + (complete ? skips.length : 0)
process.exitCode = failed > 0 ? 1 : 0
say(`${passed} passed, ${failed} failed, ${complete ? 0 : skips.length} skipped`)

/** One step; an error of the runner itself is a failed test too. */
async function runStep(step: Step) {
  try {
    return await step.run({ out, complete, missing, files: values.files ?? null })
  } catch (error) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { passed: 0, failures: [{ name: step.name, detail }], skips: [] }
  }
}

/** One line for each reason, with the number of tests and the first names. */
function summarise(notes: Note[]): string[] {
  const reasons = new Map<string, string[]>()
  for (const note of notes) {
    const names = reasons.get(note.detail) ?? []
    names.push(note.name)
    reasons.set(note.detail, names)
  }
  return [...reasons].map(([reason, names]) => {
    const shown = names.slice(0, 3).join('; ') + (names.length > 3 ? `; and ${names.length - 3} more` : '')
    return `${reason || 'no reason given'}: ${shown}`
  })
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ')
}

/** Enough of a failure to act on; the whole is in `out/test`. */
function clip(text: string): string {
  const lines = text.trim().split('\n')
  return lines.length <= 30 ? lines.join('\n') : [...lines.slice(0, 30), `(${lines.length - 30} more lines)`].join('\n')
}
