import { expect, type Page } from '@playwright/test'
import { active, list, rows } from './inbox-kit.ts'
import type { Stage } from './screens-list.ts'

const names = [
  { kind: 'label', name: 'Urgent', color: 'red' },
  { kind: 'label', name: 'For the Speaker', color: 'blue' },
  { kind: 'topic', name: 'Fisheries and ports', color: 'teal' },
  { kind: 'topic', name: 'Housing', color: 'amber' },
] as const

/** Labels and topics of each identity, on some of what is open. */
async function labelled({ page, client }: Stage): Promise<void> {
  await expect(rows(page).first()).toBeVisible({ timeout: 30_000 })
  await client(async (office) => {
    for (const { id } of await office.identities.list()) {
      const filter = { view: 'open', identityId: id, accountId: null, labelId: null, unreadOnly: false } as const
      const { rows: open } = await office.inbox.page({ filter, from: null, until: null, limit: 40 })
      for (const [n, about] of names.entries()) {
        const label = await office.labels.add({ identityId: id, ...about })
        const targets = open.filter((_, at) => at % (n + 2) === 0).map((row) => ({ id: row.id, identityId: id }))
        if (targets.length > 0) await office.labels.put({ targets, add: [label.id], remove: [] })
      }
    }
  })
  await list(page).focus()
}

async function first(page: Page): Promise<void> {
  await page.keyboard.press('Home')
  await page.keyboard.press('j')
  await expect(active(page)).toHaveCount(1)
}

/** The inbox with labels in its rows and in the rail. */
export async function labels(stage: Stage): Promise<void> {
  await labelled(stage)
  await expect(stage.page.locator('.row-labels').first()).toBeVisible()
  await first(stage.page)
}

/** The list of one label. */
export async function labelList(stage: Stage): Promise<void> {
  await labelled(stage)
  await stage.page.locator('.rail .label-mark').first().click()
  await expect(stage.page.locator('.scope .label-mark')).toBeVisible()
  await first(stage.page)
}

/** The dialog that labels, with a name that is not there yet. */
export async function labelDialog(stage: Stage): Promise<void> {
  await labelled(stage)
  await first(stage.page)
  await stage.page.keyboard.press('l')
  await stage.page.keyboard.type('ho')
  await expect(stage.page.locator('#label-options [role=option]').nth(1)).toBeVisible()
}

/** Labels in the settings. */
export async function labelSettings(stage: Stage): Promise<void> {
  await labelled(stage)
  await stage.page.keyboard.press('g')
  await stage.page.keyboard.press(',')
  const part = stage.page.locator('[aria-labelledby=settings-labels]')
  await expect(part.locator('.settings-list > li')).toHaveCount(names.length)
  await part.evaluate((element) => element.scrollIntoView())
}

/** Notes on a conversation, and one that is being written. */
export async function notes(stage: Stage): Promise<void> {
  const { page, client } = stage
  await expect(rows(page).first()).toBeVisible({ timeout: 30_000 })
  await list(page).focus()
  await page.keyboard.press('j')
  await expect(active(page)).toHaveCount(1)
  await page.keyboard.press('Enter')
  await client(async (office) => {
    const filter = { view: 'open', identityId: null, accountId: null, labelId: null, unreadOnly: false } as const
    const [row] = (await office.inbox.page({ filter, from: null, until: null, limit: 1 })).rows
    if (!row) throw new Error('The sample has no open conversation.')
    const on = { conversationId: row.id, identityId: row.identityId }
    const { note } = await office.notes.add({ ...on, by: 'Ada Berg', text: 'Called her on Monday.' })
    await office.notes.edit({
      id: note.id,
      identityId: row.identityId,
      by: 'Ada Berg',
      text: 'Called her on Tuesday. She sends the plans.',
    })
    await office.notes.add({ ...on, by: 'Bea Lund', text: 'The ministry has the same question from two others.' })
  })
  await expect(page.locator('.notes li').first()).toBeVisible()
  await page.keyboard.press('n')
  await page.keyboard.type('To be answered')
  await page.locator('.notes').evaluate((element) => element.scrollIntoView({ block: 'end' }))
}
