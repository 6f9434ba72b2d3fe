import { expect, type Page } from '@playwright/test'
import type { OutgoingContent } from '#shared/model/index.ts'
import { active, list, rows } from './inbox-kit.ts'
import type { Stage } from './screens-list.ts'

const text = (page: Page) => page.locator('form.composer textarea').first()

async function answering({ page, client }: Stage): Promise<void> {
  await expect(rows(page).first()).toBeVisible({ timeout: 30_000 })
  await client(async (office) => {
    for (const { id, name, shape, color } of await office.identities.list())
      await office.identities.update({ id, name, shape, color, signature: `${name}\nParliament Square 1` })
    await office.office.setPreference({ name: 'person', value: 'A. Clerk' })
  })
  await page.reload()
  await expect(rows(page).first()).toBeVisible({ timeout: 30_000 })
  await list(page).focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('j')
  await expect(active(page)).toHaveCount(1)
  await page.keyboard.press('r')
  await expect(text(page)).toBeFocused()
}

/** An answer with a file, below the letter that it answers. */
export async function answer(stage: Stage): Promise<void> {
  await answering(stage)
  const { page } = stage
  await page.keyboard.type('Thank you for writing. We have passed your letter on to the committee and will come back to you.')
  await page.locator('form.composer input[type=file]').setInputFiles({
    name: 'timetable of the committee.pdf',
    mimeType: 'application/pdf',
    buffer: Buffer.alloc(48_000, 'x'),
  })
  await expect(page.locator('.composer-file')).toBeVisible()
  await expect(page.locator('form.composer')).toHaveAttribute('aria-busy', 'false')
}

/** What the guard says of an answer of the institution. */
export async function guarded(stage: Stage): Promise<void> {
  const { page, client } = stage
  const house = await client(async (office) => (await office.identities.list()).find(({ voice }) => voice === 'institutional'))
  await expect(rows(page).first()).toBeVisible({ timeout: 30_000 })
  await page
    .locator('.rail')
    .getByRole('button', { name: house?.name ?? '' })
    .first()
    .click()
  await expect(rows(page).first()).toBeVisible()
  await list(page).focus()
  await page.keyboard.press('j')
  await expect(active(page)).toHaveCount(1)
  await page.keyboard.press('r')
  await expect(text(page)).toBeFocused()
  await page.keyboard.type('A shameful decision, in my opinion. Vote for change on Sunday! Call Ines on 0470 12 34 56.')
  await expect(page.locator('.guard li').first()).toBeVisible()
  await page.locator('.guard').scrollIntoViewIfNeeded()
}

/** Who speaks, before something new is written. */
export async function chooseVoice({ page }: Stage): Promise<void> {
  await expect(rows(page).first()).toBeVisible({ timeout: 30_000 })
  await list(page).focus()
  await page.keyboard.press('c')
  await expect(page.locator('.composer-voices')).toBeVisible()
}

/** The send desk with one of each: a draft, something scheduled, something that waits, something called off. */
export async function desk(stage: Stage): Promise<void> {
  await answering(stage)
  const { page, client } = stage
  await page.keyboard.type('Half a thought about the ferry')
  await expect(page.getByText('Half a thought about the ferry').first()).toBeVisible()
  await client(async (office) => {
    const accounts = (await office.accounts.list()).filter(({ capabilities }) => capabilities.sends)
    for (const [n, { id: accountId, identityId }] of accounts.entries()) {
      const words = {
        text: 'The committee sits again in March.',
        subject: `Sitting ${n + 1}`,
        warning: '',
        language: 'en',
        media: [],
      }
      const content: OutgoingContent = {
        do: 'publish',
        kind: 'mail',
        ...words,
        to: [{ name: 'Ines Marrow', handle: 'ines.marrow@post.example' }],
        cc: [],
        bcc: [],
        visibility: null,
      }
      const at = new Date(Date.now() + (n + 1) * 86_400_000).toISOString()
      const item = await office.outbox.queue({ identityId, accountId, content, by: 'A. Clerk', at })
      if (n === 1) await office.outbox.cancel({ id: item.id, identityId, by: 'A. Clerk' })
    }
  })
  await page.locator('.rail').getByRole('button').nth(6).click()
  await expect(page.locator('.desk-part').first()).toBeVisible()
}
