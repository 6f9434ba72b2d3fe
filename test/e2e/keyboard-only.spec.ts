import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { active, count, inboxShown, list, rows, subject, subjectOf, withClient } from './inbox-kit.ts'
import { type App, expect, test } from './support/app.ts'

/* One way through each part of the window without a pointer. Wherever one is, the keyboard must be somewhere. */

/** What has the keyboard, in words for a failing test; `nowhere` when it was lost. */
const keyboardAt = (page: Page) =>
  page.evaluate(() => {
    const { activeElement } = document
    return activeElement === null || activeElement === document.body
      ? 'nowhere'
      : `${activeElement.tagName} ${activeElement.id} ${activeElement.getAttribute('aria-label') ?? activeElement.textContent?.slice(0, 40)}`
  })

const press = async (page: Page, ...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key)
}

/** Presses Tab until a thing has the keyboard, as somebody would who looks for it. */
async function tabTo(page: Page, name: RegExp, most = 40): Promise<void> {
  const passed: string[] = []
  for (let times = 0; times < most; times++) {
    const at = await keyboardAt(page)
    if (name.test(at)) return
    passed.push(at)
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab does not lead to ${name}: ${passed.join(' | ')}`)
}

test('the first run, from a name to an inbox', async ({ app, page }) => {
  await expect(page.getByRole('textbox', { name: 'Name' })).toBeFocused()
  await page.keyboard.type('Jane Doe MP')
  await press(page, 'Tab', 'ArrowDown')
  await expect(page.getByRole('radio', { checked: true })).toHaveAccessibleName(/Member/)
  await tabTo(page, /Continue/)
  await press(page, 'Enter')
  await expect(page.getByRole('textbox', { name: 'Mail address' })).toBeFocused()
  await tabTo(page, /Later/)
  await press(page, 'Enter')
  await expect(page.getByRole('heading', { name: 'Nothing is open' })).toBeVisible()
  await expect.poll(() => keyboardAt(page)).not.toBe('nowhere')
  await press(page, 'g', 'c')
  await expect(page.getByRole('dialog', { name: 'Add an account' })).toBeVisible()
  expect(await withClient(app, (client) => client.identities.list())).toMatchObject([{ voice: 'mandate' }])
})

test.describe('in the sample', () => {
  test.use({ sample: true })
  test.beforeEach(({ page }) => inboxShown(page))

  test('a feed is added, and the keyboard is back in the list', async ({ app, page }) => {
    const server = createServer((_request, response) => {
      response.setHeader('content-type', 'application/rss+xml')
      response.end('<rss version="2.0"><channel><title>Gazette</title><link>http://127.0.0.1/</link></channel></rss>')
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/feed`
    await press(page, 'g', 'c')
    const dialog = page.getByRole('dialog', { name: 'Add an account' })
    await expect(dialog).toBeVisible()
    await tabTo(page, /Mail$/)
    await press(page, 'ArrowRight')
    await expect(dialog.getByRole('tab', { name: 'Feed' })).toBeFocused()
    await press(page, 'Tab')
    await page.keyboard.type(url)
    await press(page, 'Enter')
    await expect(dialog.getByRole('radio').first()).toBeVisible()
    await tabTo(page, /Follow/)
    await press(page, 'Enter')
    await expect(dialog).toHaveCount(0)
    await expect(list(page)).toBeFocused()
    expect((await withClient(app, (client) => client.accounts.list())).map(({ label }) => label)).toContain('Gazette')
    server.closeAllConnections()
    server.close()
  })

  test('ten conversations are triaged, and the list keeps the keyboard', async ({ page }) => {
    const before = await count(page)
    await press(page, 'j')
    for (let n = 0; n < 10; n++) {
      const words = await subjectOf(active(page)).textContent()
      await press(page, n % 2 === 0 ? 'e' : 's')
      if (n % 2 === 1) {
        await expect(page.getByRole('dialog')).toBeVisible()
        await press(page, 'Enter')
        await expect(page.getByRole('dialog')).toHaveCount(0)
      }
      await expect.poll(() => count(page)).toBe(before - n - 1)
      await expect(list(page)).toBeFocused()
      await expect(active(page)).toHaveCount(1)
      await expect(subject(page)).toHaveText((await subjectOf(active(page)).textContent()) ?? '')
      expect(await subject(page).textContent()).not.toBe(words)
    }
  })

  test('read one after the other: what is done goes, the next is there, and the conversation keeps the keyboard', async ({
    page,
  }) => {
    await press(page, 'j', 'Enter')
    const pane = page.locator('#conversation')
    await expect(pane).toBeFocused()
    for (let n = 0; n < 3; n++) {
      const words = (await subject(page).textContent()) ?? ''
      await press(page, 'e')
      await expect(subject(page)).not.toHaveText(words)
      await expect(pane).toBeFocused()
    }
    // From a button inside of it that goes with the conversation, too.
    await tabTo(page, /More for this message/)
    const words = (await subject(page).textContent()) ?? ''
    await press(page, 'e')
    await expect(subject(page)).not.toHaveText(words)
    await expect.poll(() => keyboardAt(page)).not.toBe('nowhere')
    await press(page, 'Escape')
    await expect(list(page)).toBeFocused()
  })

  test('many are selected and done, and the list keeps the keyboard', async ({ page }) => {
    const before = await count(page)
    await press(page, 'j', 'x', 'j', 'x', 'Shift+j')
    await tabTo(page, /^BUTTON.*Done$/)
    await press(page, 'Enter')
    await expect.poll(() => count(page)).toBeLessThan(before)
    await expect(page.getByRole('toolbar', { name: 'Selected conversations' })).toHaveCount(0)
    await expect.poll(() => keyboardAt(page)).not.toBe('nowhere')
  })

  for (const [name, keys] of Object.entries({
    shortcuts: ['?'],
    commands: ['ControlOrMeta+k'],
    snooze: ['s'],
    'go to a date': ['d'],
    'add an account': ['g', 'c'],
    'the row’s menu': ['Shift+F10'],
  })) {
    test(`Escape from ${name} leads back to where one was`, async ({ page }) => {
      await press(page, 'j', ...keys)
      const over = page.getByRole('dialog').or(page.getByRole('menu'))
      await expect(over.first()).toBeVisible()
      await press(page, 'Escape')
      await expect(over).toHaveCount(0)
      await expect(list(page)).toBeFocused()
      if (name === 'the row’s menu') return
      await press(page, 'Enter', ...keys)
      await expect(over.first()).toBeVisible()
      await press(page, 'Escape')
      await expect(over).toHaveCount(0)
      await expect(page.locator('#conversation')).toBeFocused()
    })
  }

  test('an attachment is looked at and saved', async ({ app, page }) => {
    await press(page, '/')
    await page.keyboard.type('photographs attached')
    await expect(page.locator('#search-results .hit').first()).toBeVisible()
    await press(page, 'ArrowDown', 'Enter')
    await expect(page.locator('.attachment')).toHaveCount(1)
    await tabTo(page, /Look at/)
    await press(page, 'Enter')
    await expect(page.getByRole('dialog').getByRole('img')).toBeVisible()
    await press(page, 'Escape')
    await expect(page.getByRole('button', { name: /^Look at/ })).toBeFocused()
    await tabTo(page, /Save/)
    const bytes = await saved(app, page, () => press(page, 'Enter'))
    expect(bytes.subarray(1, 4).toString()).toBe('PNG')
  })

  test('an account is renamed in the settings', async ({ app, page }) => {
    await press(page, 'ControlOrMeta+,')
    await expect(page.locator('#settings-title')).toBeVisible()
    await tabTo(page, /Rename: Public enquiries/)
    await press(page, 'Enter')
    await expect(page.getByRole('dialog')).toBeVisible()
    await press(page, 'ControlOrMeta+a')
    await page.keyboard.type('Front desk')
    await press(page, 'Enter')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await expect.poll(() => keyboardAt(page)).toMatch(/Rename: Front desk/)
    await press(page, 'Escape')
    await expect(list(page)).toBeFocused()
    expect((await withClient(app, (client) => client.accounts.list())).map(({ label }) => label)).toContain('Front desk')
  })

  test('leaving a search puts the keyboard into the list, on what was found', async ({ page }) => {
    await press(page, '/')
    await page.keyboard.type('housing')
    await expect(page.locator('#search-results .hit').first()).toBeVisible()
    await press(page, 'Enter')
    await expect(page.locator('#conversation')).toBeFocused()
    await press(page, 'Escape')
    await expect(page.locator('#search-words')).toBeFocused()
    await press(page, 'Escape', 'Escape')
    await expect(list(page)).toBeFocused()
    await expect(rows(page).first()).toBeVisible()
  })
})

/** What a save wrote. The desktop window asks where to, which nobody answers here: a place is given instead. */
async function saved(app: App, page: Page, act: () => Promise<void>): Promise<Buffer> {
  if (!app.electron) {
    const download = page.waitForEvent('download')
    await act()
    return await readFile(await (await download).path())
  }
  const path = join(app.places.data, 'saved.png')
  const done = app.electron.evaluate(
    ({ BrowserWindow }, to) =>
      new Promise<string>((resolve) => {
        const [window] = BrowserWindow.getAllWindows()
        window?.webContents.session.once('will-download', (_event, item) => {
          item.setSavePath(to)
          item.once('done', (_done, state) => resolve(state))
        })
      }),
    path,
  )
  await act()
  expect(await done).toBe('completed')
  return await readFile(path)
}
