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

/** Holds, and disposals in several states. */
export async function keeping({ page, client }: Stage): Promise<void> {
  await shown(page)
  await client(async (office) => {
    const [identity] = await office.identities.list()
    const filter = { view: 'all', identityId: identity?.id ?? null, accountId: null, labelId: null, unreadOnly: false } as const
    const { rows: all } = await office.inbox.page({ filter, from: null, until: null, limit: 60 })
    const mails = all.filter(({ network, outbound }) => network === 'mail' && !outbound)
    const [held] = mails
    if (!identity || !held) throw new Error('The sample has no mail.')
    const identityId = identity.id
    const on = { scope: 'conversation', conversationId: held.id } as const
    await office.retention.setHold({ identityId, on, reason: 'Inquiry into the harbour bridge', by: 'Ada Berg' })
    const handles = new Set<string>()
    for (const { id } of mails) {
      const { messages } = await office.conversations.get({ id })
      for (const { direction, from } of messages) if (direction === 'inbound') handles.add(from.handle)
    }
    const [one, two] = [...handles]
    for (const handle of [one, two]) {
      if (handle === undefined) throw new Error('The sample has too few people.')
      const { id } = await office.retention.proposeErasure({ identityId, handle, reason: 'Request 2026/14', by: 'Ada Berg' })
      if (handle === two) await office.retention.approveDisposal({ id, identityId, by: 'Bea Lund' })
    }
  })
  const [identity] = await client((office) => office.identities.list())
  if (!identity) throw new Error('The sample has no identity.')
  const { id: identityId } = identity
  await client(async (office) => {
    const label = await office.labels.add({ identityId, kind: 'topic', name: 'Newsletters', color: 'teal' })
    const doing = { identityId, network: null, kind: null, by: 'Ada Berg' } as const
    await office.retention.setSchedule({ ...doing, labelId: null, days: 3650 })
    await office.retention.setSchedule({ ...doing, labelId: label.id, days: 90 })
  })
  await page.keyboard.press('g')
  await page.keyboard.press(',')
  const part = page.locator('[aria-labelledby=settings-retention]')
  await expect(part.locator('.settings-list > li')).toHaveCount(5)
  await part.evaluate((element) => element.scrollIntoView())
}

/** A hold on the conversation that is open. */
export async function hold({ page }: Stage): Promise<void> {
  await shown(page)
  await page.keyboard.press('j')
  await page.keyboard.press('h')
  await expect(dialog(page).locator('form')).toBeVisible()
}
