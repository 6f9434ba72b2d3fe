import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from '@playwright/test'
import { followFeed, inboxShown, openFound, withClient } from './inbox-kit.ts'
import { expect, test } from './support/app.ts'

test.use({ sample: true })
test.beforeEach(({ page }) => inboxShown(page))

const dialog = (page: Page) => page.getByRole('dialog')

test('the record of a message tells its versions, what changed, and what is proved', async ({ app, page }) => {
  const feed = await followFeed(app)
  try {
    await feed.publish('Harbour dues')
    await feed.rewrite('The dues are raised in May.')
    await feed.rewrite('The dues are raised in June.')
    await openFound(page, 'Harbour dues')
    await expect(page.locator('article[data-target]')).toContainText('June')
    await page.locator('#conversation').focus()
    await page.keyboard.press('i')
    await expect(dialog(page)).toHaveAccessibleName('Record of this message')

    const versions = dialog(page).getByRole('region', { name: 'Versions' })
    await expect(versions.getByRole('button', { name: /^Version/ })).toHaveCount(3)
    await expect(versions.locator('.changes-text del')).toContainText('May')
    await expect(versions.locator('.changes-text ins')).toContainText('June')
    await versions.getByRole('button', { name: /^Version 1/ }).click()
    await expect(versions.locator('.changes-text')).toHaveText('Text')

    const proof = dialog(page).getByRole('region', { name: 'What can be proved' })
    const answer = (name: string) => proof.getByRole('row', { name }).getByRole('cell').first()
    await expect(answer('Unchanged since')).toHaveText('Cannot say')
    await proof.getByRole('button', { name: 'Sign now' }).click()
    await expect(answer('Unchanged since')).toHaveText('Yes')
    await expect(proof.getByRole('button', { name: 'Copy the proof' })).toBeFocused()
    await expect(answer('Received from where it says')).toHaveText('Yes')
    await expect(answer('Not later than the timestamp')).toHaveText('Cannot say')
    await expect(answer('Nothing missing between')).toHaveText('Yes')

    const source = dialog(page).getByRole('region', { name: 'Where it came from' })
    await expect(source).toContainText('http://127.0.0.1')
    // The desktop window asks where to, in a dialog of the system.
    if (app.host === 'server') {
      const download = page.waitForEvent('download')
      await source.getByRole('button', { name: 'Save the original' }).click()
      expect(await readFile(await (await download).path(), 'utf8')).toContain('<description>Text</description>')
    }
    await page.keyboard.press('Escape')
    await expect(dialog(page)).toHaveCount(0)
    await expect(page.locator('#conversation')).toBeFocused()
  } finally {
    await feed.close()
  }
})

test('what a search finds is exported, and the pack is valid', async ({ app, page }) => {
  await page.locator('#search-words').fill('housing')
  const found = page.locator('.search-acts').getByRole('button', { name: 'Export what was found…' })
  await found.click()
  await expect(dialog(page)).toHaveAccessibleName('Export records')
  const said = dialog(page).getByText(/records? will be exported/)
  await expect(said).toBeVisible()
  const records = Number((await said.textContent())?.replace(/\D/g, ''))
  expect(records).toBeGreaterThan(0)
  const dir = join(app.places.data, 'pack')
  await expect(dialog(page).getByRole('button', { name: 'Export', exact: true })).toBeDisabled()
  await dialog(page).getByRole('textbox', { name: 'Who exports' }).fill('Records office')
  await dialog(page).getByRole('textbox', { name: 'New folder' }).fill(dir)
  await page.keyboard.press('Enter')
  await expect(dialog(page)).toContainText('The evidence pack is ready.', { timeout: 45_000 })
  await expect(dialog(page)).toContainText(`${records} records`)
  const { stdout } = await promisify(execFile)(process.execPath, [join(dir, 'verify.js'), dir, '--json'])
  // The last word was still being typed, and counted as a beginning.
  expect(JSON.parse(stdout)).toMatchObject({ valid: true, records, pack: { madeBy: 'Records office', query: 'housing*' } })
  // What came of it is still told in the settings.
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await page.keyboard.press('ControlOrMeta+,')
  await expect(page.getByRole('list', { name: 'Exports' })).toContainText(dir)
})

test('an export into a folder that is not empty says why it did not work', async ({ app, page }) => {
  await page.keyboard.press('g')
  await page.keyboard.press('x')
  await dialog(page).getByRole('textbox', { name: 'Who exports' }).fill('Records office')
  await dialog(page).getByRole('textbox', { name: 'New folder' }).fill(app.places.office)
  await dialog(page).getByRole('button', { name: 'Export', exact: true }).click()
  await expect(dialog(page).locator('.note.bad')).toBeVisible()
})

test('the ledgers are signed and checked from the settings', async ({ app, page }) => {
  // Something new, in the ledger of whoever the conversation belongs to.
  await page.keyboard.press('j')
  await page.keyboard.press('e')
  await expect(page.getByRole('status').filter({ hasText: 'Done' })).toBeVisible()
  await page.keyboard.press('ControlOrMeta+,')
  const archive = page.getByRole('region', { name: 'Archive' })
  const ledgers = archive.getByRole('listitem').filter({ has: page.getByRole('button', { name: /^Sign now/ }) })
  const identities = await withClient(app, (client) => client.identities.list())
  await expect(ledgers).toHaveCount(identities.length)
  const grown = ledgers.filter({ hasNotText: 'nothing new since' })
  // Another may have grown too: what was watched is in the ledger as well.
  await expect(grown).not.toHaveCount(0)
  await expect(async () => {
    if ((await grown.count()) > 0) await grown.first().getByRole('button').click({ timeout: 1000 })
    expect(await grown.count()).toBe(0)
  }).toPass()
  await expect(ledgers.getByRole('button', { disabled: true })).toHaveCount(identities.length)
  await archive.getByRole('button', { name: 'Check everything' }).click()
  await expect(archive.locator('.verdict[data-ok="true"]')).toHaveCount(identities.length, { timeout: 30_000 })
  await expect(archive.locator('.verdict[data-ok="false"]')).toHaveCount(0)
})
