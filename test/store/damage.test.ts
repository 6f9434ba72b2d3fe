import { closeSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { restoreBackup } from '#store/restore.ts'
import { ask } from '../support/ask.ts'
import { addAccount, addIdentity, batch, firstPage, key, message, open, problemOf, quiet, raw, tempDir } from './support.ts'

const pageBytes = 4096

async function makeOffice(dir: string, messages: number): Promise<void> {
  const store = await open(dir)
  const account = await addAccount(store, await addIdentity(store))
  await store.write.applyBatch(
    batch(
      account,
      Array.from({ length: messages }, (_, n) => message(n)),
    ),
  )
  await store.close()
}

function spoilPage(dir: string, page: number): void {
  const file = openSync(join(dir, 'office.db'), 'r+')
  writeSync(file, Buffer.alloc(64, 0xff), 0, 64, (page - 1) * pageBytes + 1000)
  closeSync(file)
}

function rootOf(dir: string, table: string): number {
  const db = raw(dir, 'read')
  const page = db.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(table)
  db.close()
  return Number(page)
}

test('a damaged table: opened for reading only, the rest is readable, a backup is made and restores', async () => {
  const dir = tempDir()
  await makeOffice(dir, 20)
  spoilPage(dir, rootOf(dir, 'preference'))
  const store = await open(dir)
  expect(store.readOnly).toBe(true)
  expect((await store.read.page(firstPage)).rows).toHaveLength(20)
  expect(await problemOf(store.read.preferences())).toBe('office_corrupt')
  expect(await problemOf(store.write.setPreference('a', 'b'))).toBe('read_only')
  const found = (await store.read.doctor()).find((finding) => finding.check === 'integrity')
  expect(found?.ok).toBe(false)

  const file = join(tempDir(), 'office.backup')
  await store.write.backup(file)
  const restored = join(tempDir(), 'office')
  await restoreBackup({ file, dir: restored, key, force: false, log: quiet })
  const again = await open(restored)
  expect(again.readOnly).toBe(true)
  expect((await again.read.page(firstPage)).rows).toHaveLength(20)
})

test('a damaged first page: nothing can be read, and that is not taken for a wrong key; a backup is still made', async () => {
  const dir = tempDir()
  await makeOffice(dir, 3)
  spoilPage(dir, 1)
  const store = await open(dir)
  expect(store.readOnly).toBe(true)
  expect(await problemOf(store.read.page(firstPage))).toBe('office_corrupt')
  const file = join(tempDir(), 'office.backup')
  const { bytes } = await store.write.backup(file)
  expect(statSync(file).size).toBe(bytes)
  expect(bytes).toBeGreaterThan(statSync(join(dir, 'office.db')).size)
})

test('damage met at work turns the office read-only, and it stays so until it is whole again', async () => {
  const dir = tempDir()
  await makeOffice(dir, 200)
  const db = raw(dir, 'read')
  // A leaf page of texts, which opening does not look at.
  const leaf = Number(
    db
      .prepare("SELECT pageno FROM dbstat WHERE name = 'body' AND pagetype = 'leaf' ORDER BY pageno LIMIT 1 OFFSET 1")
      .pluck()
      .get(),
  )
  db.close()
  const whole = readFileSync(join(dir, 'office.db'))
  spoilPage(dir, leaf)
  const store = await open(dir)
  expect(store.readOnly).toBe(false)
  expect(await problemOf(store.read.find(ask('text', 200)))).toBe('office_corrupt')
  expect(store.readOnly).toBe(true)
  expect(await problemOf(store.write.setMeta('a', 'b'))).toBe('read_only')
  await store.close()

  const again = await open(dir)
  expect(again.readOnly).toBe(true)
  await again.close()
  writeFileSync(join(dir, 'office.db'), whole)
  const mended = await open(dir)
  expect(mended.readOnly).toBe(false)
  expect((await mended.read.find(ask('text', 200))).hits).toHaveLength(200)
})

test('an office.json that cannot be read is damage, not a new office', async () => {
  const dir = tempDir()
  await makeOffice(dir, 1)
  writeFileSync(join(dir, 'office.json'), 'not json')
  expect(await problemOf(open(dir))).toBe('office_corrupt')
  expect(readFileSync(join(dir, 'office.json'), 'utf8')).toBe('not json')
})
