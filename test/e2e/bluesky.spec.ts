import { expect, test } from './support/app.ts'

test('a Bluesky account is signed in to by its handle: in the browser, or with a password that is typed', async ({ page }) => {
  await page.getByRole('textbox', { name: 'Name' }).fill('House Communications')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('button', { name: 'Later' }).click()
  await page.getByRole('button', { name: 'Add an account' }).first().click()
  await page.getByRole('tab', { name: 'Bluesky' }).click()
  const panel = page.getByRole('tabpanel', { name: 'Bluesky' })
  await expect(panel.getByRole('button', { name: 'Sign in in the browser' })).toBeDisabled()
  await panel.getByRole('textbox', { name: 'Handle' }).fill('not a handle')
  await expect(panel.getByRole('button', { name: 'Sign in in the browser' })).toBeEnabled()
  await panel.getByLabel('App password (optional)').fill('abcd-efgh-ijkl-mnop')
  await panel.getByRole('button', { name: 'Connect' }).click()
  // Nobody was asked for what can be no handle, and nothing was made.
  await expect(panel.getByText('not a handle is not an address that can be used.')).toBeVisible()
  await expect(panel.getByRole('textbox', { name: 'Handle' })).toHaveValue('not a handle')
})
