import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { repo } from './exec.ts'
import { countListed, readPlaywright, readVitest } from './results.ts'

let dir = ''
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'results-'))
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

function report(value: unknown): string {
  const file = join(dir, 'report.json')
  writeFileSync(file, JSON.stringify(value))
  return file
}

describe('a report of Vitest', () => {
  const test = (status: string, fullName = 'adds') => ({ fullName, status, failureMessages: status === 'failed' ? ['no'] : [] })
  const file = (status: string, assertionResults: unknown[], message = '') => ({
    name: join(repo, 'test/x.test.ts'),
    status,
    message,
    assertionResults,
  })

  it('is counted test by test', () => {
    const results = [file('failed', [test('passed'), test('passed'), test('failed'), test('todo')])]
    expect(readVitest(report({ testResults: results }))).toEqual({
      passed: 2,
      failures: [{ name: 'test/x.test.ts > adds', detail: 'no' }],
      skips: [{ name: 'test/x.test.ts > adds', detail: '' }],
    })
  })

  it('counts a file that could not be run as one failed test', () => {
    const outcome = readVitest(report({ testResults: [file('failed', [], 'cannot find module')] }))
    expect(outcome?.failures).toEqual([{ name: 'test/x.test.ts', detail: 'cannot find module' }])
  })

  it('reads why a test was left out off its name', () => {
    const skipped = test('skipped', 'mail [left out: dovecot is not installed] arrives')
    const outcome = readVitest(report({ testResults: [file('passed', [skipped])] }))
    expect(outcome?.skips).toEqual([{ name: 'test/x.test.ts > mail arrives', detail: 'dovecot is not installed' }])
  })

  it('is nothing where there is none', () => {
    expect(readVitest(join(dir, 'none.json'))).toBeNull()
  })
})

describe('a report of Playwright', () => {
  const run = (status: string, errors: string[] = [], annotations: unknown[] = []) => ({
    projectName: 'chromium',
    status,
    annotations,
    results: [{ errors: errors.map((message) => ({ message })) }],
  })
  const suites = (...tests: unknown[]) => [
    {
      title: 'inbox.spec.ts',
      suites: [{ title: 'list', specs: tests.map((each) => ({ title: 'opens', file: 'x', tests: [each] })) }],
    },
  ]

  it('is counted test by test, and one that needed a second try is named', () => {
    const value = {
      suites: suites(
        run('expected'),
        run('unexpected', ['no']),
        run('flaky'),
        run('skipped', [], [{ type: 'skip', description: 'why' }]),
      ),
      errors: [],
    }
    const name = '[chromium] inbox.spec.ts > list > opens'
    expect(readPlaywright(report(value))).toEqual({
      passed: 2,
      failures: [{ name, detail: 'no' }],
      skips: [{ name, detail: 'why' }],
      again: [name],
    })
  })

  it('counts what went wrong outside the tests', () => {
    expect(readPlaywright(report({ suites: [], errors: [{ message: 'no browser' }] }))?.failures).toHaveLength(1)
  })

  it('tells how many tests a list names', () => {
    expect(countListed(JSON.stringify({ suites: suites(run('skipped'), run('skipped')), errors: [] }))).toBe(2)
  })
})
