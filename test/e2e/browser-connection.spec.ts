import { active, count, inboxShown, openFound } from './inbox-kit.ts'
import { expect, test } from './support/app.ts'
import { cuttable, lost } from './support/connection.ts'

// Only in the browser: the desktop window has its engine back before a key can be pressed.
test.use({ sample: true })

test('an act that finds no connection is taken back and said, and nothing else is lost', async ({ app, page }) => {
  const connection = await cuttable(app, page)
  await inboxShown(page)
  const before = await count(page)
  await page.keyboard.press('j')
  await connection.cut()
  await page.keyboard.press('e')
  await expect(page.getByRole('alert').first()).toBeVisible()
  await expect(active(page)).toHaveCount(1)
  connection.mend()
  await expect(lost(page)).toHaveCount(0, { timeout: 60_000 })
  await expect.poll(() => count(page)).toBe(before)
})

test('an attachment that finds no connection says so beside it, and can be tried again', async ({ app, page }) => {
  const connection = await cuttable(app, page)
  await inboxShown(page)
  await openFound(page, 'Damp')
  const file = page.locator('.attachment').first()
  const save = file.getByRole('button', { name: /^Save/ })
  await expect(save).toBeEnabled()
  await connection.cut()
  await save.click()
  await expect(file.getByRole('alert')).toBeVisible()
  await expect(save).toBeEnabled()
  connection.mend()
  await expect(lost(page)).toHaveCount(0, { timeout: 60_000 })
  const download = page.waitForEvent('download')
  await file.getByRole('button', { name: 'Try again' }).click()
  expect((await download).suggestedFilename()).toMatch(/\.png$/)
  await expect(file.getByRole('alert')).toHaveCount(0)
})
