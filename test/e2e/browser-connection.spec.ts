import { active, count, inboxShown } from './inbox-kit.ts'
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
