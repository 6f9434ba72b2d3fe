import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import AxeBuilder from '@axe-core/playwright'
import { type Browser, chromium, type Page } from '@playwright/test'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { chromiumBinary } from '../../support/needed.ts'
import { needs } from '../../support/needs.ts'
import { type Letter, SampleSource } from './sample.ts'
import { exported, redactions } from './support.ts'

const script = '<img src=x onerror="document.title=1"><script>document.title=1</script>'
const letters: Record<string, Partial<Letter>> = {
  '1/601': { subject: script, from: script, text: `${script}\nA line of ÉTÉ&nbsp;here`, at: '2026-01-05T10:00:00.000Z' },
  '1/602': { subject: 'رسالة عن المرفأ', text: 'نص الرسالة', at: '2026-01-04T10:00:00.000Z' },
  '1/603': { network: 'feed', subject: 'Feed item', at: '2026-01-03T10:00:00.000Z' },
  '1/2': { subject: 'The oldest petition of all', text: 'a unicorn was seen', at: '2019-01-01T00:00:00.000Z' },
  '1/604': { subject: 'A case', text: 'about Mr Quillfeather', at: '2026-01-02T10:00:00.000Z' },
}
const source = () =>
  new SampleSource({ ledgers: { '1': 1000 }, alter: (letter, name) => ({ ...letter, network: 'mail', ...letters[name] }) })

