import { rows, withClient } from './inbox-kit.ts'
import { expect, test } from './support/app.ts'

test('an empty office leads from a name and a voice to the accounts, and remembers how far one came', async ({ app, page }) => {
  await expect(page.getByRole('heading', { name: 'Who do you answer for?' })).toBeVisible()
  await expect(page.getByText('Whoever can read your files can read this office.')).toBeVisible()
  const onward = page.getByRole('button', { name: 'Continue' })
  await expect(onward).toBeDisabled()
  await page.getByRole('textbox', { name: 'Name' }).fill('  Jane Doe MP ')
  await page.getByText('Speaks for one Member as the elected representative.').click()
  await onward.click()
  await expect(page.getByRole('heading', { name: 'Where do messages come from?' })).toBeVisible()
  const made = await withClient(app, (client) => client.identities.list())
  expect(made).toMatchObject([{ name: 'Jane Doe MP', voice: 'mandate', shape: 'circle', color: 'green' }])

  const again = await app.restart()
  await expect(again.getByRole('heading', { name: 'Where do messages come from?' })).toBeVisible()
  await expect(again.getByRole('listitem').filter({ hasText: 'Jane Doe MP' })).toBeVisible()
})

test('one can go on without an account and add one later', async ({ page }) => {
  await page.getByRole('textbox', { name: 'Name' }).fill('House Communications')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('button', { name: 'Later' }).click()
  await expect(page.getByRole('heading', { name: 'Nothing is open' })).toBeVisible()
  await page.getByRole('button', { name: 'Add an account' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add an account' })
  await expect(dialog.getByRole('textbox', { name: 'Mail address' })).toBeFocused()
  await dialog.getByRole('tab', { name: 'Import files' }).click()
  await expect(dialog.getByText('Connect one first')).toBeVisible()
})

test('a mailbox that cannot be reached is not added, and says why', async ({ app, page }) => {
  await page.getByRole('textbox', { name: 'Name' }).fill('House Communications')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('textbox', { name: 'Mail address' }).fill('office@parliament.invalid')
  await page.getByRole('button', { name: 'Continue' }).click()
  const imap = page.getByRole('group', { name: 'Receiving (IMAP)' })
  await expect(imap.getByRole('textbox', { name: 'Server' })).toBeVisible({ timeout: 30_000 })
  await imap.getByRole('textbox', { name: 'Server' }).fill('127.0.0.1')
  await imap.getByRole('textbox', { name: 'Port' }).fill('9')
  await page.getByRole('textbox', { name: 'Password' }).fill('not a real one')
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  await expect(page.getByRole('alert')).toContainText('127.0.0.1')
  expect(await withClient(app, (client) => client.accounts.list())).toEqual([])
})

test('the sample opens with progress, and is an inbox of three identities', async ({ page }) => {
  test.setTimeout(180_000)
  await page.getByRole('button', { name: 'Open the sample' }).click()
  await expect(page.getByRole('progressbar').first()).toBeVisible()
  await expect(rows(page).first()).toBeVisible({ timeout: 60_000 })
  const identities = page.getByRole('navigation').getByRole('list', { name: 'Identities' })
  await expect(identities.getByRole('button').filter({ hasText: 'personal' }).first()).toBeVisible()
  await expect(page.getByRole('progressbar')).toHaveCount(0, { timeout: 120_000 })
})
