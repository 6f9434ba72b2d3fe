import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { active, inboxShown, list, rows, subject, withClient } from './inbox-kit.ts'
import { expect, test } from './support/app.ts'

test.use({ sample: true })
test.beforeEach(({ page }) => inboxShown(page))

const composer = (page: Page) => page.locator('form.composer')
const text = (page: Page) => composer(page).getByLabel('Text')
const rail = (page: Page) => page.getByRole('navigation')
const desk = (page: Page) => page.getByRole('main', { name: 'Send desk' })
const name = (page: Page) => composer(page).getByLabel('Your name')
const notices = (page: Page) => page.getByRole('region', { name: 'Messages from the program' })

/** Opens a letter of somebody to the first identity, by keyboard. */
async function openLetter(page: Page): Promise<void> {
  await page.keyboard.press('j')
  await expect(active(page)).toHaveCount(1)
  await expect(subject(page)).toBeVisible()
}

test('an answer is written by keyboard only, kept as a draft, and sent from the account that was written to', async ({
  app,
  page,
}) => {
  await openLetter(page)
  const row = await withClient(app, async (client) => {
    const { rows: found } = await client.inbox.page({
      filter: { view: 'open', identityId: null, accountId: null, labelId: null, unreadOnly: false },
      from: null,
      until: null,
      limit: 1,
    })
    if (!found[0]) throw new Error('The sample has no letter.')
    return found[0]
  })
  await page.keyboard.press('r')
  await expect(text(page)).toBeFocused()
  const identity = (await withClient(app, (client) => client.identities.list())).find(({ id }) => id === row.identityId)
  await expect(composer(page)).toHaveAccessibleName(`Answer as ${identity?.name}`)
  await expect(composer(page).getByLabel('To', { exact: true })).not.toHaveValue('')
  await expect(composer(page).getByLabel('Subject')).toHaveValue(/^Re: /)
  await expect(text(page)).toHaveValue(/\n> /)
  await page.keyboard.type('Thank you for your letter.')
  await expect(composer(page).getByText('Saved as a draft')).toBeVisible()
  const [draft] = await withClient(app, (client) => client.drafts.list({ identityId: row.identityId }))
  expect(draft).toMatchObject({ accountId: row.accountId, targetConversation: row.id })
  expect(draft?.words.text).toMatch(/^Thank you for your letter\.\n\n/)

  // Not without saying who sends it.
  await expect(composer(page).getByText('Give your name')).toBeVisible()
  await expect(composer(page).getByRole('button', { name: 'Send', exact: true })).toBeDisabled()
  await name(page).fill('Ada Clerk')
  await text(page).focus()
  await page.keyboard.press('Control+Enter')
  await expect(composer(page)).toHaveCount(0)
  const items = await withClient(app, (client) => client.outbox.list({ identityId: row.identityId }))
  expect(items.items).toHaveLength(1)
  expect(items.items[0]).toMatchObject({ state: 'queued', accountId: row.accountId, by: 'Ada Clerk', targetConversation: row.id })
  expect(await withClient(app, (client) => client.drafts.list({ identityId: null }))).toEqual([])
})

test('what was sent can be taken back for ten seconds, and is a draft again', async ({ app, page }) => {
  await openLetter(page)
  await page.keyboard.press('r')
  await expect(text(page)).toBeFocused()
  await page.keyboard.type('Too early')
  await name(page).fill('Ada Clerk')
  await composer(page).getByRole('button', { name: 'Send', exact: true }).click()
  await notices(page).getByRole('button', { name: 'Undo' }).click()
  await expect(text(page)).toHaveValue(/^Too early/)
  const { items } = await withClient(app, (client) => client.outbox.list({ identityId: null }))
  expect(items.map(({ state }) => state)).toEqual(['cancelled'])
  expect(await withClient(app, (client) => client.drafts.list({ identityId: null }))).toHaveLength(1)
})

test('a draft waits below its conversation and on the desk, over a restart', async ({ app, page }) => {
  await openLetter(page)
  const about = await subject(page).textContent()
  await page.keyboard.press('r')
  await expect(text(page)).toBeFocused()
  await page.keyboard.type('Half a thought')
  await expect(composer(page).getByText('Saved as a draft')).toBeVisible()
  const again = await app.restart()
  await inboxShown(again)
  await again.keyboard.press('g')
  await again.keyboard.press('d')
  await expect(desk(again).getByRole('heading', { name: /^Drafts/ })).toBeVisible()
  await desk(again).getByRole('button', { name: 'Go on writing' }).click()
  await expect(text(again)).toHaveValue(/^Half a thought/)
  await expect(subject(again)).toHaveText(about ?? '')
  await composer(again).getByRole('button', { name: 'Throw away' }).click()
  await expect(composer(again)).toHaveCount(0)
  await notices(again).getByRole('button', { name: 'Undo' }).click()
  await expect(again.getByText('An answer was begun.')).toBeVisible()
})

