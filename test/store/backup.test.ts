import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { describeBackup, restoreBackup } from '#store/restore.ts'
import type { Store, StoredAccount } from '#store/store.ts'
import { ask } from '../support/ask.ts'
import { addAccount, addIdentity, batch, firstPage, key, message, open, problemOf, quiet, tempDir } from './support.ts'

const big = Uint8Array.from({ length: 200_000 }, (_, n) => (n * 7919) % 251)
let dir: string
let store: Store
let account: StoredAccount
let file: string

beforeEach(async () => {
  dir = tempDir()
  store = await open(dir)
  account = await addAccount(store, await addIdentity(store))
  await store.write.applyBatch(batch(account, [message(1), message(2, { raw: big }), message(3)]))
  file = join(tempDir(), 'my office.backup')
})

test('a backup made while writes go on restores to what was there at one moment', async () => {
  const writing = (async () => {
    for (let n = 10; n < 40; n++) await store.write.applyBatch(batch(account, [message(n)], { cursor: `c${n}` }))
  })()
  const { bytes } = await store.write.backup(file)
  await writing
  expect(statSync(file).size).toBe(bytes)
  expect(readdirSync(dirname(file))).toEqual(['my office.backup'])

  const target = join(tempDir(), 'office')
  expect(await restoreBackup({ file, dir: target, key, force: false, log: quiet })).toEqual({ replaced: null })
  const restored = await open(target, { create: false })
  const page = await restored.read.page(firstPage)
  expect(page.rows.length).toBeGreaterThanOrEqual(3)
  expect(page.rows.length).toBeLessThanOrEqual(33)
  // The cursor belongs to the last message that is there.
  const newest = page.rows[0]?.subject.replace('Subject ', 'c')
  expect(await restored.read.cursor(account.id, 'INBOX')).toBe(newest === 'c3' ? 'c1' : newest)
  const hit = (await restored.read.find(ask('"text of message 2"', 10))).hits[0]
  if (!hit) throw new Error('no hit')
  expect(Buffer.compare((await restored.read.source(hit.id))?.raw ?? new Uint8Array(), big)).toBe(0)
  expect((await restored.read.doctor()).filter((finding) => !finding.ok)).toEqual([])
})

test('a backup says which office it is of, and holds nothing in clear', async () => {
  await store.write.backup(file)
  const office = JSON.parse(readFileSync(join(dir, 'office.json'), 'utf8')) as { id: string; created: string }
  expect(describeBackup(file)).toMatchObject({ officeId: office.id, created: office.created })
  const bytes = readFileSync(file)
  expect(bytes.includes('Subject 1')).toBe(false)
  expect(bytes.includes(Buffer.from(big.subarray(0, 64)))).toBe(false)
})

test('a changed, cut or foreign backup is refused and nothing is made', async () => {
  await store.write.backup(file)
  const target = join(tempDir(), 'office')
  const restore = (from: string, otherKey = key) =>
    restoreBackup({ file: from, dir: target, key: otherKey, force: false, log: quiet })
  expect(await problemOf(restore(file, new Uint8Array(32).fill(9)))).toBe('backup_invalid')
  for (const at of [5000, Math.floor(statSync(file).size / 2), statSync(file).size - 200]) {
    const copy = join(dirname(file), `changed-${at}`)
    writeFileSync(copy, readFileSync(file))
    const handle = openSync(copy, 'r+')
    writeSync(handle, Buffer.from([readFileSync(file)[at] === 0 ? 1 : 0]), 0, 1, at)
    closeSync(handle)
    expect(await problemOf(restore(copy))).toBe('backup_invalid')
  }
  for (const size of [0, 10, 10_000, statSync(file).size - 1]) {
    const copy = join(dirname(file), `cut-${size}`)
    writeFileSync(copy, readFileSync(file))
    truncateSync(copy, size)
    expect(await problemOf(restore(copy))).toBe('backup_invalid')
  }
  expect(await problemOf(restore(join(dirname(file), 'none')))).toBe('file_unreadable')
  expect(readdirSync(dirname(target))).toEqual([])
})

test('an office that is there is only replaced by force, is kept beside, and not while it is open', async () => {
  await store.write.backup(file)
  await store.write.applyBatch(batch(account, [message(4)]))
  expect(await problemOf(restoreBackup({ file, dir, key, force: false, log: quiet }))).toBe('not_empty')
  expect(await problemOf(restoreBackup({ file, dir, key, force: true, log: quiet }))).toBe('office_locked')
  expect((await store.read.page(firstPage)).rows).toHaveLength(4)
  await store.close()
  const { replaced } = await restoreBackup({ file, dir, key, force: true, log: quiet })
  if (replaced === null) throw new Error('the old office should be beside')
  expect((await (await open(dir)).read.page(firstPage)).rows).toHaveLength(3)
  expect((await (await open(replaced)).read.page(firstPage)).rows).toHaveLength(4)
  expect(existsSync(join(dir, 'host.json'))).toBe(false)
})

test('a folder with other files in it is not taken over', async () => {
  await store.write.backup(file)
  const target = tempDir()
  mkdirSync(join(target, 'letters'))
  expect(await problemOf(restoreBackup({ file, dir: target, key, force: false, log: quiet }))).toBe('not_empty')
  expect(readdirSync(target)).toEqual(['letters'])
})

test('a backup replaces an older one of the same name in one step, and leaves nothing when it cannot be written', async () => {
  writeFileSync(file, 'older')
  await store.write.backup(file)
  expect(describeBackup(file).officeId).toHaveLength(36)
  expect(await problemOf(store.write.backup(join(file, 'below a file')))).toBe('file_unwritable')
  expect(await problemOf(store.write.backup(join(dirname(file), 'no folder', 'x')))).toBe('file_unwritable')
  expect(readdirSync(dirname(file))).toEqual(['my office.backup'])
})
