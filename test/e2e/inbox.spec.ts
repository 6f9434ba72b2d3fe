import {
  active,
  bringMail,
  count,
  followFeed,
  inboxShown,
  list,
  mail,
  openFound,
  rows,
  subject,
  subjectOf,
  withClient,
} from './inbox-kit.ts'
import { expect, test } from './support/app.ts'

test.use({ sample: true })
test.beforeEach(({ page }) => inboxShown(page))

test('a new message is announced and moves nothing that is being read', async ({ app, page }) => {
  const feed = await followFeed(app)
  await rows(page).nth(2).click()
  const words = (await subjectOf(active(page)).textContent()) ?? ''
  const before = await active(page).boundingBox()
  await feed.publish('Arrival one')
  const news = page.getByRole('button', { name: '1 new' })
  await expect(news).toBeVisible()
  await expect(page.getByRole('status').filter({ hasText: '1 new' })).toHaveCount(1)
  await expect(subjectOf(active(page))).toHaveText(words)
  expect((await active(page).boundingBox())?.y).toBeCloseTo(before?.y ?? 0, 0)
  await news.click()
  await expect(subjectOf(rows(page).first())).toHaveText('Arrival one')
  await expect(news).toHaveCount(0)
  await feed.close()
})

test('a conversation that is looked at becomes read, and can be made unread again', async ({ app, page }) => {
  await bringMail(app, 'unread', mail({ id: 'unread', subject: 'Please read this', text: 'Hello' }))
  const row = rows(page).filter({ hasText: 'Please read this' })
  await row.click()
  await expect(row).not.toHaveAttribute('data-unread', 'true')
  await page.getByRole('button', { name: 'Mark unread' }).click()
  await expect(row).toHaveAttribute('data-unread', 'true')
})

test('what was done is there after the program was closed and opened', async ({ app, page }) => {
  await page
    .getByRole('navigation')
    .getByRole('button', { name: /^Needs reply/ })
    .click()
  await rows(page).nth(0).click()
  const words = (await subject(page).textContent()) ?? ''
  await page.getByRole('button', { name: 'Waiting', exact: true }).last().click()
  await expect(page.getByRole('status').filter({ hasText: 'Waiting' })).toBeVisible()
  const again = await app.restart()
  await again
    .getByRole('navigation')
    .getByRole('button', { name: /^Waiting/ })
    .click()
  await expect(rows(again).filter({ hasText: words }).first()).toBeVisible()
})

test('identities and accounts narrow the list, and only unread ones too', async ({ page }) => {
  const whole = await count(page)
  const rail = page.getByRole('navigation', { name: 'Views and identities' })
  await rail.getByRole('list', { name: 'Identities' }).getByRole('button').nth(1).click()
  await expect.poll(() => count(page)).toBeLessThan(whole)
  await page.getByRole('button', { name: 'Only unread' }).click()
  await expect(rows(page).first()).toHaveAttribute('data-unread', 'true')
  await rail.getByRole('button', { name: /^All identities/ }).click()
  await expect.poll(() => count(page)).toBe(whole)
})

test('an empty view says so', async ({ app, page }) => {
  await withClient(app, async (client) => {
    const filter = { view: 'waiting', identityId: null, accountId: null, labelId: null, unreadOnly: false } as const
    const { rows: waiting } = await client.inbox.page({ filter, from: null, until: null, limit: 500 })
    await client.conversations.setState({ targets: waiting.map(({ id, identityId }) => ({ id, identityId })), state: 'done' })
  })
  await page
    .getByRole('navigation')
    .getByRole('button', { name: /^Waiting/ })
    .click()
  await expect(page.getByRole('heading', { name: 'Waiting for nobody' })).toBeVisible()
})