test('something new begins with who speaks, and can be scheduled and called off', async ({ app, page }) => {
  await page.keyboard.press('c')
  const dialog = page.getByRole('dialog', { name: 'Who speaks?' })
  await expect(dialog.getByRole('listitem').first()).toBeVisible()
  await dialog.getByRole('button', { name: /./ }).nth(1).click()
  await expect(text(page)).toBeFocused()
  await composer(page).getByLabel('To', { exact: true }).fill('nobody at all')
  await expect(composer(page).getByText('“nobody at all” is not an address').first()).toBeVisible()
  await composer(page).getByLabel('To', { exact: true }).fill('Ines <ines.marrow@post.example>')
  await composer(page).getByLabel('Subject').fill('The harbour wall')
  await text(page).fill('A reply in writing follows.')
  await name(page).fill('Ada Clerk')
  await composer(page).getByRole('button', { name: 'Send later' }).click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Tomorrow/ })
    .click()
  await expect(composer(page)).toHaveCount(0)
  await rail(page).getByRole('button', { name: 'Send desk' }).click()
  await expect(desk(page).getByText('The harbour wall')).toBeVisible()
  await expect(desk(page).getByText(/^Goes out/)).toBeVisible()
  await desk(page).getByRole('button', { name: 'Do not send' }).click()
  await expect(desk(page).getByText(/^Cancelled/)).toBeVisible()
  const { items } = await withClient(app, (client) => client.outbox.list({ identityId: null }))
  expect(items[0]).toMatchObject({
    state: 'cancelled',
    content: { do: 'publish', to: [{ name: 'Ines', handle: 'ines.marrow@post.example' }] },
  })
})

test('a file goes with it, and words of another voice are asked about before they are put in', async ({ app, page }) => {
  await openLetter(page)
  await page.keyboard.press('r')
  await expect(text(page)).toBeFocused()
  await composer(page)
    .locator('input[type=file]')
    .setInputFiles({
      name: 'plan of the wall.txt',
      mimeType: 'text/plain',
      buffer: Buffer.alloc(2_500_000, 'stone '),
    })
  await expect(composer(page).getByRole('list', { name: /attachment/ })).toContainText('plan of the wall.txt')
  await expect(composer(page).getByText('Saved as a draft')).toBeVisible()
  const [draft] = await withClient(app, (client) => client.drafts.list({ identityId: null }))
  expect(draft?.words.media).toMatchObject([{ name: 'plan of the wall.txt', size: 2_500_000 }])

  // Copied here, pasted where another identity writes.
  await text(page).fill('A sentence that is long enough to be known again.')
  await text(page).selectText()
  await page.keyboard.press('Control+c')
  const other = (await withClient(app, (client) => client.accounts.list())).find(
    ({ identityId, capabilities }) => identityId !== draft?.identityId && capabilities.sends,
  )
  await list(page).focus()
  await page.keyboard.press('c')
  await page
    .getByRole('dialog')
    .getByRole('button', { name: other?.label ?? '', exact: true })
    .click()
  await expect(text(page)).toBeFocused()
  await page.keyboard.press('Control+v')
  await expect(composer(page).getByRole('alert')).toContainText('These words come from')
  await expect(text(page)).not.toHaveValue(/long enough/)
  await composer(page)
    .getByRole('button', { name: /^Put them in as/ })
    .click()
  await expect(text(page)).toHaveValue(/long enough/)
})

test('what must not leave in the institution’s voice is marked, and is not sent until it is changed', async ({ app, page }) => {
  const house = (await withClient(app, (client) => client.accounts.list())).find(({ label }) => label === 'Public enquiries')
  await page.keyboard.press('c')
  await page
    .getByRole('dialog')
    .getByRole('button', { name: house?.label ?? '', exact: true })
    .click()
  await expect(text(page)).toBeFocused()
  await composer(page).getByLabel('To', { exact: true }).fill('ines.marrow@post.example')
  await name(page).fill('Ada Clerk')
  await text(page).fill('The sitting begins at ten. Vote for change this Sunday.')
  const guard = composer(page).getByRole('region', { name: 'What the guard noticed' })
  await expect(guard.getByRole('listitem').first()).toContainText('Must not leave')
  await expect(composer(page).getByRole('button', { name: 'Send', exact: true })).toBeDisabled()
  await guard.getByRole('button', { name: /^Show “vote for/i }).click()
  await expect(text(page)).toBeFocused()
  expect(await page.evaluate(() => String(document.getSelection()))).toMatch(/vote for/i)
  await text(page).fill('The sitting begins at ten.')
  await expect(guard).toHaveCount(0)
  await expect(composer(page).getByRole('button', { name: 'Send', exact: true })).toBeEnabled()
})

test('the composer and the desk have nothing that axe finds wrong', async ({ page }) => {
  await openLetter(page)
  await page.keyboard.press('r')
  await expect(text(page)).toBeFocused()
  // The desktop window has one page, so axe may not open another for its own use.
  const look = async () =>
    (
      await new AxeBuilder({ page })
        .setLegacyMode(true)
        .options({ resultTypes: ['violations'] })
        .exclude('.message-frame')
        .analyze()
    ).violations
  expect(await look()).toEqual([])
  await page.keyboard.type('x')
  await expect(composer(page).getByText('Saved as a draft')).toBeVisible()
  await rail(page).getByRole('button', { name: 'Send desk' }).click()
  await expect(desk(page).getByRole('heading', { name: /^Drafts/ })).toBeVisible()
  expect(await look()).toEqual([])
  expect(await rows(page).count()).toBe(0)
})
