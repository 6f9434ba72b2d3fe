import type { Page } from '@playwright/test'
import { active, inboxShown, subject, withClient } from './inbox-kit.ts'
import { expect, test } from './support/app.ts'

test.use({ sample: true })
test.beforeEach(({ page }) => inboxShown(page))

const dialog = (page: Page) => page.getByRole('dialog')
const keeping = (page: Page) => page.getByRole('region', { name: 'Keeping and disposal' })
const fill = (page: Page, name: string, text: string) => dialog(page).getByRole('textbox', { name }).fill(text)

/** Opens the settings and shows what is kept of an identity. */
async function showKeeping(page: Page, identity: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+,')
  await keeping(page).getByLabel('Of which identity').selectOption({ label: identity })
}

test('a conversation is put on hold, and the hold is lifted', async ({ app, page }) => {
  await page.keyboard.press('j')
  await expect(active(page)).toHaveCount(1)
  const words = (await subject(page).textContent()) ?? ''
  await page.keyboard.press('h')
  await expect(dialog(page)).toHaveAccessibleName('Set a hold')
  await expect(dialog(page).getByLabel('What is kept')).toContainText(words)
  await fill(page, 'Reason', 'Inquiry into the harbour')
  await fill(page, 'Your name', 'Ada Berg')
  await page.keyboard.press('Enter')
  await expect(dialog(page)).toHaveCount(0)
  const [name, holds] = await withClient(app, async (client) => {
    for (const { id, name } of await client.identities.list()) {
      const found = await client.retention.holds({ identityId: id, lifted: false })
      if (found.length > 0) return [name, found] as const
    }
    return ['', []] as const
  })
  expect(holds).toMatchObject([{ on: { scope: 'conversation' }, reason: 'Inquiry into the harbour', by: 'Ada Berg' }])

  await showKeeping(page, name)
  const item = keeping(page).getByRole('listitem').filter({ hasText: words })
  await expect(item).toContainText('Inquiry into the harbour')
  await item.getByRole('button', { name: /^Lift the hold/ }).click()
  await fill(page, 'Reason', 'It is closed')
  await fill(page, 'Your name', 'Bea Lund')
  await page.keyboard.press('Enter')
  await expect(dialog(page)).toHaveCount(0)
  await expect(keeping(page)).toContainText('There is no hold.')
})

test('forgetting a person takes two people, and can be withdrawn', async ({ app, page }) => {
  const { name, handle } = await withClient(app, async (client) => {
    const filter = { view: 'all', identityId: null, accountId: null, labelId: null, unreadOnly: false } as const
    const { rows } = await client.inbox.page({ filter, from: null, until: null, limit: 50 })
    const row = rows.find(({ network, outbound }) => network === 'mail' && !outbound)
    if (!row) throw new Error('The sample has no mail.')
    const { messages } = await client.conversations.get({ id: row.id })
    const identity = (await client.identities.list()).find(({ id }) => id === row.identityId)
    const from = messages.find(({ direction }) => direction === 'inbound')?.from.handle
    return { name: identity?.name ?? '', handle: from ?? '' }
  })
  await showKeeping(page, name)
  await keeping(page).getByRole('button', { name: 'Forget a person' }).click()
  await fill(page, 'Address of the person', handle)
  await fill(page, 'Reason', 'Request 2026/14')
  await fill(page, 'Your name', 'Ada Berg')
  await page.keyboard.press('Enter')
  const item = keeping(page).getByRole('listitem').filter({ hasText: 'Request 2026/14' })
  await expect(item).toContainText('Waits for a second person')
  await expect(item).toContainText(handle)
  await expect(item).toContainText(/[1-9]\d* messages? goe?s?/)

  await item.getByRole('button', { name: /^What goes/ }).click()
  await expect(dialog(page).getByRole('listitem').first()).toBeVisible()
  await page.keyboard.press('Escape')

  await item.getByRole('button', { name: /^Approve/ }).click()
  await fill(page, 'Your name', 'Ada Berg')
  await page.keyboard.press('Enter')
  await expect(dialog(page).getByRole('alert')).toContainText('It takes two people')
  await fill(page, 'Your name', 'Bea Lund')
  await page.keyboard.press('Enter')
  await expect(item).toContainText('Approved by Bea Lund')
  await expect(item.getByRole('button', { name: 'Remove now' })).toHaveCount(0)

  await item.getByRole('button', { name: /^Withdraw/ }).click()
  await fill(page, 'Your name', 'Bea Lund')
  await page.keyboard.press('Enter')
  await expect(item).toContainText('Withdrawn by Bea Lund')
  // Nobody needs to know any more whom it was about.
  await expect(item).not.toContainText(handle)
})
