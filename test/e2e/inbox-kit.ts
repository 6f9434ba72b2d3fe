import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { connectControl } from '#hosts/control.ts'
import type { Client } from '#shared/contract/client.ts'
import type { App } from './support/app.ts'

/** The list of conversations. */
export const list = (page: Page) => page.locator('#inbox-list')
/** Rows that hold a conversation. */
export const rows = (page: Page) => list(page).getByRole('option')
/** The row under the cursor. */
export const active = (page: Page) => list(page).locator('.row[data-active]')
/** Subject of the conversation that is open. */
export const subject = (page: Page) => page.getByRole('main', { name: 'Conversation' }).getByRole('heading', { level: 1 })
/** Number beside the list's name. */
export const count = async (page: Page) => Number((await page.locator('.list-title .count').textContent())?.replace(/\D/g, ''))
/** Subject shown in a row. */
export const subjectOf = (row: ReturnType<typeof rows>) => row.locator('.row-subject')

/** Waits until the inbox shows its first rows. */
export async function inboxShown(page: Page): Promise<void> {
  await expect(rows(page).first()).toBeVisible({ timeout: 30_000 })
  await list(page).focus()
}

/** Speaks to the running program beside its window, as the command line does. */
export async function withClient<Result>(app: App, work: (client: Client) => Promise<Result>): Promise<Result> {
  // The window can be there a moment before the program has opened its socket.
  const found: { control: Awaited<ReturnType<typeof connectControl>> } = { control: null }
  await expect
    .poll(async () => {
      found.control = await connectControl(app.places.office)
      return found.control !== null
    })
    .toBe(true)
  const { control } = found
  if (!control) throw new Error('The program does not answer at its control socket.')
  try {
    return await work(control.client)
  } finally {
    control.close()
  }
}

/** Brings one mail into the sample's first mailbox, unread, as a mailbox file that is imported. */
export async function bringMail(app: App, name: string, raw: string, { read = false } = {}): Promise<void> {
  const folder = join(app.places.data, 'mails')
  await mkdir(folder, { recursive: true })
  const path = join(folder, `${name}.mbox`)
  await writeFile(path, `From ines.marrow@post.example ${new Date().toUTCString()}\nStatus: ${read ? 'RO' : 'O'}\n${raw}\n`)
  await withClient(app, async (client) => {
    const account = (await client.accounts.list()).find(({ capabilities }) => capabilities.imports.includes('mbox'))
    if (!account) throw new Error('The sample has no mailbox.')
    const { job } = await client.accounts.importFiles({ id: account.id, identityId: account.identityId, format: 'mbox', path })
    await expect.poll(async () => (await client.jobs.list()).find(({ id }) => id === job)?.phase).toBe('done')
  })
}

/** Follows a feed on this computer, which is already synced; what is published later arrives as news does. */
export async function followFeed(app: App): Promise<{
  publish(title: string): Promise<void>
  /** Changes the newest article where it stands. */
  rewrite(text: string): Promise<void>
  close(): Promise<void>
}> {
  const items = [{ title: 'The first article', text: 'Text', at: Date.now() - 86_400_000 }]
  const server = createServer((_request, response) => {
    const entries = items.map(
      ({ title, text, at }, i) =>
        `<item><guid>item-${i}</guid><title>${title}</title><description>${text}</description><pubDate>${new Date(at).toUTCString()}</pubDate></item>`,
    )
    response.setHeader('content-type', 'application/rss+xml')
    response.end(
      `<rss version="2.0"><channel><title>News</title><link>http://127.0.0.1/</link><description>d</description>${entries.join('')}</channel></rss>`,
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/feed`
  const id = await withClient(app, async (client) => {
    const [identity] = await client.identities.list()
    if (!identity) throw new Error('The sample has no identity.')
    const account = await client.accounts.addFeed({ identityId: identity.id, url, label: 'News' })
    await client.accounts.sync({ id: account.id })
    return account.id
  })
  return {
    async publish(title) {
      items.push({ title, text: 'Text', at: Date.now() })
      await withClient(app, (client) => client.accounts.sync({ id }))
    },
    async rewrite(text) {
      const newest = items.at(-1)
      if (newest) newest.text = text
      await withClient(app, (client) => client.accounts.sync({ id }))
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** A mail from outside. */
export function mail(about: {
  subject: string
  html?: string
  text?: string
  id: string
  inReplyTo?: string
  minutesAgo?: number
}): string {
  const type = about.html === undefined ? 'text/plain' : 'text/html'
  const reply =
    about.inReplyTo === undefined
      ? ''
      : `In-Reply-To: <${about.inReplyTo}@post.example>\nReferences: <${about.inReplyTo}@post.example>\n`
  return `From: Ines Marrow <ines.marrow@post.example>
To: office@parliament.example
Subject: ${about.subject}
Date: ${new Date(Date.now() - (about.minutesAgo ?? 0) * 60_000).toUTCString().replace('GMT', '+0000')}
Message-ID: <${about.id}@post.example>
${reply}MIME-Version: 1.0
Content-Type: ${type}; charset=utf-8
Content-Transfer-Encoding: base64

${Buffer.from(about.html ?? about.text ?? '')
  .toString('base64')
  .replace(/.{76}/g, '$&\n')}
`
}

/** Searches for words and opens the first message found. */
export async function openFound(page: Page, words: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Search all messages' }).fill(words)
  const first = page.getByRole('listbox', { name: 'Messages found' }).getByRole('option').first()
  await expect(first).toContainText(words)
  await first.click()
}
