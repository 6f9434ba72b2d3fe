import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { connect } from '#store/connect.ts'
import { knownFormat } from '#store/migrations/index.ts'
import { addAccount, addIdentity, batch, firstPage, key, message, open, problemOf, quiet, raw, tempDir } from './support.ts'

/** An office with three messages, closed. */
async function office(): Promise<string> {
  const dir = tempDir()
  const store = await open(dir)
  const account = await addAccount(store, await addIdentity(store))
  await store.write.applyBatch(batch(account, [message(1), message(2), message(3)]))
  await store.close()
  return dir
}

/** What a store whose threads cannot start answers with all the same was answered without them. */
const noThreads = { readsFirst: true, threadUrl: new URL('file:///nowhere/thread.ts') }

test('reads are answered before any thread has started', async () => {
  const store = await open(await office(), noThreads)
  expect((await store.read.page(firstPage)).rows).toHaveLength(3)
  expect(await store.read.identities()).toHaveLength(1)
})

test('without it the threads come first', async () => {
  expect(await problemOf(open(await office(), { ...noThreads, readsFirst: false }))).toBe('internal')
})

test('an office that was only looked at is left as it was', async () => {
  const dir = await office()
  const store = await open(dir, noThreads)
  await store.read.page(firstPage)
  await store.close()
  expect(readdirSync(dir).sort()).toEqual(['office.db', 'office.json'])
})

test('what is written is there for the next read, and the office closes whole', async () => {
  const dir = await office()
  const store = await open(dir, { readsFirst: true })
  const [account] = await store.read.accounts()
  if (!account) throw new Error('the office has no account')
  const writing = store.write.applyBatch(batch(account, [message(4)], { cursor: 'c2' }))
  expect((await store.read.page(firstPage)).rows).toHaveLength(3)
  await writing
  expect((await store.read.page(firstPage)).rows).toHaveLength(4)
  await store.close()
  expect(readdirSync(dir).sort()).toEqual(['office.db', 'office.json'])
})

test('two that write at once start the threads once', async () => {
  const store = await open(await office(), { readsFirst: true })
  await Promise.all([store.write.setPreference('a', '1'), store.write.setPreference('b', '2')])
  expect(await store.read.preferences()).toEqual({ a: '1', b: '2' })
})

test('an office that is closed while its threads start closes whole', async () => {
  const dir = await office()
  const store = await open(dir, { readsFirst: true })
  const writing = problemOf(store.write.setPreference('a', '1').then(() => Promise.reject(new Error('written'))))
  await store.close()
  await writing.catch(() => undefined)
  expect(readdirSync(dir).sort()).toEqual(['office.db', 'office.json'])
})

test('threads that cannot start are said to whoever needs them, and reads go on', async () => {
  const warned: string[] = []
  const store = await open(await office(), { ...noThreads, log: { ...quiet, warn: (event) => warned.push(event) } })
  for (const value of ['1', '2']) expect(await problemOf(store.write.setPreference('a', value))).toBe('internal')
  expect(warned).toEqual(['store.threads', 'store.threads'])
  expect((await store.read.page(firstPage)).rows).toHaveLength(3)
})

test('a new office, one of another format and one that was damaged are left to the threads', async () => {
  expect(await problemOf(open(tempDir(), noThreads))).toBe('internal')
  const old = await office()
  const db = connect({ file: join(old, 'office.db'), key, mode: 'write' })
  db.pragma(`user_version = ${knownFormat + 1}`)
  db.close()
  expect(await problemOf(open(old, { readsFirst: true }))).toBe('office_from_future')

  const damaged = await office()
  const page = raw(damaged, 'read').prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'preference'").pluck().get()
  const { closeSync, openSync, writeSync } = await import('node:fs')
  const file = openSync(join(damaged, 'office.db'), 'r+')
  writeSync(file, Buffer.alloc(64, 0xff), 0, 64, (Number(page) - 1) * 4096 + 1000)
  closeSync(file)
  const store = await open(damaged, { readsFirst: true })
  expect(store.readOnly).toBe(true)
  expect((await store.read.page(firstPage)).rows).toHaveLength(3)
})

test('a wrong key is refused', async () => {
  expect(await problemOf(open(await office(), { readsFirst: true, key: new Uint8Array(32).fill(8) }))).toBe('office_key')
})

test('a database that is written anew is read and written afterwards', async () => {
  const store = await open(await office(), { readsFirst: true })
  await store.rewrite()
  expect((await store.read.page(firstPage)).rows).toHaveLength(3)
  await store.write.setPreference('a', '1')
})
