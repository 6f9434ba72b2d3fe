import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { open, problemOf, tempDir } from '../store/support.ts'

const program = fileURLToPath(new URL('./fixtures/killed-sender.ts', import.meta.url))
const SENDS = 12

test('a process that is killed while it sends, again and again: everything is there once, in order; a second host is kept out', {
  timeout: 120_000,
}, async () => {
  const dir = tempDir()
  const office = join(dir, 'office')
  const network = join(dir, 'network')
  const began = String(Date.now())
  let kills = 0
  for (let life = 0; ; life++) {
    const child = spawn(process.execPath, [program, office, network, began, String(SENDS)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = once(child, 'exit')
    for await (const line of createInterface({ input: child.stdout })) {
      if (line !== 'sending') continue
      if (life === 0) expect(await problemOf(open(office))).toBe('office_locked')
      // Other moments in each life: an item takes 10 ms, the pause between two of them another 10.
      if (life < 8) setTimeout(() => child.kill('SIGKILL'), 3 + life * 7)
    }
    const [code, signal] = await ended
    if (signal === 'SIGKILL') kills++
    else expect(code).toBe(0)
    if (signal === null) break
  }
  expect(kills).toBeGreaterThan(3)
  expect(readFileSync(network, 'utf8').split('\n').filter(Boolean)).toEqual(
    Array.from({ length: SENDS }, (_, n) => `message ${n}`),
  )
  const store = await open(office)
  const [identity] = await store.read.identities()
  if (!identity) throw new Error('the identity is not there')
  expect((await store.read.verifyLedger(identity.id, null, 10_000, true)).faults).toEqual([])
  expect((await store.read.doctor()).filter(({ ok }) => !ok)).toEqual([])
})
