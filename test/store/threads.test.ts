import { expect, test } from 'vitest'
import { addAccount, addIdentity, batch, message, open, problemOf, tempDir } from './support.ts'

const crashing = new URL('./fixtures/crashing-thread.ts', import.meta.url)

test('a thread that crashes rejects what ran, starts again, and does what waited', async () => {
  const store = await open(tempDir(), { threadUrl: crashing })
  await store.write.setMeta('before', '1')
  const crashed = problemOf(store.write.setMeta('crash', '1'))
  const waited = store.write.setMeta('after', '1')
  expect(await crashed).toBe('internal')
  await waited
  const read = problemOf(store.read.meta('crash'))
  const next = store.read.meta('after')
  expect(await read).toBe('internal')
  expect(await next).toBe('1')
  expect(await store.read.meta('before')).toBe('1')
})

test('a thread that does nothing but crash is left alone until it is asked again', async () => {
  const store = await open(tempDir(), { threadUrl: crashing })
  const crashes = Array.from({ length: 6 }, () => problemOf(store.read.meta('crash')))
  expect(await Promise.all(crashes)).toEqual(Array.from({ length: 6 }, () => 'internal'))
  expect(await store.read.meta('a')).toBeNull()
})

test('what a caller hands over stays the caller’s: the same batch can be sent again', async () => {
  const store = await open(tempDir())
  const account = await addAccount(store, await addIdentity(store))
  const mail = message(1)
  const again = batch(account, [mail])
  await store.write.applyBatch(again)
  expect(mail.raw.byteLength).toBeGreaterThan(0)
  expect(await store.write.applyBatch(again)).toMatchObject({ new: 0 })
})

test('a read after a write sees it, and writes happen in the order they were asked for', async () => {
  const store = await open(tempDir(), { readers: 2 })
  const writes = Array.from({ length: 50 }, (_, n) => store.write.setMeta('n', String(n)))
  await Promise.all(writes)
  expect(await store.read.meta('n')).toBe('49')
})

test('after closing nothing is done any more, and closing twice is closing', async () => {
  const store = await open(tempDir())
  const running = store.write.setMeta('a', '1')
  await Promise.all([store.close(), store.close()])
  await running
  expect(await problemOf(store.read.meta('a'))).toBe('cancelled')
  expect(await problemOf(store.write.setMeta('a', '2'))).toBe('cancelled')
  expect(await problemOf(store.read.doctor())).toBe('cancelled')
})
