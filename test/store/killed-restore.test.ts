import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeEach, expect, test } from 'vitest'
import { createOfficeFile, readOfficeFile } from '#hosts/office-file.ts'
import { restoreBackup } from '#store/restore.ts'
import { addAccount, addIdentity, batch, key, message, open, problemOf, quiet, raw, tempDir } from './support.ts'

const program = fileURLToPath(new URL('./fixtures/killed-restore.ts', import.meta.url))
const count = (dir: string): unknown => {
  const db = raw(dir, 'read')
  try {
    return db.prepare('SELECT count(*) FROM message').pluck().get()
  } finally {
    db.close()
  }
}

let old: string
let file: string
/** An office of two messages, and its backup from when there was one. */
beforeEach(async () => {
  old = join(tempDir(), 'old')
  file = join(tempDir(), 'office.backup')
  await createOfficeFile(old, 0)
  const store = await open(old)
  const account = await addAccount(store, await addIdentity(store))
  await store.write.applyBatch(batch(account, [message(1)]))
  await store.write.backup(file)
  await store.write.applyBatch(batch(account, [message(2)], { cursor: 'c2' }))
  await store.close()
})

/** @returns whether it was killed before it was through. */
async function restoreKilledAt(dir: string, turn: number): Promise<boolean> {
  const child: ChildProcess = spawn(process.execPath, [program, file, dir, String(turn)], { stdio: 'inherit' })
  const [code, signal] = await once(child, 'exit')
  if (signal === null) expect(code).toBe(0)
  return signal === 'SIGKILL'
}

test('killed at any step, the next start finds the old office or the new one, whole, and the other one beside it or nowhere', {
  timeout: 180_000,
}, async () => {
  const found: unknown[] = []
  for (let turn = 1; ; turn++) {
    const home = tempDir()
    const dir = join(home, 'office')
    cpSync(old, dir, { recursive: true })
    const killed = await restoreKilledAt(dir, turn)
    // What every host does first.
    expect(await readOfficeFile(dir)).not.toBeNull()
    const here = count(dir)
    const beside = readdirSync(home).filter((name) => name !== 'office')
    if (here === 2) expect(beside).toEqual([])
    else {
      expect(here).toBe(1)
      expect(beside).toEqual([expect.stringMatching(/^office\.replaced-/)])
      expect(count(join(home, beside[0] ?? ''))).toBe(2)
      expect(readdirSync(join(home, beside[0] ?? ''))).not.toContain('lock')
    }
    found.push(here)
    if (!killed) break
    // And it can be done again, whatever was found.
    const again = await restoreBackup({ file, dir, key, force: true, log: quiet })
    expect([count(dir), again.replaced === null]).toEqual([1, false])
    rmSync(home, { recursive: true })
  }
  // Both were met: kills before the old office went away, and after.
  expect(found.slice(0, 3)).toEqual([2, 2, 2])
  expect(found.filter((messages) => messages === 1).length).toBeGreaterThan(3)
})

test('a restore under way is left alone: an office that is there can be opened, one that is not yet there is locked', async () => {
  const dir = join(tempDir(), 'office')
  mkdirSync(`${dir}.restoring/office`, { recursive: true })
  const running = { pid: process.ppid, host: hostname(), started: null, token: 'x' }
  writeFileSync(`${dir}.restoring/lock`, JSON.stringify(running))
  expect(await problemOf(readOfficeFile(dir))).toBe('office_locked')
  expect(await problemOf(restoreBackup({ file, dir, key, force: true, log: quiet }))).toBe('office_locked')
  cpSync(old, dir, { recursive: true })
  expect(await readOfficeFile(dir)).toMatchObject({ created: '1970-01-01T00:00:00.000Z' })
  expect(readdirSync(`${dir}.restoring`).sort()).toEqual(['lock', 'office'])
})
