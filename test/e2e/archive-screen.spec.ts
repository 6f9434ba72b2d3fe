import type { Page } from '@playwright/test'
import { followFeed, inboxShown, withClient } from './inbox-kit.ts'
import { expect, test } from './support/app.ts'

test.use({ sample: true })
test.beforeEach(({ page }) => inboxShown(page))

const words = (page: Page) => page.locator('#archive-words')
const rows = (page: Page) => page.locator('#archive-found .archive-row')
const details = (page: Page) => page.getByRole('region', { name: 'The chosen message' })
const countShown = (page: Page) => page.locator('.search-count')

async function openArchive(page: Page): Promise<void> {
  await page.keyboard.press('g')
  await page.keyboard.press('a')
  await expect(words(page)).toBeFocused()
  await expect(rows(page).first()).toBeVisible()
}

test('the archive shows everything, and any part of it', async ({ app, page }) => {
  await openArchive(page)
  const total = await withClient(app, async (client) => {
    const { timeZone } = new Intl.DateTimeFormat().resolvedOptions()
    return (await client.search.facets({ text: '*', timeZone, exact: true })).total
  })
  await expect(countShown(page)).toHaveText(`${new Intl.NumberFormat('en').format(total)} messages found`)
  await page.keyboard.type('housing')
  await expect(rows(page).first().locator('mark').first()).toBeVisible()

  // To the last, by the keyboard; pages come as they are needed.
  await words(page).fill('')
  await expect(countShown(page)).toContainText(/\d,\d/)
  await page.locator('#archive-found').focus()
  await page.keyboard.press('End')
  await expect(details(page).getByRole('article').first()).toBeVisible()
  const last = await page.locator('#archive-found').getAttribute('aria-activedescendant')
  expect(Number(last?.replace(/\D/g, ''))).toBeGreaterThan(90)
})

test('a message is shown with its conversation, its versions and its proofs', async ({ app, page }) => {
  const feed = await followFeed(app)
  try {
    await feed.publish('Harbour dues')
    await feed.rewrite('The dues are raised in May.')
    await openArchive(page)
    await page.keyboard.type('"Harbour dues" is:edited ')
    await expect(rows(page)).toHaveCount(1)
    await page.keyboard.press('Enter')
    await expect(details(page).getByRole('article')).toContainText('May')
    await details(page).getByRole('tab', { name: 'Conversation' }).focus()
    await page.keyboard.press('ArrowRight')
    await expect(details(page).getByRole('region', { name: 'Versions' }).locator('.changes-text ins')).toContainText('May')
    await expect(details(page).getByRole('region', { name: 'What can be proved' }).getByRole('row')).toHaveCount(5)
    await expect(details(page).getByRole('region', { name: 'Where it came from' })).toContainText('http://127.0.0.1')
    await details(page).getByRole('button', { name: 'Back to the results' }).press('Enter')
    await expect(details(page)).toHaveCount(0)
    await expect(page.locator('#archive-found')).toBeFocused()
  } finally {
    await feed.close()
  }
})

test('rows are gone through by letter keys, as fast as one can type them', async ({ page }) => {
  await openArchive(page)
  await page.locator('#archive-found').focus()
  for (const key of 'jjjjk') await page.keyboard.press(key)
  await expect(rows(page).nth(2)).toHaveAttribute('aria-selected', 'true')
  await expect(details(page).getByRole('heading', { level: 2 })).not.toBeEmpty()
  await page.keyboard.press('i')
  await expect(page.getByRole('dialog')).toHaveAccessibleName('Record of this message')
  await page.keyboard.press('Escape')
  await details(page).getByRole('button', { name: 'Open in the inbox' }).click()
  await expect(page.locator('#conversation h1')).toBeVisible()
  await expect(page.locator('#conversation article[data-target]')).toBeVisible()
})

test('a stretch of time is taken by the keyboard, and by the pointer', async ({ page }) => {
  await openArchive(page)
  const bars = page.getByRole('listbox', { name: 'Messages over time' })
  await bars.focus()
  await page.keyboard.press('ArrowLeft')
  const name = await page.locator('.bars [data-here]').getAttribute('aria-label')
  const count = name?.split(': ')[1]?.split(' ')[0]
  await page.keyboard.press('Enter')
  await expect(words(page)).toHaveValue(/^after:\d{4}-\d\d before:\d{4}-\d\d $/)
  await expect(countShown(page)).toHaveText(new RegExp(`^${count} messages? found$`))
  await bars.focus()
  await page.keyboard.press('Escape')
  await expect(words(page)).toHaveValue('')

  const all = await bars.getByRole('option').count()
  const frame = await bars.boundingBox()
  if (!frame) throw new Error('The months are not on the screen.')
  const across = (index: number) => frame.x + ((index + 0.5) / all) * frame.width
  await page.mouse.move(across(1), frame.y + 10)
  await page.mouse.down()
  await page.mouse.move(across(3), frame.y + 10, { steps: 3 })
  await page.mouse.up()
  await expect(bars.getByRole('option', { selected: true })).toHaveCount(3)
  await page.getByRole('button', { name: 'Any time' }).click()
  await expect(words(page)).toHaveValue('')
})

test('columns keep the widths that they were given', async ({ app, page }) => {
  await openArchive(page)
  const divider = page.getByRole('separator', { name: 'Width of the column “From”' })
  const before = Number(await divider.getAttribute('aria-valuenow'))
  await divider.focus()
  for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowRight')
  await expect(divider).toHaveAttribute('aria-valuenow', String(before + 2))
  const again = await app.restart()
  await inboxShown(again)
  await openArchive(again)
  await expect(again.getByRole('separator', { name: 'Width of the column “From”' })).toHaveAttribute(
    'aria-valuenow',
    String(before + 2),
  )
})

test('the archive is found by what was searched for, in the palette and in the rail', async ({ page }) => {
  await page.keyboard.press('/')
  await page.keyboard.type('committee')
  await expect(page.locator('#search-results .hit').first()).toBeVisible()
  await page.locator('.rail').getByRole('button', { name: 'Archive' }).click()
  await expect(words(page)).toHaveValue('committee')
  await page.keyboard.press('ControlOrMeta+k')
  await page.keyboard.type('all open')
  await page.keyboard.press('Enter')
  await expect(page.locator('#inbox-list')).toBeVisible()
})
