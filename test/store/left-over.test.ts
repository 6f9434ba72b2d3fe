import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { StoredAccount } from '#store/store.ts'
import { addAccount, addIdentity, batch, firstPage, message, open, problemOf, tempDir } from './support.ts'

const program = fileURLToPath(new URL('./fixtures/killed-with-a-file.ts', import.meta.url))
const crashing = new URL('./fixtures/crashing-thread.ts', import.meta.url)
const large = (n: number) => message(n, { raw: new Uint8Array(150_000).fill(n) })

/** Files under `blobs/`, sorted. */
const files = (dir: string): string[] =>
  readdirSync(join(dir, 'blobs'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort()

async function officeWithAFile(dir: string): Promise<StoredAccount> {
  const store = await open(dir)
  const account = await addAccount(store, await addIdentity(store))
  await store.write.applyBatch(batch(account, [large(1)]))
  await store.close()
  return account
}

test('a file written for a batch whose process was killed before the commit is removed at the next start, and no other', async () => {
  const dir = tempDir()
  const account = await officeWithAFile(dir)
  const [kept] = files(dir)
  const { raw: _raw, ...plain } = message(2)
  const lost = { ...batch(account, []), messages: [plain], cursor: 'c2' }
  const child = spawn(process.execPath, [program, dir, JSON.stringify(lost)], { stdio: ['ignore', 'ignore', 'inherit'] })
  expect((await once(child, 'exit'))[1]).toBe('SIGKILL')
  expect(files(dir)).toHaveLength(2)
  // As when it is killed while the file is being written.
  const half = `${'ab'.repeat(32)}.part`
  mkdirSync(join(dir, 'blobs', 'ab'), { recursive: true })
  writeFileSync(join(dir, 'blobs', 'ab', half), 'half')
  writeFileSync(join(dir, 'blobs', 'ab', 'notes.txt'), 'a person put it there')

  const store = await open(dir)
  expect(files(dir)).toEqual([kept, 'notes.txt'].sort())
  expect(await store.read.cursor(account.id, 'INBOX')).toBe('c1')
  const [row] = (await store.read.page(firstPage)).rows
  const [hit] = (await store.read.conversation(row?.id ?? ('' as never), 5))?.messages ?? []
  expect((await store.read.source(hit?.id ?? ('' as never)))?.raw.byteLength).toBe(150_000)
  await store.write.applyBatch(batch(account, [large(2)], { cursor: 'c2' }))
  const found = (await store.read.doctor()).find(({ check }) => check === 'blobs')
  expect(found).toMatchObject({ ok: true, detail: expect.stringMatching(/^2 files, all readable/) })
})

test('a writer thread that crashed is followed by one that removes what it left', async () => {
  const dir = tempDir()
  await officeWithAFile(dir)
  const [kept] = files(dir)
  const store = await open(dir, { threadUrl: crashing })
  const name = 'cd'.repeat(32)
  mkdirSync(join(dir, 'blobs', 'cd'), { recursive: true })
  writeFileSync(join(dir, 'blobs', 'cd', name), 'written for a batch that the crash ends')
  expect(await problemOf(store.write.setMeta('crash', ''))).toBe('internal')
  await store.write.setMeta('a', 'b')
  expect(files(dir)).toEqual([kept])
})

test('whoever finds the office open removes nothing', async () => {
  const dir = tempDir()
  await officeWithAFile(dir)
  await open(dir)
  const name = 'ef'.repeat(32)
  mkdirSync(join(dir, 'blobs', 'ef'), { recursive: true })
  writeFileSync(join(dir, 'blobs', 'ef', name), 'its record is still to come')
  expect(await problemOf(open(dir))).toBe('office_locked')
  expect(files(dir)).toContain(name)
})
