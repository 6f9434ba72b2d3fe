import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { mailConnector } from '#connectors/mail/connector.ts'
import { sampleSeed, withSampleFeeds } from '#hosts/sample/http.ts'
import { type Letter, writeLetter } from '#hosts/sample/letter.ts'
import { sampleOffice } from '#hosts/sample/office.ts'
import { campaigns } from '#hosts/sample/texts/campaigns.ts'
import type { Http } from '#ports/index.ts'
import { ProblemError } from '#shared/model/index.ts'

const now = Date.parse('2026-11-21T10:00:00.000Z')
const sample = sampleOffice({ seed: sampleSeed, now })
const letters = sample.mailboxes.flatMap((mailbox) => mailbox.letters)

function digest(seed: string, at: number): string {
  const hash = createHash('sha256')
  const made = sampleOffice({ seed, now: at })
  for (const mailbox of made.mailboxes) for (const letter of mailbox.letters) hash.update(writeLetter(letter))
  for (const feed of made.feeds) hash.update(feed.document)
  return hash.digest('hex')
}

describe('the sample office', () => {
  it('is the same for the same seed and moment, and another for another', () => {
    const first = digest(sampleSeed, now)
    expect(digest(sampleSeed, now)).toBe(first)
    expect(digest('another', now)).not.toBe(first)
    expect(digest(sampleSeed, now + 86_400_000)).not.toBe(first)
  })

  it('has the same letters in the same order at every hour of a day', () => {
    const told = (at: number) =>
      sampleOffice({ seed: sampleSeed, now: at }).mailboxes.flatMap((mailbox) =>
        mailbox.letters.map((letter) => [letter.subject, letter.from.address, letter.text, letter.enclosures.length]),
      )
    const day = Date.parse('2026-11-21T00:00:00.000Z')
    const noon = told(day + 12 * 3_600_000)
    expect(told(day + 60_000)).toEqual(noon)
    expect(told(day + 86_340_000)).toEqual(noon)
  })

  it('has the three voices, a mailbox for each, and three feeds', () => {
    expect(sample.identities.map(({ voice }) => voice)).toEqual(['institutional', 'mandate', 'personal'])
    expect(sample.mailboxes.map(({ identity }) => identity)).toEqual(['institution', 'mandate', 'personal'])
    expect(sample.feeds.map(({ mediaType }) => mediaType)).toEqual([
      'application/rss+xml',
      'application/atom+xml',
      'application/feed+json',
    ])
    expect(letters.length).toBeGreaterThan(1600)
    expect(letters.length).toBeLessThan(2400)
  })

  it('happened in the two years before, with some of it today', () => {
    const ages = letters.map((letter) => (now - letter.at) / 86_400_000)
    expect(Math.min(...ages)).toBeGreaterThan(0)
    expect(Math.max(...ages)).toBeLessThan(735)
    expect(ages.filter((age) => age < 1).length).toBeGreaterThan(3)
    expect(ages.filter((age) => age > 365).length).toBeGreaterThan(200)
  })

  it('answers after the question, in the same thread, from its own address', () => {
    for (const mailbox of sample.mailboxes) {
      const ids = new Set(mailbox.letters.map(({ id }) => id))
      expect(ids.size).toBe(mailbox.letters.length)
      for (const letter of mailbox.letters.filter(({ parent }) => parent !== null)) {
        expect(letter.at).toBeGreaterThan(letter.parent?.at ?? 0)
        expect(ids).toContain(letter.parent?.id)
      }
      const outbound = mailbox.letters.filter(({ from }) => from.address === mailbox.settings.address)
      expect(outbound.length).toBeGreaterThan(20)
      expect(outbound.every(({ parent }) => parent !== null)).toBe(true)
    }
  })

  it('hides each cry for help once, in one letter of its campaign', () => {
    for (const campaign of campaigns) {
      const sent = letters.filter((letter) => campaign.subjects.includes(letter.subject) && letter.parent === null)
      expect(sent).toHaveLength(campaign.count)
      expect(new Set(sent.map(({ text }) => text)).size).toBeGreaterThan(campaign.count * 0.97)
      for (const cry of campaign.cries) {
        const holding = sent.filter(({ text }) => plainQuotes(text).includes(plainQuotes(cry)))
        expect(holding).toHaveLength(1)
        expect(holding[0]?.answered).toBe(false)
      }
    }
  })

  it('belongs to nobody: every address ends where no network goes', () => {
    for (const { from, to } of letters) for (const { address } of [from, ...to]) expect(address).toMatch(/@[a-z.-]+\.example$/)
    for (const { url } of sample.feeds) expect(new URL(url).hostname).toMatch(/\.merrovia\.invalid$/)
  })

  it('leaves no hole in any text', () => {
    for (const { subject, text } of letters) expect(`${subject}\n${text}`).not.toMatch(/\{\w+\}|undefined|null|NaN/)
    for (const { document } of sample.feeds)
      expect(Buffer.from(document).toString()).not.toMatch(/\{number\}|\{month\}|undefined|NaN/)
  })
})

