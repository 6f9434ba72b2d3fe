import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect } from 'vitest'
import { ProblemError } from '#shared/model/index.ts'

const made: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const undo of made.splice(0).reverse()) await undo()
})

/** Undoes something after the test, the latest first. */
export function afterwards(undo: () => Promise<unknown>): void {
  made.push(undo)
}

/** A folder of the test's own. */
export async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'dispatch-hosts-'))
  afterwards(() => rm(dir, { recursive: true, force: true }))
  return dir
}

/** The problem that a call is rejected with. */
export async function problemOf(call: Promise<unknown>): Promise<{ code: string; params: Record<string, string> }> {
  const error: unknown = await call.then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(ProblemError)
  return (error as ProblemError).toProblem()
}
