import { existsSync, readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { repo } from './exec.ts'

/** What one step of the run brought. */
export interface Outcome {
  passed: number
  failures: Note[]
  skips: Note[]
  /** Passed, but not at the first try. */
  again?: string[]
}
/** A test and what is to be said of it. */
export interface Note {
  name: string
  detail: string
}

interface VitestReport {
  testResults: {
    name: string
    status: string
    message?: string
    assertionResults: { fullName: string; status: string; failureMessages?: string[] | null }[]
  }[]
}

/** Reads the JSON report of Vitest. A file that could not be run counts as one failed test. @returns null when there is none. */
export function readVitest(file: string): Outcome | null {
  const report = readJson<VitestReport>(file)
  if (report === null) return null
  const outcome: Outcome = { passed: 0, failures: [], skips: [] }
  for (const result of report.testResults) {
    const place = relative(repo, result.name)
    let failed = 0
    for (const test of result.assertionResults) {
      const name = `${place} > ${test.fullName}`
      if (test.status === 'passed') outcome.passed += 1
      else if (test.status === 'failed') {
        failed += 1
        outcome.failures.push({ name, detail: (test.failureMessages ?? []).join('\n') })
      } else outcome.skips.push(withReason(name))
    }
    if (result.status === 'failed' && failed === 0) {
      outcome.failures.push({ name: place, detail: result.message || 'The file could not be run.' })
    }
  }
  return outcome
}

/** `needs` puts the reason into the name, since the report has no other place for it. */
function withReason(name: string): Note {
  const [mark = '', reason = ''] = / \[left out: (.*?)\]/.exec(name) ?? []
  return { name: name.replace(mark, ''), detail: reason }
}

interface PlaywrightSuite {
  title: string
  suites?: PlaywrightSuite[]
  specs?: { title: string; file: string; tests: PlaywrightTest[] }[]
}
interface PlaywrightTest {
  projectName: string
  status: 'expected' | 'unexpected' | 'flaky' | 'skipped'
  annotations: { type: string; description?: string }[]
  results: { errors?: { message?: string }[] }[]
}
interface PlaywrightReport {
  suites: PlaywrightSuite[]
  errors: { message?: string }[]
}

/** Reads the JSON report of Playwright. A test that needed a second try counts as failed. @returns null when there is none. */
export function readPlaywright(file: string): Outcome | null {
  const report = readJson<PlaywrightReport>(file)
  if (report === null) return null
  const outcome: Outcome = { passed: 0, failures: [], skips: [], again: [] }
  for (const error of report.errors) outcome.failures.push({ name: 'Playwright', detail: error.message ?? '' })
  const visit = (suite: PlaywrightSuite, titles: string[]) => {
    for (const spec of suite.specs ?? []) {
      for (const test of spec.tests) {
        const name = `[${test.projectName}] ${[...titles, spec.title].join(' > ')}`
        const errors = test.results.flatMap((result) => result.errors ?? [])
        const detail = errors.map((error) => error.message ?? '').join('\n')
        if (test.status === 'expected') outcome.passed += 1
        else if (test.status === 'flaky') {
          outcome.passed += 1
          outcome.again?.push(name)
        } else if (test.status !== 'skipped') outcome.failures.push({ name, detail })
        else outcome.skips.push({ name, detail: test.annotations.map((note) => note.description ?? '').join('; ') })
      }
    }
    for (const inner of suite.suites ?? []) visit(inner, [...titles, inner.title])
  }
  for (const suite of report.suites) visit(suite, [suite.title])
  return outcome
}

/** How many tests a Playwright `--list` report names. */
export function countListed(report: string): number {
  const visit = (suite: PlaywrightSuite): number =>
    (suite.specs ?? []).reduce((sum, spec) => sum + spec.tests.length, 0) +
    (suite.suites ?? []).reduce((sum, inner) => sum + visit(inner), 0)
  return (JSON.parse(report) as PlaywrightReport).suites.reduce((sum, suite) => sum + visit(suite), 0)
}

function readJson<Report>(file: string): Report | null {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Report) : null
}
