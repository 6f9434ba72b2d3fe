import { type ElectronApplication, expect, type Page } from '@playwright/test'
import type { Client } from '#shared/contract/client.ts'
import { active, list, rows } from './inbox-kit.ts'
import { archiveChecked, editedRecord, exported, exportForm, hold, keeping, recordProofs } from './screens-archive.ts'
import { answer, chooseVoice, desk, guarded } from './screens-compose.ts'
import { labelDialog, labelList, labelSettings, labels, notes } from './screens-labels.ts'
import {
  archive,
  archiveNothing,
  archiveRange,
  archiveRecord,
  searchCompletions,
  searchNarrowed,
  searchProblem,
  searchStart,
} from './screens-search.ts'
import {
  attachments,
  crash,
  damage,
  emptyList,
  fullNews,
  refusedPassword,
  refusedServer,
  unreachableFeed,
} from './screens-states.ts'
import type { Places } from './support/places.ts'

/** Where a picture is taken. */
export interface Stage {
  page: Page
  electron: ElectronApplication
  /** Speaks to the program beside its window. */
  client<Result>(work: (client: Client) => Promise<Result>): Promise<Result>
  /** Done after the picture was taken. */
  after(work: () => Promise<void>): void
}

/** One picture: how to get there from a freshly loaded window, in any language. */
export interface Screen {
  /** File name, without the look and the ending. */
  name: string
  /** An office with nothing in it, or the sample parliament. */
  office: 'empty' | 'sample'
  /** Done to the office before the window opens. */
  before?(places: Places): Promise<void>
  go(stage: Stage): Promise<unknown>
}

const dialog = (page: Page) => page.getByRole('dialog')

async function shown(page: Page): Promise<void> {
  await expect(rows(page).first()).toBeVisible({ timeout: 30_000 })
  await list(page).focus()
}

/** Opens the conversation of the n-th row. */
async function open(page: Page, row: number): Promise<void> {
  await shown(page)
  await rows(page).nth(row).click()
  await expect(active(page)).toHaveCount(1)
  await expect(page.locator('#conversation h1')).toBeVisible()
}

async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key)
}

async function find(page: Page, words: string): Promise<void> {
  await shown(page)
  await page.locator('#search-words').fill(words)
  await expect(page.locator('#search-results .hit').first()).toBeVisible()
}

async function named({ page }: Stage): Promise<void> {
  await page.getByRole('textbox').fill('House Communications')
  await press(page, 'Enter')
  await expect(page.getByRole('tablist')).toBeVisible()
}

const sample = (name: string, go: (stage: Stage) => Promise<unknown>): Screen => ({ name, office: 'sample', go })
const empty = (name: string, go: (stage: Stage) => Promise<unknown>): Screen => ({ name, office: 'empty', go })

/** Every screen there is. A new feature adds its own here. */
export const screens: Screen[] = [
  empty('first-run', ({ page }) => expect(page.getByRole('radiogroup')).toBeVisible()),
  empty('first-run-accounts', named),
  empty('first-run-refused', async (stage) => {
    await named(stage)
    await refusedServer(stage)
  }),
  sample('inbox', ({ page }) => shown(page)),
  sample('conversation', ({ page }) => open(page, 3)),
  sample('attachments', attachments),
  sample('selection', async ({ page }) => {
    await open(page, 0)
    await press(page, 'Shift+j', 'Shift+j')
    await expect(page.locator('.bulk')).toHaveCount(1)
  }),
  sample('row-menu', async ({ page }) => {
    await shown(page)
    await rows(page).nth(2).click({ button: 'right' })
    await expect(page.getByRole('menu')).toBeVisible()
  }),
  sample('done-with-undo', async ({ page }) => {
    await open(page, 0)
    await press(page, 'e')
    await expect(page.locator('.notice')).toBeVisible()
  }),
  sample('news', async (stage) => {
    await open(stage.page, 2)
    await fullNews(stage)
  }),
  sample('view-done', async ({ page }) => {
    await shown(page)
    await press(page, 'g', 'e')
    await expect(rows(page).first()).toBeVisible()
  }),
  sample('view-snoozed', async ({ page }) => {
    await shown(page)
    await press(page, 'g', 's')
    await expect(page.locator('.row-glyph').first()).toBeVisible()
  }),
  sample('unread-empty', emptyList),
  sample('search', ({ page }) => find(page, 'budget')),
  sample('search-nothing', async ({ page }) => {
    await shown(page)
    await page.locator('#search-words').fill('zzznothing')
    await expect(page.locator('.list-pane .empty')).toBeVisible()
  }),
  sample('search-opened', async ({ page }) => {
    await find(page, 'committee')
    await page.locator('#search-results .hit').first().click()
    await expect(page.locator('article[data-target]')).toBeVisible()
  }),
  ...Object.entries({
    'search-start': searchStart,
    'search-narrowed': searchNarrowed,
    'search-problem': searchProblem,
    'search-completions': searchCompletions,
    archive: (stage: Stage) => archive(stage),
    'archive-record': archiveRecord,
    'archive-range': archiveRange,
    'archive-nothing': archiveNothing,
  }).map(([name, go]) =>
    sample(name, async (stage) => {
      await shown(stage.page)
      await go(stage)
    }),
  ),
  ...(
    [
      ['snooze', 's'],
      ['jump-to-date', 'd'],
      ['palette', 'ControlOrMeta+k'],
      ['shortcuts', '?'],
    ] as const
  ).map(([name, key]) =>
    sample(name, async ({ page }) => {
      await open(page, 1)
      await press(page, key)
      await expect(dialog(page)).toBeVisible()
    }),
  ),
  ...['mail', 'feed', 'mastodon', 'bluesky', 'blog', 'sms', 'from-export', 'import-files'].map((name, tab) =>
    sample(`add-account-${name}`, async ({ page }) => {
      await shown(page)
      await press(page, 'g', 'c')
      await dialog(page).getByRole('tab').nth(tab).click()
    }),
  ),
  ...[0, 1, 2].map((part) =>
    sample(part === 0 ? 'settings' : `settings-${part + 1}`, async ({ page }) => {
      await shown(page)
      await press(page, 'g', ',')
      await expect(page.locator('#settings-title')).toBeVisible()
      await page.locator('main.settings').evaluate((element, pages) => {
        element.scrollTop = pages * element.clientHeight * 0.9
      }, part)
    }),
  ),
  sample('labels', labels),
  sample('label-list', labelList),
  sample('label-dialog', labelDialog),
  sample('settings-labels', labelSettings),
  sample('answer', answer),
  sample('guard', guarded),
  sample('choose-voice', chooseVoice),
  sample('desk', desk),
  sample('notes', notes),
  sample('record', editedRecord),
  sample('record-proofs', recordProofs),
  sample('export', exportForm),
  sample('export-done', exported),
  sample('settings-archive', archiveChecked),
  sample('settings-keeping', keeping),
  sample('hold', hold),
  sample('account-needs-sign-in', refusedPassword),
  sample('sign-in', async (stage) => {
    await refusedPassword(stage)
    await stage.page.locator('.strip.bad button').first().click()
    await expect(dialog(stage.page)).toBeVisible()
  }),
  sample('account-retrying', unreachableFeed),
  sample('connection-lost', crash),
  { ...sample('damaged', ({ page }) => expect(page.locator('.strip.bad')).toBeVisible()), before: damage },
]