needs('chromium')('the page of a pack, opened from a disk', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: chromiumBinary() ?? '', args: ['--no-sandbox'] })
  })
  afterAll(() => browser.close())

  async function open(dir: string, locale = 'en'): Promise<{ page: Page; faults: string[]; asked: string[] }> {
    const context = await browser.newContext({ locale })
    onTestFinished(() => context.close())
    const page = await context.newPage()
    const faults: string[] = []
    const asked: string[] = []
    page.on('pageerror', (error) => faults.push(error.message))
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()))
    page.on('request', (sent) => asked.push(sent.url()))
    await page.goto(pathToFileURL(join(dir, 'data/html/index.html')).href)
    await page.locator('#list li').first().waitFor()
    return { page, faults, asked }
  }
  const subjects = (page: Page) => page.locator('#list .subject').allTextContents()

  it('lists the newest first, page by page, and asks for nothing that is not beside it', async () => {
    const { dir } = await exported(source())
    const { page, faults, asked } = await open(dir)
    expect(await page.locator('#list li').count()).toBe(50)
    expect((await subjects(page)).slice(0, 4)).toEqual([script, 'رسالة عن المرفأ', 'Feed item', 'A case'])
    expect(await page.locator('#status').textContent()).toBe('50 of 800 shown.')
    await page.locator('#more').click()
    await expect.poll(() => page.locator('#list li').count()).toBe(100)
    const times = await page.locator('#list time').evaluateAll((all) => all.map((time) => time.getAttribute('datetime') ?? ''))
    expect(times).toEqual(times.toSorted().reverse())
    expect(faults).toEqual([])
    expect(asked.filter((url) => !url.startsWith(pathToFileURL(dir).href))).toEqual([])
    expect(asked.filter((url) => /\/data\/0\/\d+\.js$/.test(url))).toHaveLength(1)
  })

  it('finds what was written, however it is typed, in the oldest message too', async () => {
    const { dir } = await exported(source())
    const { page } = await open(dir)
    await page.locator('#query').fill('"UNICORN was" petition')
    await expect.poll(() => subjects(page)).toEqual(['The oldest petition of all'])
    expect(await page.locator('#list mark').allTextContents()).toEqual(['petition', 'unicorn was'])
    expect(await page.locator('#status').textContent()).toBe('1 found.')
    await page.locator('#query').fill('ete')
    await expect.poll(() => subjects(page)).toEqual([script])
    await page.locator('#query').fill('nobody wrote this')
    await expect.poll(() => page.locator('#status').textContent()).toBe('Nothing found in 800 messages.')
  })

  it('shows a message as text, whatever it is made of, and steps to the next', async () => {
    const { dir } = await exported(source())
    const { page, faults } = await open(dir)
    await page.locator('#list a').first().click()
    await expect.poll(() => page.locator('article h2').textContent()).toBe(script)
    expect(await page.locator('article .text').textContent()).toContain(`${script}\nA line of ÉTÉ&nbsp;here`)
    expect(await page.title()).toBe('Evidence pack')
    expect(await page.locator('article img, article script').count()).toBe(0)
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('message')
    await page.getByRole('link', { name: 'Older' }).click()
    await expect.poll(() => page.locator('article h2').textContent()).toBe('رسالة عن المرفأ')
    const direction = await page.locator('article .text').evaluate((text) => getComputedStyle(text).direction)
    expect(direction).toBe('rtl')
    await page.getByRole('link', { name: 'Older' }).click()
    await expect.poll(() => page.locator('article h2').textContent()).toBe('Feed item')
    // What a network sent as a page is named, not opened.
    expect(await page.locator('article a[href*="records"]').count()).toBe(0)
    expect(await page.locator('article code').textContent()).toBe('data/records/1/0/603.xml')
    await page.goBack()
    await page.getByRole('link', { name: 'Back to the list' }).click()
    await expect.poll(() => page.locator('#list').isVisible()).toBe(true)
    expect(faults).toEqual([])
  })

  it('marks what was redacted, and cannot find it', async () => {
    const list = [{ message: '1604', by: 'Registrar', reason: 'third party', find: 'Quillfeather' }]
    const { dir } = await exported(source(), { redactions: redactions(list) })
    const { page } = await open(dir)
    await page.locator('#query').fill('quillfeather')
    await expect.poll(() => page.locator('#status').textContent()).toBe('Nothing found in 800 messages.')
    await page.locator('#query').fill('"about mr"')
    await expect.poll(() => subjects(page)).toEqual(['A case'])
    expect(await page.locator('#list .black').allTextContents()).toEqual(['Redacted'])
    await page.locator('#list a').first().click()
    await expect.poll(() => page.locator('article .text').textContent()).toBe('about Mr ████████')
    expect(await page.locator('article').textContent()).toContain('third party (Registrar)')
    // A copy that was blacked out proves nothing.
    expect(await page.locator('article dt').allTextContents()).toEqual(expect.arrayContaining(['Redacted copy', 'Redacted']))
    expect(await page.locator('article dt').allTextContents()).not.toContain('Proved by')
  })

  it('speaks four languages, in their direction', async () => {
    const { dir } = await exported(source())
    const { page } = await open(dir, 'ar')
    expect(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir])).toEqual(['ar', 'rtl'])
    await page.locator('#language').selectOption('fr')
    await expect.poll(() => page.locator('h1').textContent()).toBe('Dossier de preuves')
    expect(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir])).toEqual(['fr', 'ltr'])
  })

  it('can be used by everyone, light, dark and on paper', async () => {
    const { dir } = await exported(source())
    const { page } = await open(dir)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      for (const message of [false, true]) {
        if (message) await page.locator('#list a').first().click()
        if (message) await page.locator('article .text').waitFor()
        const { violations } = await new AxeBuilder({ page }).analyze()
        expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
      }
      await page.getByRole('link', { name: 'Back to the list' }).click()
    }
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('form').isVisible()).toBe(false)
    expect(await page.locator('#list').isVisible()).toBe(true)
  }, 120_000)

  it('says which file is missing', async () => {
    const { dir } = await exported(source())
    rmSync(join(dir, 'data/html/data/0/3.js'))
    const { page } = await open(dir)
    await page.locator('#query').fill('unicorn')
    await expect.poll(() => page.locator('#status').textContent()).toBe('The file data/0/3.js of this pack could not be loaded.')
  })
})
