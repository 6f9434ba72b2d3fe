import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { bringMail, inboxShown, mail, openFound } from './inbox-kit.ts'
import { expect, test } from './support/app.ts'
import { repo } from './support/places.ts'

test.use({ sample: true })

const folder = join(repo, 'test', 'fixtures', 'hostile')
const names = (await readdir(folder)).filter((name) => name.endsWith('.html')).map((name) => name.replace('.html', ''))

/** What must not be in a message's frame, as the browser that shows it has understood it. */
const leftovers = () => {
  const frame = document.querySelector<HTMLIFrameElement>('.message-frame')?.contentDocument
  if (!frame) return ['no frame']
  const found: string[] = []
  const banned =
    'script, form, input, button, select, textarea, base, object, embed, applet, iframe, frame, link, svg, math, video, audio, source, picture, template, map, area, portal, meta[http-equiv=refresh i], meta[http-equiv=set-cookie i]'
  for (const element of frame.querySelectorAll(banned)) found.push(element.outerHTML.slice(0, 80))
  for (const element of frame.querySelectorAll('*')) {
    for (const { name, value } of element.attributes) {
      if (name.startsWith('on') || /javascript:|vbscript:|file:/i.test(value)) found.push(`${name}=${value}`)
      if (['srcset', 'background', 'ping', 'formaction', 'action', 'lowsrc', 'poster', 'xlink:href', 'srcdoc'].includes(name))
        found.push(name)
    }
  }
  for (const image of frame.querySelectorAll('img[src]'))
    if (!/^(data|blob):/.test(image.getAttribute('src') ?? '')) found.push(image.outerHTML)
  for (const link of frame.querySelectorAll('a[href]'))
    if (!/^(https?|mailto):/.test(link.getAttribute('href') ?? '')) found.push(link.outerHTML)
  const css =
    [...frame.querySelectorAll('style')].map((style) => style.textContent).join() +
    [...frame.querySelectorAll('[style]')].map((one) => one.getAttribute('style')).join()
  if (/url\(|@import|expression\(|image-set\(|@font-face|position:\s*fixed/i.test(css)) found.push(css)
  return found
}

async function openHostile(page: Page, name: string): Promise<string[]> {
  const requests: string[] = []
  page.on('request', (request) => requests.push(request.url()))
  page.on('dialog', (dialog) => {
    requests.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  await openFound(page, `Hostile ${name}`)
  await expect(page.frameLocator('.message-frame').getByText(`Safe text of ${name}`)).toBeVisible()
  return requests
}

for (const name of names) {
  test(`a message with hostile ${name} is shown, and nothing in it runs, loads or leads astray`, async ({ app, page }) => {
    await inboxShown(page)
    const before = page.url()
    const html = await readFile(join(folder, `${name}.html`), 'utf8')
    await bringMail(app, name, mail({ id: `hostile-${name}`, subject: `Hostile ${name}`, html }))
    const requests = await openHostile(page, name)
    await expect.poll(() => page.evaluate(leftovers)).toEqual([])
    for (const link of await page.frameLocator('.message-frame').locator('a:not([href])').all()) await link.dispatchEvent('click')
    expect(await page.evaluate(() => 'hostile' in window)).toBe(false)
    expect(requests.filter((url) => url.includes('evil') || url.startsWith('dialog'))).toEqual([])
    expect(page.url()).toBe(before)
  })
}

test('the frame of a message has no scripts and a policy of its own', async ({ app, page }) => {
  await inboxShown(page)
  await bringMail(app, 'plain', mail({ id: 'plain', subject: 'Hostile plain', html: '<p>Safe text of plain</p>' }))
  await openHostile(page, 'plain')
  const frame = page.locator('.message-frame')
  await expect(frame).toHaveAttribute('sandbox', 'allow-same-origin')
  const policy = await frame.evaluate((element: HTMLIFrameElement) =>
    element.contentDocument?.querySelector('meta[http-equiv]')?.getAttribute('content'),
  )
  expect(policy).toContain("default-src 'none'")
  expect(policy).not.toContain('https:')
})

test('pictures from the web load only when asked for, and those that only track never', async ({ app, page }) => {
  await inboxShown(page)
  const html = await readFile(join(folder, 'trackers.html'), 'utf8')
  await bringMail(app, 'trackers', mail({ id: 'hostile-trackers', subject: 'Hostile trackers', html }))
  const requests = await openHostile(page, 'trackers')
  await page.getByRole('button', { name: 'Show remote pictures' }).click()
  await expect.poll(() => requests.filter((url) => url.includes('evil.invalid'))).toEqual(['https://evil.invalid/banner.png'])
})

test('a link shows where it really leads before it is followed', async ({ app, page }) => {
  await inboxShown(page)
  const html = await readFile(join(folder, 'links.html'), 'utf8')
  await bringMail(app, 'links', mail({ id: 'hostile-links', subject: 'Hostile links', html }))
  await openHostile(page, 'links')
  const link = page.frameLocator('.message-frame').getByRole('link', { name: 'https://bank.example/' })
  await link.hover()
  await expect(page.locator('.link-status')).toHaveText('https://bank.evil.invalid/login')
  await expect(link).toHaveAttribute('rel', 'noopener noreferrer')
  await expect(link).not.toHaveAttribute('title')
})

test('keys work while a message has the focus', async ({ app, page }) => {
  await inboxShown(page)
  await bringMail(
    app,
    'links',
    mail({
      id: 'hostile-links',
      subject: 'Hostile links',
      html: '<p>Safe text of links</p><a href="https://post.example/">a link</a>',
    }),
  )
  await openHostile(page, 'links')
  await page.frameLocator('.message-frame').getByRole('link').focus()
  await page.keyboard.press('e')
  await expect(page.getByRole('status').filter({ hasText: 'Done' })).toBeVisible()
})