const plainQuotes = (text: string) => text.replace(/’/g, "'").replace(/[–—]/g, '-').replace(/[“”]/g, '"').replace(/œ/g, 'oe')

describe('letters of the sample', () => {
  const kinds: [string, (letter: Letter) => boolean][] = [
    ['windows-1252', ({ charset }) => charset === 'windows-1252'],
    ['iso-8859-1', ({ charset }) => charset === 'iso-8859-1'],
    ['plain text', ({ html, enclosures }) => html === null && enclosures.length === 0],
    ['HTML', ({ html, enclosures }) => html !== null && enclosures.length === 0],
    [
      'an attached picture',
      ({ enclosures }) => enclosures.some(({ mediaType, contentId }) => mediaType === 'image/png' && !contentId),
    ],
    ['an attached PDF', ({ enclosures }) => enclosures.some(({ mediaType }) => mediaType === 'application/pdf')],
    ['a picture in the text', ({ enclosures }) => enclosures.some(({ contentId }) => contentId !== undefined)],
  ]
  it.each(kinds)('with %s are read as they were written', async (_, fits) => {
    const chosen = letters.filter(fits)
    expect(chosen.length).toBeGreaterThan(9)
    for (const letter of chosen.slice(0, 12)) {
      const raw = writeLetter(letter)
      const rendered = await mailConnector.render(raw, 'message/rfc822')
      expect(rendered.damaged).toBe(false)
      expect(rendered.text.replace(/\s+/g, ' ').trim()).toBe(letter.text.replace(/\s+/g, ' ').trim())
      expect(rendered.attachments.map(({ name }) => name)).toEqual(letter.enclosures.map(({ name }) => name))
      for (const [index, enclosure] of letter.enclosures.entries()) {
        const bytes = await mailConnector.attachment(raw, 'message/rfc822', index)
        expect(Buffer.from(bytes ?? []).equals(Buffer.from(enclosure.bytes))).toBe(true)
      }
    }
  })
})

describe('feeds of the sample', () => {
  const nowhere: Http = { fetch: () => Promise.reject(new ProblemError('host_unknown', { host: 'elsewhere' })) }
  const request = (url: string) => ({ url, maxBytes: 1e6, timeoutMs: 1000 })

  it('are answered without a network, in an office that was filled with the sample', async () => {
    const http = withSampleFeeds(nowhere, () => Promise.resolve(new Date(now).toISOString()))
    for (const feed of sample.feeds) {
      const answer = await http.fetch(request(feed.url))
      expect(answer.status).toBe(200)
      expect(Buffer.from(answer.body).equals(Buffer.from(feed.document))).toBe(true)
    }
    const unknown = await http.fetch(request('https://other.merrovia.invalid/'))
    expect(unknown.status).toBe(404)
  })

  it('leave every other address, and every other office, to the network', async () => {
    const filled = withSampleFeeds(nowhere, () => Promise.resolve(new Date(now).toISOString()))
    await expect(filled.fetch(request('https://merrovia.invalid.example/rss.xml'))).rejects.toMatchObject({
      code: 'host_unknown',
    })
    const empty = withSampleFeeds(nowhere, () => Promise.resolve(null))
    await expect(empty.fetch(request(sample.feeds[0]?.url ?? ''))).rejects.toMatchObject({ code: 'host_unknown' })
  })
})
