import { rows } from './inbox-kit.ts'
import { damage } from './screens-states.ts'
import { expect, test } from './support/app.ts'
import { startElectron, startInBrowser } from './support/hosts.ts'

test('a damaged office can be read, says so, and leads to a backup', async ({ sampleOffice, browser_ }) => {
  const places = await sampleOffice()
  await damage(places)
  const { page, close } = browser_ ? await startInBrowser(browser_, places) : await startElectron(places)
  const strip = page.getByRole('status').filter({ hasText: 'It was opened for reading only' })
  await expect(strip).toBeVisible({ timeout: 30_000 })
  await expect(rows(page).first()).toBeVisible()

  await page.keyboard.press('j')
  await page.keyboard.press('e')
  await expect(page.getByRole('alert').first()).toBeVisible()

  await strip.getByRole('button', { name: 'Make a backup' }).click()
  await expect(page.getByRole('heading', { name: 'Backup' })).toBeInViewport()
  const here = browser_
    ? page.getByRole('textbox', { name: /file/i })
    : page.getByRole('button', { name: 'Make a backup' }).last()
  await expect(here).toBeFocused()
  await close()
  await places.remove()
})
