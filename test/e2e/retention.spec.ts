import type { Page } from '@playwright/test'
import { active, inboxShown, subject, withClient } from './inbox-kit.ts'
import { type App, expect, test } from './support/app.ts'
import { dueErasure } from './support/due.ts'

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

/** Somebody who wrote, and to which identity. */
function someone(app: App): Promise<{ id: string; name: string; handle: string; subject: string }> {
  return withClient(app, async (client) => {
    const filter = { view: 'all', identityId: null, accountId: null, labelId: null, unreadOnly: false } as const
    const { rows } = await client.inbox.page({ filter, from: null, until: null, limit: 50 })
    const row = rows.find(({ network, outbound }) => network === 'mail' && !outbound)
    if (!row) throw new Error('The sample has no mail.')
    const { messages } = await client.conversations.get({ id: row.id })
    const identity = (await client.identities.list()).find(({ id }) => id === row.identityId)
    const from = messages.find(({ direction }) => direction === 'inbound')?.from.handle
    return { id: row.identityId, name: identity?.name ?? '', handle: from ?? '', subject: row.subject }
  })
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
  const { name, handle } = await someone(app)
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

test('what is due is removed now, and its certificate says so', async ({ app, page }) => {
  test.setTimeout(120_000)
  const { id, name, handle } = await someone(app)
  const dueAt = Date.now() + 8_000
  await dueErasure(app.places, id, handle, dueAt)
  await expect.poll(() => Date.now() > dueAt).toBe(true)
  await showKeeping(page, name)
  const item = keeping(page).getByRole('listitem').filter({ hasText: 'Request 2026/7' })
  await expect(item).toContainText(handle)
  await expect(item.getByRole('button', { name: /^Certificate/ })).toHaveCount(0)
  await item.getByRole('button', { name: 'Remove now' }).click()
  await expect(item).toContainText(/Removed on/, { timeout: 60_000 })
  await expect(item).not.toContainText(handle)
  await expect(item.getByRole('button', { name: 'Remove now' })).toHaveCount(0)

  await item.getByRole('button', { name: /^Certificate/ }).click()
  await expect(dialog(page)).toHaveAccessibleName('Certificate')
  const note = (await dialog(page).locator('pre').textContent()) ?? ''
  const said = JSON.parse(note.split('\n')[0] ?? '')
  expect(said).toMatchObject({ approvedBy: 'Bea Lund', cause: 'erasure', identity: id, proposedBy: 'Ada Berg' })
  expect(said.messages).toBeGreaterThan(0)
  expect(note).not.toContain(handle)
  await expect(dialog(page).getByRole('button', { name: 'Save the certificate' })).toBeEnabled()
  await page.keyboard.press('Escape')
  await expect(dialog(page)).toHaveCount(0)
  const faults = await withClient(app, async (client) => {
    const { faults, done } = await client.archive.verify({ identityId: id as never, carry: null, payloads: false })
    return { faults, done }
  })
  expect(faults).toEqual({ faults: [], done: true })
})

test('schedules are set, looked at, changed and removed, by label too', async ({ app, page }) => {
  const { id, name } = await someone(app)
  await withClient(app, (client) =>
    client.labels.add({ identityId: id as never, kind: 'topic', name: 'Newsletters', color: 'teal' }),
  )
  await showKeeping(page, name)
  await expect(keeping(page)).toContainText('There is no schedule')
  await keeping(page).getByRole('button', { name: 'Set a schedule' }).click()
  await dialog(page).getByLabel('Label or topic').selectOption({ label: 'Newsletters' })
  await dialog(page).getByLabel('Kind of message').selectOption({ label: 'Mail' })
  await fill(page, 'Days to keep', '0')
  await fill(page, 'Your name', 'Ada Berg')
  await expect(dialog(page).getByRole('button', { name: 'Set a schedule' })).toBeDisabled()
  await fill(page, 'Days to keep', '90')
  await page.keyboard.press('Enter')
  await expect(dialog(page)).toHaveCount(0)
  const item = keeping(page).getByRole('listitem').filter({ hasText: 'Newsletters · Mail' })
  await expect(item).toContainText('Kept for 90 days')

  await keeping(page).getByRole('button', { name: 'What would go now?' }).click()
  await expect(item).toContainText('Nothing would go now')

  await item.getByRole('button', { name: /^Change/ }).click()
  await fill(page, 'Days to keep', '1')
  await fill(page, 'Your name', 'Ada Berg')
  await page.keyboard.press('Enter')
  await expect(item).toContainText('Kept for 1 day')
  // A label that a schedule is about stays until that is gone.
  const labels = page.getByRole('region', { name: 'Labels and topics' })
  await labels.getByLabel('Of which identity').selectOption({ label: name })
  await labels.getByRole('button', { name: 'Remove Newsletters' }).click()
  await dialog(page).getByRole('button', { name: 'Remove' }).click()
  await expect(dialog(page).getByRole('alert')).toContainText('A schedule says how long')
  await page.keyboard.press('Escape')

  await item.getByRole('button', { name: /^Remove the schedule/ }).click()
  await fill(page, 'Your name', 'Ada Berg')
  await page.keyboard.press('Enter')
  await expect(keeping(page)).toContainText('There is no schedule')
})
