import { expect, type Page } from '@playwright/test'
import type { Stage } from './screens-list.ts'

const found = (page: Page) => page.locator('#archive-found .archive-row')

/** Types into the box, and waits until the window has answered. */
async function type(page: Page, words: string): Promise<void> {
  await page.keyboard.press('/')
  await expect(page.locator('#search-words')).toBeFocused()
  await page.keyboard.type(words)
}

/** Searches that were kept, and what a search can do. */
export async function searchStart({ page, client }: Stage): Promise<void> {
  await client(async (office) => {
    await office.search.save({ name: 'Harbour inquiry', text: 'harbour OR quay after:2024' })
    await office.search.save({ name: 'What we said of housing', text: 'is:outbound housing' })
  })
  await page.locator('#inbox-list').focus()
  await page.keyboard.press('/')
  await expect(page.locator('.saved-item')).toHaveCount(2)
}

export async function searchNarrowed({ page }: Stage): Promise<void> {
  await type(page, 'housing OR budget -"green paper" after:2024 network:mail ')
  await page.locator('.search-facets > summary').click()
  await expect(page.locator('.facet').first()).toBeVisible()
}

export async function searchProblem({ page }: Stage): Promise<void> {
  await type(page, 'harbour after:2026-02-30 voice:loud wall')
  await expect(page.locator('#search-about .bad')).toBeVisible()
}

export async function searchCompletions({ page }: Stage): Promise<void> {
  await type(page, 'housing in:')
  await page.keyboard.press('ArrowDown')
  await expect(page.locator('.completions [data-focused]')).toBeVisible()
}

/** The archive at a query, with a message chosen. */
export async function archive({ page }: Stage, query = 'housing '): Promise<void> {
  await page.keyboard.press('g')
  await page.keyboard.press('a')
  await expect(page.locator('#archive-words')).toBeFocused()
  await expect(found(page).first()).toBeVisible()
  await page.keyboard.type(query)
  await expect(found(page).locator('mark').first()).toBeVisible()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  // In a narrow window the message takes the place of the results.
  await page.keyboard.press('Enter')
  await expect(page.locator('#archive-details article').first()).toBeVisible()
}

/** The same, at what was kept of the message. */
export async function archiveRecord(stage: Stage): Promise<void> {
  await archive(stage)
  await stage.page.locator('#archive-details [role=tab]').nth(1).click()
  await expect(stage.page.locator('#archive-details .record')).toBeVisible()
}

/** A stretch of time drawn in the histogram. */
export async function archiveRange(stage: Stage): Promise<void> {
  await archive(stage)
  const { page } = stage
  const rows = await page.locator('#archive-found').getAttribute('aria-rowcount')
  await page.locator('.bars').focus()
  for (const key of ['ArrowLeft', 'ArrowLeft', 'Shift+ArrowLeft', 'Shift+ArrowLeft', 'Shift+ArrowLeft', 'Enter'])
    await page.keyboard.press(key)
  await expect(page.locator('#archive-words')).toHaveValue(/after:.* before:/)
  await expect(page.locator('#archive-found')).not.toHaveAttribute('aria-rowcount', rows ?? '')
}

export async function archiveNothing({ page }: Stage): Promise<void> {
  await page.keyboard.press('g')
  await page.keyboard.press('a')
  await page.keyboard.type('zzznothing account:nobody ')
  await expect(page.locator('.archive-list .empty')).toBeVisible()
}
