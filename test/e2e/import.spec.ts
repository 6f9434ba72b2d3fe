import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import { archive } from '../connectors/x/archive.ts'
import { rows, subject } from './inbox-kit.ts'
import { expect, test } from './support/app.ts'

test('an export of a network is brought in from the dialog to the post, by keyboard', async ({ app, page }) => {
  const path = join(app.places.data, 'x.zip')
  await writeFile(path, archive())
  await page.getByRole('textbox', { name: 'Name' }).fill('House Communications')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('button', { name: 'Later' }).click()
  await page.getByRole('button', { name: 'Add an account' }).first().click()
  await page.getByRole('tab', { name: 'Mail' }).focus()
  await page.keyboard.press('End')
  await page.keyboard.press('ArrowLeft')
  await expect(page.getByRole('tab', { name: 'From an export' })).toBeFocused()
  await page.getByRole('textbox', { name: 'Whose account' }).fill('@HouseOfExamplia')
  await page.keyboard.press('Enter')
  await expect(page.getByText('HouseOfExamplia is there.')).toBeVisible()
  await page.getByRole('textbox', { name: 'Path' }).fill(path)
  await page.keyboard.press('Enter')
  const jobs = page.getByRole('list', { name: 'Imports' })
  await expect(jobs).toContainText('7 new, 0 already there, 0 not understood')
  await jobs.getByText('4 things were not understood, and kept').click()
  await expect(jobs.getByText('data/tweets.js · new_in_2030')).toBeVisible()
  expect((await new AxeBuilder({ page }).setLegacyMode(true).include('.connect').analyze()).violations).toEqual([])
  await page.getByRole('button', { name: 'Close', exact: true }).click()
  await page.getByRole('navigation').getByRole('button', { name: 'Done' }).click()
  await rows(page).filter({ hasText: 'The House sits at two' }).click()
  await expect(subject(page)).toBeVisible()
  const shown = page.frameLocator('iframe').getByRole('img', { name: 'The public gallery' })
  await expect.poll(() => shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1)
})
