import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { list, rows } from './inbox-kit.ts'
import type { Stage } from './screens-list.ts'
import { openFeed } from './screens-states.ts'
import { makePlaces } from './support/places.ts'

/* Screens of the archive: records, exports, ledgers. */

const dialog = (page: Page) => page.getByRole('dialog')

async function shown(page: Page): Promise<void> {
  await expect(rows(page).first()).toBeVisible({ timeout: 30_000 })
  await list(page).focus()
}

const before = `The committee sits on Monday at ten in Room 4. Members of the public can watch from the gallery, and papers are on
the table an hour before. Written answers to the questions of last week are published on the same day.`
const after = `The committee sits on Tuesday at ten in Room 12. Members of the public can watch from the gallery, and papers are
published an hour before. Written answers to the questions of last week are published on the same day, with the names of those who asked.`

/** The record of an article that was rewritten. */
export async function editedRecord({ page, client, after: later }: Stage): Promise<void> {
  const feed = await openFeed()
  later(() => feed.close())
  feed.publish('Order of business', before)
  await shown(page)
  await client(async (office) => {
    const [identity] = await office.identities.list()
    if (!identity) throw new Error('The sample has no identity.')
    const account = await office.accounts.addFeed({ identityId: identity.id, url: feed.url, label: 'Gazette' })
    await office.accounts.sync({ id: account.id })
    feed.rewrite(after)
    await office.accounts.sync({ id: account.id })
    await office.archive.checkpoint({ identityId: identity.id })
  })
  await page.locator('#search-words').fill('order business gallery')
  await page.locator('#search-results .hit').first().click()
  await expect(page.locator('article[data-target]')).toBeVisible()
  await page.locator('#conversation').focus()
  await page.keyboard.press('i')
  await expect(dialog(page).locator('.changes-text')).toBeVisible()
}

/** The lower part of the same. */
export async function recordProofs(stage: Stage): Promise<void> {
  await editedRecord(stage)
  await dialog(stage.page).locator('.fingerprint').scrollIntoViewIfNeeded()
}

/** The export of what a search found. */
export async function exportForm({ page }: Stage): Promise<void> {
  await shown(page)
  await page.locator('#search-words').fill('housing')
  await expect(page.locator('#search-results .hit').first()).toBeVisible()
  await page.locator('.search-acts button').click()
  await expect(dialog(page).locator('form')).toBeVisible()
  await dialog(page).locator('input').first().fill('Records office')
}

/** What came of it. */
export async function exported(stage: Stage): Promise<void> {
  const { page } = stage
  await exportForm(stage)
  const places = await makePlaces()
  stage.after(() => places.remove())
  await dialog(page).locator('input').nth(1).fill(join(places.data, 'evidence-2026-11-21'))
  await page.keyboard.press('Enter')
  await expect(dialog(page).locator('.outcome')).toBeVisible({ timeout: 60_000 })
}

/** The ledgers, checked. */
export async function archiveChecked({ page }: Stage): Promise<void> {
  await shown(page)
  await page.keyboard.press('g')
  await page.keyboard.press(',')
  const archive = page.locator('[aria-labelledby=settings-archive]')
  await expect(archive.locator('.settings-list > li')).toHaveCount(3)
  await archive.locator('.form > div > .tipped button').first().click()
  await expect(archive.locator('.verdict').first()).toBeVisible({ timeout: 30_000 })
  await archive.evaluate((element) => element.scrollIntoView())
}
