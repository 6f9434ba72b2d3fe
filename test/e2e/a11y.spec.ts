import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { inboxShown, rows, withClient } from './inbox-kit.ts'
import { type App, expect, test } from './support/app.ts'

const looks = [
  { name: 'light', theme: 'light', language: 'en' },
  { name: 'dark', theme: 'dark', language: 'en' },
  { name: 'Arabic', theme: 'light', language: 'ar' },
] as const

/** Faults by rule, with where they are. Frames of messages hold other people's HTML, which is not ours to mend. */
async function faults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode(true)
    // What is right need not be described.
    .options({ resultTypes: ['violations'] })
    .exclude('.message-frame')
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze()
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary?.slice(0, 200)}`),
  )
}

async function dress(app: App, page: Page, { theme, language }: (typeof looks)[number]): Promise<void> {
  await withClient(app, async (client) => {
    await client.office.setPreference({ name: 'theme', value: theme })
    await client.office.setPreference({ name: 'language', value: language })
  })
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('data-theme', theme)
  await expect(page.locator('html')).toHaveAttribute('lang', new RegExp(`^${language}`))
}

async function settled(page: Page): Promise<void> {
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined))))
}

test.describe('with the sample', () => {
  test.use({ sample: true })
  for (const look of looks) {
    test(`every screen can be used by everyone, ${look.name}`, async ({ app, page }) => {
      test.setTimeout(180_000)
      await dress(app, page, look)
      await inboxShown(page)
      expect.soft(await faults(page)).toEqual([])

      await rows(page).nth(1).click()
      await expect(page.getByRole('article').first()).toBeVisible()
      await page.keyboard.press('x')
      await settled(page)
      expect.soft(await faults(page)).toEqual([])
      await page.keyboard.press('Escape')

      await page.keyboard.press('e')
      await settled(page)
      expect.soft(await faults(page)).toEqual([])

      for (const stroke of ['?', 's', 'ControlOrMeta+k', 'd', 'i', 'h', 'l', 'g x']) {
        for (const key of stroke.split(' ')) await page.keyboard.press(key)
        await expect(page.getByRole('dialog')).toBeVisible()
        await expect(page.getByRole('dialog').locator('.record, form, .menu, input, .shortcuts').first()).toBeVisible()
        await settled(page)
        expect.soft(await faults(page)).toEqual([])
        await page.keyboard.press('Escape')
        await expect(page.getByRole('dialog')).toHaveCount(0)
      }

      await page.keyboard.press('/')
      await expect(page.locator('.search-start .operator').first()).toBeVisible()
      expect.soft(await faults(page)).toEqual([])
      await page.keyboard.type('housing')
      await expect(page.locator('#search-results').getByRole('option').first()).toBeVisible()
      await page.locator('.search-facets > summary').click()
      await expect(page.locator('.facet').first()).toBeVisible()
      expect.soft(await faults(page)).toEqual([])
      await page.keyboard.press('/')
      for (const text of ['harbour after:2026-02-30', 'account:']) {
        await page.locator('#search-words').fill(text)
        await expect(page.locator('#search-about .bad, .completions').first()).toBeVisible()
        expect.soft(await faults(page)).toEqual([])
      }
      await page.keyboard.press('Escape')
      await page.keyboard.press('Escape')
      await page.keyboard.press('Escape')

      await expect(page.locator('#inbox-list')).toBeFocused()
      await page.keyboard.press('g')
      await page.keyboard.press('a')
      await expect(page.locator('.archive-row').first()).toBeVisible()
      expect.soft(await faults(page)).toEqual([])
      await page.keyboard.press('ArrowDown')
      await expect(page.locator('#archive-details article').first()).toBeVisible()
      expect.soft(await faults(page)).toEqual([])
      await page.locator('#archive-details [role=tab]').nth(1).click()
      await expect(page.locator('#archive-details .record')).toBeVisible()
      expect.soft(await faults(page)).toEqual([])

      await page.keyboard.press('ControlOrMeta+,')
      await expect(page.locator('#settings-title')).toBeVisible()
      const archive = page.locator('[aria-labelledby=settings-archive]')
      await expect(archive.locator('.settings-list > li')).toHaveCount(3)
      await archive.locator('.form .button').first().click()
      await expect(archive.locator('.verdict')).toHaveCount(3, { timeout: 30_000 })
      expect.soft(await faults(page)).toEqual([])

      await page.keyboard.press('g')
      await page.keyboard.press('c')
      await expect(page.getByRole('dialog')).toBeVisible()
      await settled(page)
      expect.soft(await faults(page)).toEqual([])
    })
  }
})

for (const look of looks) {
  test(`the first run can be used by everyone, ${look.name}`, async ({ app, page }) => {
    await dress(app, page, look)
    await expect(page.getByRole('radiogroup')).toBeVisible()
    expect.soft(await faults(page)).toEqual([])
    await page.getByRole('textbox').fill('Jane Doe MP')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('tablist')).toBeVisible()
    expect.soft(await faults(page)).toEqual([])
  })
}
