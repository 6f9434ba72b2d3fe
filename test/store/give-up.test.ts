import { expect, test } from 'vitest'
import type { ProblemError } from '#shared/model/index.ts'
import { ask } from '../support/ask.ts'
import { addAccount, addIdentity, batch, message, open, tempDir } from './support.ts'

const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'answered',
    (error: ProblemError) => error.code,
  )

test('a question that was given up is dropped while it waits, and those after it are answered', async () => {
  const store = await open(tempDir())
  const account = await addAccount(store, await addIdentity(store))
  await store.write.applyBatch(
    batch(
      account,
      Array.from({ length: 300 }, (_, n) => message(n)),
    ),
  )
  expect(await codeOf(store.read.find(ask('text'), AbortSignal.abort()))).toBe('cancelled')
  const keys = Array.from({ length: 8 }, () => new AbortController())
  const calls = keys.map((key) => codeOf(store.read.find(ask('text'), key.signal)))
  for (const key of keys.slice(0, -1)) key.abort()
  const codes = await Promise.all(calls)
  // The first may have been answered, or stopped, before it was given up.
  expect(codes.slice(1, -1)).toEqual(Array(6).fill('cancelled'))
  expect(codes.at(-1)).toBe('answered')
  expect((await store.read.find(ask('text'), new AbortController().signal)).hits).toHaveLength(50)
})

test('what takes long ends when it is told to', async () => {
  const { direct, accountIn, identityIn } = await import('./direct.ts')
  const { readHandle } = await import('#store/handle.ts')
  const { find } = await import('#store/read/find.ts')
  const office = direct()
  office.write.applyBatch(batch(accountIn(office, identityIn(office)), [message(1)]))
  const gaveUp = readHandle(office.sql, office.dir, () => {
    throw new Error('given up')
  })
  expect(() => find(gaveUp, ask('text'))).toThrow('given up')
})
