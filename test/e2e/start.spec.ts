import { expect, test } from './support/app.ts'

test('an empty office opens, closes and opens again', async ({ app, page }) => {
  await expect(page.locator('#root')).not.toBeEmpty()
  await expect(page).toHaveTitle(/Dispatch Box/)
  const again = await app.restart()
  await expect(again.locator('#root')).not.toBeEmpty()
})

test.describe('with the sample parliament', () => {
  test.use({ sample: true })
  test('shows conversations', async ({ page }) => {
    await expect(page.getByRole('option').or(page.getByRole('row')).first()).toBeVisible()
  })
})
