import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { z } from 'zod'
import type { mutants } from './mutants/mutants.ts'

const Report = z.object({
  testResults: z.array(z.object({ assertionResults: z.array(z.object({ title: z.string(), status: z.string() })) })),
})

/** Titles of the kit's tests about a process that ends, by how they came out on this mutant. */
async function kitOn(name: keyof typeof mutants): Promise<{ passed: string[]; failed: string[] }> {
  const dir = await mkdtemp(join(tmpdir(), 'dispatch-mutant-'))
  try {
    const report = join(dir, 'report.json')
    const vitest = join(import.meta.dirname, '../../../node_modules/vitest/vitest.mjs')
    const args = [vitest, 'run', '--config', join(import.meta.dirname, 'mutants', 'vitest.config.ts')]
    const env = { ...process.env, DISPATCH_MUTANT: name }
    const more = ['--reporter=json', `--outputFile=${report}`, '-t', 'a process that ends']
    // It ends with 1 when a test failed, which is what is looked for; the report says which.
    await new Promise<void>((resolve) => execFile(process.execPath, [...args, ...more], { env }, () => resolve()))
    const tests = Report.parse(JSON.parse(await readFile(report, 'utf8'))).testResults.flatMap((file) => file.assertionResults)
    const titles = (status: string) => tests.filter((test) => test.status === status).map((test) => test.title)
    return { passed: titles('passed'), failed: titles('failed') }
  } finally {
    await rm(dir, { recursive: true })
  }
}

const killed = ['before any commit loses nothing and doubles nothing', 'after any commit loses nothing and doubles nothing']

it('passes a connector that saves as it should', { timeout: 120_000 }, async () => {
  const { passed, failed } = await kitOn('none')
  expect(passed).toEqual(expect.arrayContaining(killed))
  expect(failed).toEqual([])
})

it.each(['cursor first', 'cursor ahead'] as const)(
  'fails a connector that saves its cursor before its messages (%s)',
  { timeout: 120_000 },
  async (name) => {
    const { failed } = await kitOn(name)
    expect(failed).toContain(killed[1])
  },
)
