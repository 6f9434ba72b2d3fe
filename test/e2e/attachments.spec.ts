import type { Page } from '@playwright/test'
import { bringMail, inboxShown, openFound } from './inbox-kit.ts'
import { type App, expect, test } from './support/app.ts'

test.use({ sample: true })

/** A mail with one attachment of that name and kind, in the inbox and open. */
async function received(app: App, page: Page, name: string, type: string, bytes: Buffer): Promise<void> {
  const raw = `From: Ines Marrow <ines.marrow@post.example>
To: office@parliament.example
Subject: Papers enclosed
Date: ${new Date().toUTCString().replace('GMT', '+0000')}
Message-ID: <papers@post.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="x"

--x
Content-Type: text/plain

See the file.
--x
Content-Type: ${type}; name="${name}"
Content-Disposition: attachment; filename="${name}"
Content-Transfer-Encoding: base64

${bytes.toString('base64')}
--x--
`
  await bringMail(app, 'papers', raw)
  await inboxShown(page)
  await openFound(page, 'Papers enclosed')
}

test('a file that could do harm is not opened, and what to do is said beside it', async ({ app, page }) => {
  await received(app, page, 'invoice.exe', 'application/octet-stream', Buffer.from('MZ'))
  const file = page.getByRole('listitem').filter({ hasText: 'invoice.exe' })
  await expect(file.getByRole('button', { name: 'Save invoice.exe' })).toBeEnabled()
  const open = file.getByRole('button', { name: 'Open invoice.exe' })
  if (!app.electron) {
    // A browser only saves.
    await expect(open).toHaveCount(0)
    return
  }
  await open.click()
  await expect(file.getByRole('alert')).toContainText('Files of this kind are not opened from here')
  await expect(open).toBeEnabled()
})

test('a picture that is none says so in its place, and can be saved from there', async ({ app, page }) => {
  await received(app, page, 'photo.png', 'image/png', Buffer.from('not a picture'))
  await page.getByRole('button', { name: 'Look at photo.png' }).click()
  const dialog = page.getByRole('dialog', { name: 'photo.png' })
  await expect(dialog.getByRole('alert')).toHaveText(
    'This picture cannot be shown. Save it, and look at it with another program.',
  )
  await expect(dialog.getByRole('button', { name: 'Save', exact: true })).toBeEnabled()
})
