import { expect, test } from 'vitest'
import { ask } from '../support/ask.ts'
import { addAccount, addIdentity, batch, firstPage, message, open, openFilter, tempDir } from './support.ts'

test('what came in is listed, read, found and still there after closing', async () => {
  const dir = tempDir()
  const store = await open(dir)
  const identity = await addIdentity(store)
  const account = await addAccount(store, identity)
  const result = await store.write.applyBatch(
    batch(account, [
      message(1, { text: 'The bridge in Lindau needs repair' }),
      message(2, { threadKeys: ['<m1@example>', '<m2@example>'] }),
    ]),
  )
  expect(result).toMatchObject({ new: 2, updated: 0, deleted: 0, more: false })
  expect(result.arrived).toHaveLength(1)

  const page = await store.read.page(firstPage)
  expect(page.rows).toMatchObject([{ messages: 2, unread: 2, subject: 'Subject 2', from: 'Writer 2', state: 'needs_reply' }])
  expect(await store.read.outline(openFilter)).toMatchObject({ total: 1, step: 100 })
  const row = page.rows[0]
  if (!row) throw new Error('no row')
  const conversation = await store.read.conversation(row.id, 50)
  expect(conversation?.messages.map((m) => m.subject)).toEqual(['Subject 1', 'Subject 2'])
  const first = conversation?.messages[0]
  if (!first) throw new Error('no message')
  expect(new TextDecoder().decode((await store.read.source(first.id))?.raw)).toContain('Lindau')
  const found = await store.read.find(ask('bridge lind*', 10))
  expect(found.hits).toMatchObject([{ id: first.id, snippet: 'The \uE000bridge\uE001 in \uE000Lindau\uE001 needs repair' }])
  expect(await store.read.cursor(account.id, 'INBOX')).toBe('c1')
  await store.close()

  const again = await open(dir, { create: false })
  expect((await again.read.page(firstPage)).rows).toEqual(page.rows)
  expect(await again.read.accounts()).toMatchObject([{ id: account.id, settings: account.settings }])
})
