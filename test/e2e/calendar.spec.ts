import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { inboxShown, withClient } from './inbox-kit.ts'
import { type App, expect, test } from './support/app.ts'

test.use({ sample: true })
test.beforeEach(({ page }) => inboxShown(page))

const DAY_MS = 86_400_000
const dialog = (page: Page) => page.getByRole('dialog')
const section = (page: Page) => page.getByRole('region', { name: 'Calendar' })
const fill = (page: Page, name: string, text: string) => dialog(page).getByRole('textbox', { name }).fill(text)
const day = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10)

/** Opens the settings and shows the calendar of the Member. @returns their name. */
async function showCalendar(app: App, page: Page): Promise<string> {
  const name = await withClient(app, async (client) => {
    const member = (await client.identities.list()).find(({ voice }) => voice === 'mandate')
    if (!member) throw new Error('The sample has no Member.')
    return member.name
  })
  await page.keyboard.press('ControlOrMeta+,')
  await section(page).getByLabel('Of which identity').selectOption({ label: name })
  return name
}

async function decide(page: Page): Promise<void> {
  await fill(page, 'Your name', 'Ada Berg')
  await page.keyboard.press('Enter')
  await expect(dialog(page)).toHaveCount(0)
}

test('a period is entered, freezes what is published, asks for a check-list, and is removed', async ({ app, page }) => {
  const name = await showCalendar(app, page)
  await expect(section(page).getByRole('status')).toContainText('Sitting. Nothing is frozen.')
  await section(page).getByRole('button', { name: 'Add a period' }).click()
  await dialog(page).getByLabel('State').selectOption({ label: 'Dissolved' })
  await dialog(page).getByLabel('First day').fill(day(-2))
  await dialog(page).getByLabel('Last day').fill(day(20))
  await fill(page, 'What it is called', 'General election')
  await decide(page)
  await expect(section(page).getByRole('status')).toContainText(/Dissolved until .*Nothing is published/)
  const refused = await withClient(app, async (client) => {
    const identity = (await client.identities.list()).find((one) => one.name === name)
    return identity && client.voices.state({ identityId: identity.id })
  })
  expect(refused).toMatchObject({ state: 'dissolved', freezes: 'all', next: { state: 'sitting' } })

  const item = section(page).getByRole('listitem').filter({ hasText: 'Descriptions of the accounts' }).first()
  await item.getByRole('button', { name: /^Leave as it is/ }).click()
  await fill(page, 'Reason', 'They say nothing of a mandate')
  await decide(page)
  await expect(item).toContainText('Left as it is: Ada Berg')
  await item.getByRole('button', { name: /^Take back/ }).click()
  await decide(page)
  await expect(item.getByRole('button', { name: /^Done/ })).toBeVisible()

  await section(page)
    .getByRole('button', { name: /^Remove the period: Dissolved · General election/ })
    .click()
  await decide(page)
  await expect(section(page).getByRole('status')).toContainText('Sitting.')
})

test('a calendar is read from a file by the office’s words, and refused as a whole', async ({ app, page }) => {
  const dir = await mkdtemp(join(tmpdir(), 'dispatch-ics-'))
  try {
    const path = join(dir, 'sittings.ics')
    const date = (days: number) => day(days).replaceAll('-', '')
    const event = (title: string, rest: string) => `BEGIN:VEVENT\r\nSUMMARY:${title}\r\n${rest}END:VEVENT\r\n`
    const whole = (from: number, to: number) => `DTSTART;VALUE=DATE:${date(from)}\r\nDTEND;VALUE=DATE:${date(to)}\r\n`
    await showCalendar(app, page)
    await section(page).getByRole('button', { name: 'Change the words' }).click()
    await fill(page, 'Means nothing', 'Open day')
    await fill(page, 'Recess', 'Grande vacance')
    await decide(page)

    await writeFile(
      path,
      `BEGIN:VCALENDAR\r\n${event('Sitting', 'DTSTART;TZID=Mars/Olympus:20260301T090000\r\n')}END:VCALENDAR\r\n`,
    )
    await section(page).getByRole('button', { name: 'Read a calendar' }).click()
    await fill(page, 'Path of the file', path)
    await fill(page, 'Your name', 'Ada Berg')
    await page.keyboard.press('Enter')
    await expect(dialog(page).getByRole('alert')).toContainText('Mars/Olympus')
    await writeFile(
      path,
      `BEGIN:VCALENDAR\r\n${event('Grande vacance', whole(-3, 30))}${event('Open day', whole(1, 2))}END:VCALENDAR\r\n`,
    )
    await page.keyboard.press('Enter')
    await expect(dialog(page)).toHaveCount(0)
    await expect(section(page).getByRole('listitem').filter({ hasText: 'Grande vacance' }).first()).toContainText('Recess')
    await expect(section(page).getByRole('status')).toContainText('Recess until')

    await section(page).getByRole('button', { name: 'Change what is frozen' }).click()
    await dialog(page).getByLabel('Recess').selectOption({ label: 'Only answers and direct messages are published.' })
    await decide(page)
    await expect(section(page).getByRole('status')).toContainText('Only answers and direct messages')
  } finally {
    await rm(dir, { recursive: true })
  }
})