test('a row’s menu offers what can be done with it', async ({ page }) => {
  const row = page.locator(`[id="${await rows(page).nth(1).getAttribute('id')}"]`)
  await row.click({ button: 'right' })
  const menu = page.getByRole('menu', { name: 'What to do with this conversation' })
  await expect(menu.getByRole('menuitem')).toHaveCount(9)
  await menu.getByRole('menuitem', { name: 'Done' }).click()
  await expect(row).toHaveCount(0)
})

test('going to a date shows the list from there', async ({ page }) => {
  await page.getByRole('navigation').getByRole('button', { name: 'Done' }).click()
  await inboxShown(page)
  await page.getByRole('button', { name: 'Go to a date' }).click()
  const year = new Date().getFullYear() - 1
  await page.getByLabel('Day', { exact: true }).fill(`${year}-06-15`)
  await page.getByRole('button', { name: 'Go', exact: true }).click()
  await expect(active(page)).toBeVisible()
  expect(((await active(page).locator('time').getAttribute('datetime')) ?? '') <= `${year}-06-16`).toBe(true)
  expect(Number(await active(page).getAttribute('aria-posinset'))).toBeGreaterThan(1)
})

test('an older message of a conversation is folded, and its original can be seen', async ({ app, page }) => {
  await bringMail(app, 'first', mail({ id: 'talk-1', subject: 'A long talk', text: 'The first word', minutesAgo: 5 }), {
    read: true,
  })
  await bringMail(
    app,
    'second',
    mail({ id: 'talk-2', subject: 'Re: A long talk', text: 'The second word\n\n> The first word', inReplyTo: 'talk-1' }),
  )
  await openFound(page, 'long talk')
  const messages = page.getByRole('article')
  await expect(messages).toHaveCount(2)
  await expect(messages.last().getByText('The second word')).toBeVisible()
  await expect(messages.first().getByRole('button', { expanded: false })).toBeVisible()
  await messages.last().getByRole('button', { name: 'More for this message' }).click()
  await page.getByRole('menuitem', { name: 'Original source' }).click()
  const source = page.getByRole('dialog', { name: 'Original source' })
  await expect(source.getByText('Message-ID: <talk-2@post.example>')).toBeVisible()
})

test('a picture that came with a message can be looked at', async ({ page }) => {
  await page.getByRole('combobox', { name: 'Search all messages' }).fill('photographs attached')
  await page.getByRole('listbox', { name: 'Messages found' }).getByRole('option').first().click()
  await page
    .getByRole('button', { name: /^Look at/ })
    .first()
    .click()
  const picture = page.getByRole('dialog').getByRole('img')
  await expect(picture).toBeVisible()
  expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(10)
})

test('nothing found is said in words, with how far that can be relied on', async ({ page }) => {
  await page.getByRole('combobox', { name: 'Search all messages' }).fill('zzzznothinglikethis')
  await expect(page.getByRole('heading', { name: 'Nothing found' })).toBeVisible()
  await expect(page.getByText(/^Your accounts were watched [\d.]+% of the time since .*\. Not watched: .*\.$/)).toBeVisible()
})

test('the list is as wide as it was made, also after a restart', async ({ app, page }) => {
  const divider = page.getByRole('separator', { name: 'Width of the list' })
  await divider.focus()
  for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowRight')
  const wide = await list(page).evaluate((element) => element.clientWidth)
  await expect.poll(async () => (await withClient(app, (client) => client.office.preferences()))['panes.list']).toBe('28')
  const again = await app.restart()
  await inboxShown(again)
  expect(await list(again).evaluate((element) => element.clientWidth)).toBe(wide)
})

test('another language takes over the whole window, in its direction', async ({ page }) => {
  await page.getByRole('button', { name: 'Settings' }).click()
  await page.getByLabel('Language', { exact: true }).selectOption('ar')
  await expect(page.locator('html')).toHaveAttribute('dir', 'rtl')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('الإعدادات')
  await page.getByLabel('اللغة', { exact: true }).selectOption('fr')
  await expect(page.locator('html')).toHaveAttribute('dir', 'ltr')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('heading', { name: 'À traiter' })).toBeVisible()
})
