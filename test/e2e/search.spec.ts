import type { Page } from '@playwright/test'
import { inboxShown, withClient } from './inbox-kit.ts'
import { type App, expect, test } from './support/app.ts'

test.use({ sample: true })
test.beforeEach(({ page }) => inboxShown(page))

const box = (page: Page) => page.locator('#search-words')
const hits = (page: Page) => page.locator('#search-results').getByRole('option')
const about = (page: Page) => page.locator('#search-about')
const countShown = (page: Page) => page.locator('.search-count')

/** What the engine answers beside the window. */
async function counted(app: App, text: string): Promise<number> {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions()
  return withClient(app, async (client) => (await client.search.facets({ text, timeZone, exact: true })).total)
}

async function search(page: Page, text: string): Promise<void> {
  await page.keyboard.press('/')
  await expect(box(page)).toBeFocused()
  await page.keyboard.type(text)
}

test('a search says what it looks for, and how many there are', async ({ app, page }) => {
  await search(page, 'housing -"green paper" after:2025 ')
  await expect(about(page)).toHaveText(/^Looks for “housing”, not exactly “green paper”,? and from .*2025 on\.$/)
  await expect(countShown(page)).toHaveText(`${await counted(app, 'housing -"green paper" after:2025')} messages found`)
  await expect(hits(page).first().locator('mark').first()).toHaveText(/housing/i)
})

test('what is wrong is marked where it stands, and said', async ({ page }) => {
  await search(page, 'harbour after:2026-02-30 wall')
  await expect(about(page).getByRole('alert')).toContainText('There is no date “2026-02-30”.')
  await expect(page.locator('.search-line u')).toHaveText('2026-02-30')
  await expect(box(page)).toHaveAttribute('aria-invalid', 'true')
  await expect(hits(page)).toHaveCount(0)
  await box(page).fill('harbour after:2026-02-28 wall OR')
  await expect(box(page)).toHaveAttribute('aria-invalid', 'false')
  await box(page).fill('(harbour OR ) wall')
  await expect(about(page).getByRole('alert')).toContainText('OR needs something on both sides.')
  await expect(about(page)).toContainText('Here: OR')
})

test('a whole book pasted into the box is answered at once', async ({ page }) => {
  await page.keyboard.press('/')
  await box(page).fill('harbour "wall ('.repeat(7000))
  await expect(about(page).getByRole('alert')).toContainText('A search has 4,000 letters at most.')
  await box(page).fill('housing ')
  await expect(hits(page).first()).toBeVisible()
})

test('a name that nothing is called is told', async ({ page }) => {
  await search(page, 'account:"Nobody at all" ')
  await expect(about(page)).toContainText('No account is called “Nobody at all”.')
  await expect(page.locator('.list-pane .empty')).toBeVisible()
})

test('values are completed from the keyboard', async ({ app, page }) => {
  await search(page, 'network:f')
  const list = page.getByRole('listbox', { name: 'Ways to go on' })
  await expect(list.getByRole('option').first()).toHaveText('feed')
  await page.keyboard.press('Tab')
  await expect(box(page)).toHaveValue('network:feed ')
  await expect(box(page)).toBeFocused()
  await expect(list).toHaveCount(0)
  await expect(countShown(page)).toHaveText(`${await counted(app, 'network:feed')} messages found`)

  await page.keyboard.type('in:')
  await page.keyboard.press('ArrowDown')
  await expect(box(page)).toHaveAttribute('aria-activedescendant', /completions-0$/)
  await page.keyboard.press('Enter')
  await expect(box(page)).toHaveValue(/^network:feed in:".+" $/)

  await box(page).fill('')
  await page.keyboard.press('Alt+ArrowDown')
  await expect(list.getByRole('option').first()).toHaveText(/^from:/)
  await page.keyboard.press('Enter')
  await expect(box(page)).toHaveValue('from:')
  await page.keyboard.press('Escape')
  await expect(box(page)).toHaveValue('')
})

test('a facet narrows, and widens again', async ({ app, page }) => {
  await search(page, 'housin')
  await expect(countShown(page)).toHaveText(`${await counted(app, 'housin*')} messages found`)
  await page.locator('.search-facets > summary').click()
  const year = page.locator('[aria-labelledby=facet-year] button').last()
  const count = Number(await year.locator('.facet-count').textContent())
  await year.click()
  await expect(box(page)).toHaveValue(/^housin\* on:\d{4} $/)
  await expect(countShown(page)).toHaveText(new RegExp(`^${count} messages? found$`))
  await page.locator('[aria-labelledby=facet-year] button[aria-pressed=true]').click()
  await expect(box(page)).toHaveValue('housin* ')
})

test('best first is another order', async ({ page }) => {
  await search(page, 'housing ')
  const subjects = async () => hits(page).locator('.row-subject').allTextContents()
  await expect(hits(page).first()).toBeVisible()
  const newest = await subjects()
  await page.getByRole('combobox', { name: 'Order' }).selectOption('best')
  await expect.poll(subjects).not.toEqual(newest)
})

test('a search is kept, renamed, opened and removed', async ({ app, page }) => {
  await search(page, 'housin')
  await page.getByRole('button', { name: 'Save the search…' }).click()
  await page.getByRole('textbox', { name: 'Name of the search' }).fill('Homes')
  await page.keyboard.press('Enter')
  await expect(page.locator('.notice')).toContainText('Search saved')
  await box(page).fill('')
  const saved = page.getByRole('region', { name: 'Saved searches' })
  await expect(saved.locator('.saved-open')).toHaveText(/Homeshousin\*/)
  await saved.getByRole('button', { name: 'Rename “Homes”' }).click()
  await page.getByRole('textbox', { name: 'Name of the search' }).fill('Houses')
  await page.keyboard.press('Enter')
  await saved.getByRole('button', { name: /^Houses/ }).click()
  await expect(box(page)).toHaveValue('housin* ')
  await expect(hits(page).first()).toBeVisible()

  // Another window keeps one too, and the palette has both.
  await box(page).fill('')
  await withClient(app, (client) => client.search.save({ name: 'Ferries', text: 'ferry' }))
  await expect(saved.locator('.saved-open')).toHaveCount(2)
  await page.keyboard.press('ControlOrMeta+k')
  await page.keyboard.type('ferries')
  await page.keyboard.press('Enter')
  await expect(box(page)).toHaveValue('ferry ')
  await box(page).fill('')
  await saved.getByRole('button', { name: 'Remove “Ferries”' }).click()
  await saved.getByRole('button', { name: 'Remove “Houses”' }).click()
  await expect(saved.locator('.saved-open')).toHaveCount(0)
  expect(await withClient(app, (client) => client.search.saved())).toEqual([])
})

test('a search goes to the clipboard as a command', async ({ page }) => {
  await page.evaluate(() => {
    document.addEventListener('copy', () => {
      const field = document.activeElement
      document.documentElement.dataset.copied = field instanceof HTMLTextAreaElement ? field.value : ''
    })
  })
  await search(page, `-from:o'neil housing`)
  await page.getByRole('combobox', { name: 'Order' }).selectOption('best')
  await page.getByRole('button', { name: 'Copy as a command' }).click()
  await expect(page.locator('html')).toHaveAttribute('data-copied', `dispatch search --order best -- '-from:o-neil housing*'`)
})

test('passing the search box with Tab leaves the list where it is', async ({ page }) => {
  await page.locator('.list-head').getByRole('combobox').focus()
  await expect(page.locator('#inbox-list')).toBeVisible()
})
