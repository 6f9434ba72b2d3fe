import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { accountIn, direct, identityIn } from './direct.ts'
import { raw } from './support.ts'

const program = fileURLToPath(new URL('./fixtures/killed-writer.ts', import.meta.url))

/** Runs the writer until it has said `lines` numbers, kills it at that instant. @returns the last number it said. */
async function runAndKill(dir: string, lines: number): Promise<number> {
  const child = spawn(process.execPath, [program, dir], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  let last = -1
  let left = lines
  for await (const line of createInterface({ input: child.stdout })) {
    last = Number(line)
    if (--left === 0) child.kill('SIGKILL')
  }
  const [, signal] = await ended
  expect(signal).toBe('SIGKILL')
  return last
}

test('killed at any moment, again and again: every committed batch is there exactly once, with its cursor', {
  timeout: 120_000,
}, async () => {
  const office = direct()
  accountIn(office, identityIn(office, 'Institution', 'institutional'), 'feed')
  office.sql.close()
  const rounds = fc.sample(fc.integer({ min: 1, max: 40 }), { numRuns: 8, seed: Date.now() })
  for (const lines of rounds) {
    const said = await runAndKill(office.dir, lines)
    const db = raw(office.dir)
    const cursor = Number(db.prepare('SELECT cursor FROM stream').pluck().get())
    // What was said to be saved is saved; one more may be, that there was no time to say.
    expect(cursor).toBeGreaterThanOrEqual(said)
    const expected = Array.from({ length: cursor + 1 }, (_, n) => Array.from({ length: 8 }, (_, k) => `${n}-${k}`)).flat()
    expect(db.prepare('SELECT remote_id FROM message ORDER BY id').pluck().all()).toEqual(expected)
    expect(db.prepare('SELECT count(*) FROM record').pluck().get()).toBe(expected.length + cursor)
    expect(db.prepare('SELECT count(*) FROM message WHERE deleted_at IS NOT NULL').pluck().get()).toBe(cursor)
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
    db.close()
  }
  const { reads } = await import('#store/read/index.ts')
  const { readHandle } = await import('#store/handle.ts')
  const findings = reads.doctor(readHandle(raw(office.dir), office.dir))
  expect(findings.filter((finding) => !finding.ok)).toEqual([])
})
