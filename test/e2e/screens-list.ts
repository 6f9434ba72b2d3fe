import { expect, type Page } from '@playwright/test'
import { active, inboxShown, openFound, rows } from './inbox-kit.ts'

/** One picture: how to get there from a freshly loaded window. */
export interface Screen {
  /** File name, without the theme and the ending. */
  name: string
  /** An office with nothing in it, or the sample parliament. */
  office: 'empty' | 'sample'
  go(page: Page): Promise<unknown>
}

/** Opens the conversation of the n-th row. */
async function open(page: Page, row: number): Promise<void> {
  await inboxShown(page)
  await rows(page).nth(row).click()
  await expect(active(page)).toBeVisible()
  await expect(page.getByRole('main', { name: 'Conversation' }).getByRole('heading', { level: 1 })).toBeVisible()
}

async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key)
}

/** Every screen there is. A new feature adds its own here. */
export const screens: Screen[] = [
  { name: 'first-run', office: 'empty', go: (page) => expect(page.getByRole('textbox', { name: 'Name' })).toBeVisible() },
  {
    name: 'first-run-accounts',
    office: 'empty',
    async go(page) {
      await page.getByRole('textbox', { name: 'Name' }).fill('House Communications')
      await page.getByRole('button', { name: 'Continue' }).click()
      await expect(page.getByRole('heading', { name: 'Where do messages come from?' })).toBeVisible()
    },
  },
  { name: 'inbox', office: 'sample', go: inboxShown },
  { name: 'conversation', office: 'sample', go: (page) => open(page, 3) },
  {
    name: 'selection',
    office: 'sample',
    async go(page) {
      await open(page, 0)
      await press(page, 'Shift+j', 'Shift+j')
      await expect(page.getByRole('toolbar', { name: 'Selected conversations' })).toBeVisible()
    },
  },
  {
    name: 'done-with-undo',
    office: 'sample',
    async go(page) {
      await open(page, 0)
      await press(page, 'e')
      await expect(page.getByRole('status').filter({ hasText: 'Done' })).toBeVisible()
    },
  },
  {
    name: 'view-done',
    office: 'sample',
    async go(page) {
      await inboxShown(page)
      await press(page, 'g', 'e')
      await expect(rows(page).first()).toBeVisible()
    },
  },
  {
    name: 'view-snoozed-empty',
    office: 'sample',
    async go(page) {
      await inboxShown(page)
      await press(page, 'g', 's')
    },
  },
  {
    name: 'search',
    office: 'sample',
    async go(page) {
      await inboxShown(page)
      await page.getByRole('combobox', { name: 'Search all messages' }).fill('budget')
      await expect(page.getByRole('listbox', { name: 'Messages found' }).getByRole('option').first()).toBeVisible()
    },
  },
  {
    name: 'search-opened',
    office: 'sample',
    async go(page) {
      await inboxShown(page)
      await openFound(page, 'committee')
    },
  },
  ...(
    [
      ['snooze', 's'],
      ['jump-to-date', 'd'],
      ['palette', 'ControlOrMeta+k'],
      ['shortcuts', '?'],
    ] as const
  ).map(
    ([name, key]): Screen => ({
      name,
      office: 'sample',
      async go(page) {
        await open(page, 1)
        await press(page, key)
        await expect(page.getByRole('dialog')).toBeVisible()
      },
    }),
  ),
  ...['Mail', 'Feed', 'Import files'].map(
    (tab): Screen => ({
      name: `add-account-${tab.toLowerCase().replace(' ', '-')}`,
      office: 'sample',
      async go(page) {
        await inboxShown(page)
        await press(page, 'g', 'c')
        const dialog = page.getByRole('dialog', { name: 'Add an account' })
        await dialog.getByRole('tab', { name: tab }).click()
      },
    }),
  ),
  {
    name: 'settings',
    office: 'sample',
    async go(page) {
      await inboxShown(page)
      await press(page, 'g', ',')
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    },
  },
]
