import { once } from 'node:events'
import { open, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { startScriptedImap } from '../support/scripted-imap.ts'
import { list, rows } from './inbox-kit.ts'
import type { Stage } from './screens-list.ts'
import type { Places } from './support/places.ts'

/* What takes more than keys to get to: servers that refuse, connections that end, news that comes in. */

/** A message that brought files and pictures. */
export async function attachments({ page }: Stage): Promise<void> {
  await expect(rows(page).first()).toBeVisible({ timeout: 30_000 })
  await page.locator('#search-words').fill('photographs attached')
  await page.locator('#search-results .hit').first().click()
  await page.locator('.attachment').first().scrollIntoViewIfNeeded()
}

/** The first run with a mailbox that cannot be reached. */
export async function refusedServer({ page }: Stage): Promise<void> {
  await page.locator('input[type=email]').fill('office@parliament.invalid')
  await page.keyboard.press('Enter')
  const imap = page.locator('fieldset').first()
  await expect(imap).toBeVisible({ timeout: 30_000 })
  await imap.locator('input').nth(0).fill('127.0.0.1')
  await imap.locator('input').nth(1).fill('9')
  await page.locator('input[type=password]').fill('not a real one')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toBeVisible()
}

/** A mailbox whose password was taken back after it was added. */
export async function refusedPassword({ page, client, after }: Stage): Promise<void> {
  let open = true
  const server = await startScriptedImap({
    folders: { INBOX: { mails: [] } },
    signIn: () => (open ? null : 'NO [AUTHENTICATIONFAILED] Invalid credentials'),
  })
  after(() => server.stop())
  await client(async (office) => {
    const [identity] = await office.identities.list()
    if (!identity) throw new Error('The sample has no identity.')
    const account = await office.accounts.addMail({
      identityId: identity.id,
      label: 'Committee post',
      address: 'committee@parliament.example',
      user: 'committee',
      imap: { host: '127.0.0.1', port: server.port, security: 'none' },
      smtp: null,
      folders: [],
      ca: null,
      acceptFingerprint: null,
      login: { kind: 'password', password: 'secret' },
    })
    open = false
    await office.accounts.sync({ id: account.id })
  })
  await expect(page.locator('.strip.bad')).toBeVisible({ timeout: 30_000 })
}

/** A feed whose server went away. */
export async function unreachableFeed({ page, client }: Stage): Promise<void> {
  const feed = await openFeed()
  await client(async (office) => {
    const [, identity] = await office.identities.list()
    if (!identity) throw new Error('The sample has no second identity.')
    const account = await office.accounts.addFeed({ identityId: identity.id, url: feed.url, label: 'Gazette' })
    await office.accounts.sync({ id: account.id })
    await feed.close()
    await office.accounts.sync({ id: account.id })
  })
  await expect(page.locator('.strip.warn').filter({ hasText: 'Gazette' })).toBeVisible({ timeout: 30_000 })
}

/** New conversations above what is being read. */
export async function fullNews({ page, client, after }: Stage): Promise<void> {
  const feed = await openFeed()
  after(() => feed.close())
  await client(async (office) => {
    const [identity] = await office.identities.list()
    if (!identity) throw new Error('The sample has no identity.')
    const account = await office.accounts.addFeed({ identityId: identity.id, url: feed.url, label: 'Gazette' })
    await office.accounts.sync({ id: account.id })
    feed.publish('Amendments to the Coastal Protection Bill')
    feed.publish('Order of business for Thursday')
    await office.accounts.sync({ id: account.id })
  })
  await expect(page.locator('.news')).toBeVisible({ timeout: 30_000 })
}

/** A list in which nothing is left. */
export async function emptyList({ page, client }: Stage): Promise<void> {
  await expect(rows(page).first()).toBeVisible({ timeout: 30_000 })
  await client(async (office) => {
    const filter = { view: 'open', identityId: null, accountId: null, labelId: null, unreadOnly: true } as const
    const { rows: unread } = await office.inbox.page({ filter, from: null, until: null, limit: 500 })
    await office.conversations.setRead({ targets: unread.map(({ id, identityId }) => ({ id, identityId })), read: true })
  })
  await list(page).focus()
  await page.keyboard.press('g')
  await page.keyboard.press('u')
  await expect(page.locator('.list-body .empty')).toBeVisible()
}

/** The moment after the engine's process ended; it is kept from starting again until the picture was taken. */
export async function crash({ page, electron }: Stage): Promise<void> {
  await expect(rows(page).first()).toBeVisible({ timeout: 30_000 })
  const engine = async () => {
    const metrics = await electron.evaluate(({ app }) => app.getAppMetrics())
    return metrics.find((one) => one.name === 'dispatch-engine')?.pid ?? null
  }
  const first = await engine()
  if (first === null) throw new Error('The engine is not among the processes.')
  process.kill(first, 'SIGKILL')
  await expect.poll(async () => ![null, first].includes(await engine())).toBe(true)
  const second = await engine()
  if (second !== null) process.kill(second, 'SIGSTOP')
  await expect(page.locator('.strip.warn').filter({ has: page.locator('button') })).toBeVisible()
  await page.locator('.strip.warn').first().scrollIntoViewIfNeeded()
}

/** Spoils the end of the database, as a failing disk does, and has the next start look at all of it. */
export async function damage(places: Places): Promise<void> {
  const page = 4096
  const file = await open(join(places.office, 'office.db'), 'r+')
  try {
    const { size } = await file.stat()
    for (let at = Math.floor(size / page) - 40; at * page < size; at += 4)
      await file.write(Buffer.alloc(64, 0xff), 0, 64, at * page + 1000)
  } finally {
    await file.close()
  }
  const about = join(places.office, 'office.json')
  await writeFile(about, JSON.stringify({ ...JSON.parse(await readFile(about, 'utf8')), damaged: true }))
}

interface Feed {
  url: string
  publish(title: string, text?: string): void
  /** Changes the newest article where it stands. */
  rewrite(text: string): void
  close(): Promise<void>
}

export async function openFeed(): Promise<Feed> {
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
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/feed`,
    publish: (title, text = 'Text') => items.push({ title, text, at: Date.now() }),
    rewrite: (text) => {
      const newest = items.at(-1)
      if (newest) newest.text = text
    },
    async close() {
      if (!server.listening) return
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
