import type { ElectronApplication } from '@playwright/test'
import { bringMail, inboxShown, mail, openFound, rows } from './inbox-kit.ts'
import { expect, test } from './support/app.ts'

test.use({ sample: true })

/** Notes the menus that would open instead of opening them: nobody could close one here. */
async function noteMenus(electron: ElectronApplication): Promise<() => Promise<string[]>> {
  await electron.evaluate(({ Menu }) => {
    Menu.prototype.popup = function (this: Electron.Menu) {
      Object.assign(globalThis, { popped: this })
    }
  })
  const labels = () =>
    electron.evaluate(() => {
      const { popped } = globalThis as unknown as { popped?: Electron.Menu }
      return popped?.items.filter((item) => item.type !== 'separator').map((item) => item.label) ?? []
    })
  return labels
}

test('text, fields and links have the menu that belongs to them', async ({ app, page }) => {
  if (!app.electron) throw new Error('This is about the desktop window.')
  await bringMail(
    app,
    'link',
    mail({ id: 'link', subject: 'A link to copy', html: '<p>Plain words <a href="https://news.example/x?y=1">the page</a></p>' }),
  )
  await inboxShown(page)
  await openFound(page, 'link to copy')
  const labels = await noteMenus(app.electron)
  const frame = page.frameLocator('.message-frame')

  await page.locator('#search-words').click({ button: 'right' })
  await expect.poll(labels).toEqual(['Cut', 'Copy', 'Paste', 'Select all'])

  await frame.getByRole('link').click({ button: 'right' })
  await expect.poll(labels).toContain('Copy the link')
  await app.electron.evaluate(({ clipboard }) => {
    clipboard.clear()
    const { popped } = globalThis as unknown as { popped: Electron.Menu }
    popped.items.find((item) => item.label === 'Copy the link')?.click()
  })
  expect(await app.electron.evaluate(({ clipboard }) => clipboard.readText())).toBe('https://news.example/x?y=1')

  const words = { position: { x: 12, y: 8 } }
  await frame.getByText('Plain words').dblclick(words)
  await frame.getByText('Plain words').click({ button: 'right', ...words })
  await expect.poll(labels).toEqual(['Copy'])

  // Nothing over a row but the row's own menu.
  await app.electron.evaluate(() => Object.assign(globalThis, { popped: undefined }))
  await page.keyboard.press('Escape')
  await page.locator('#search-words').focus()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await inboxShown(page)
  await rows(page).nth(1).click({ button: 'right' })
  await expect(page.getByRole('menu', { name: 'What to do with this conversation' })).toBeVisible()
  expect(await labels()).toEqual([])
})

test('a conversation prints on clean pages: all of its words, nothing of the window', async ({ app, page }) => {
  if (!app.electron) throw new Error('This is about the desktop window.')
  const lines = Array.from({ length: 120 }, (_, n) => `Line ${n + 1} of a long letter`).join('\n')
  await bringMail(app, 'long', mail({ id: 'long', subject: 'A long letter', text: lines }))
  await inboxShown(page)
  await openFound(page, 'long letter')
  await expect(page.getByText('Line 120 of a long letter')).toBeAttached()
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
  // Paper is white, also where the window is dark.
  const ink = await page
    .locator('.message-text')
    .first()
    .evaluate((element) => getComputedStyle(element).color)
  expect(Math.max(...(ink.match(/\d+/g) ?? ['255']).map(Number))).toBeLessThan(80)
  for (const part of ['.rail', '.list-pane', '.toolbar', '.strips', '.notices']) await expect(page.locator(part)).toBeHidden()
  await expect(page.getByText('Line 120 of a long letter')).toBeVisible()
  await expect(page.getByText('A long letter').last()).toBeVisible()
  const pages = await app.electron.evaluate(async ({ BrowserWindow }) => {
    const pdf = await BrowserWindow.getAllWindows()[0]?.webContents.printToPDF({ pageSize: 'A4' })
    return pdf?.toString('latin1').match(/\/Type \/Page\b(?!s)/g)?.length ?? 0
  })
  expect(pages).toBeGreaterThan(1)
})
