import { active, count, inboxShown, rows, withClient } from './inbox-kit.ts'
import { expect, test } from './support/app.ts'
import { cuttable, lost } from './support/connection.ts'

test.use({ sample: true })
// The engine starts anew in each, which a busy machine takes its time for.
test.beforeEach(() => test.setTimeout(120_000))

test('a lost connection is said calmly, comes back by itself, and the list is as it should be', async ({ app, page }) => {
  const connection = await cuttable(app, page)
  await inboxShown(page)
  const before = await count(page)
  await page.keyboard.press('j')
  await connection.cut()
  if (!app.electron) {
    // What was there can still be read.
    await expect(rows(page).first()).toBeVisible()
    await withClient(app, async (client) => {
      const filter = { view: 'open', identityId: null, accountId: null, labelId: null, unreadOnly: false } as const
      const [, second] = (await client.inbox.page({ filter, from: null, until: null, limit: 2 })).rows
      if (second)
        await client.conversations.setState({ targets: [{ id: second.id, identityId: second.identityId }], state: 'done' })
    })
    connection.mend()
    await lost(page).getByRole('button', { name: 'Try again' }).click()
  }

  await expect(lost(page)).toHaveCount(0, { timeout: 30_000 })
  const expected = app.electron ? before : before - 1
  await expect.poll(() => count(page), { timeout: 30_000 }).toBe(expected)
  await expect(active(page)).toHaveCount(1)
  await page.keyboard.press('e')
  await expect(page.getByRole('status').filter({ hasText: 'Done' })).toBeVisible()
  await expect.poll(() => count(page)).toBe(expected - 1)
})

test('what is being typed is still there after the connection came back', async ({ app, page }) => {
  const connection = await cuttable(app, page)
  await inboxShown(page)
  await page.keyboard.press('g')
  await page.keyboard.press('c')
  const address = page.getByRole('dialog', { name: 'Add an account' }).getByRole('textbox').first()
  await address.fill('office@parliament')
  await connection.cut()
  await address.pressSequentially('.example')
  connection.mend()
  await expect(lost(page)).toHaveCount(0, { timeout: 60_000 })
  await expect(address).toHaveValue('office@parliament.example')
  await expect(address).toBeFocused()
})
