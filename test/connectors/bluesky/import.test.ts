import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { blueskyConnector } from '#connectors/bluesky/connector.ts'
import { bring, bringWithKills, emptyOffice, folder, holdings, remarks, said, saying } from '../exports.ts'
import { block, car, DID, everything, post, repo } from './repo.ts'

let dir: string
let remove: () => Promise<void>

beforeEach(async () => {
  const made = await folder({})
  dir = made.dir
  remove = made.remove
})
afterEach(() => remove())

async function carFile(bytes: Uint8Array, name = 'repo.car'): Promise<string> {
  await writeFile(join(dir, name), bytes)
  return join(dir, name)
}

describe('a repository of Bluesky', () => {
  it('becomes posts, replies and acts, each with its own bytes', async () => {
    const office = emptyOffice()
    const report = await bring(office, blueskyConnector, await carFile(car(repo(everything))))
    expect(said(office).map(({ kind, text }) => [kind, text])).toEqual([
      ['post', 'The debate begins at ten: parliament.example/live\nhttps://parliament.example/live?day=1'],
      ['reply', 'Und weiter 🏛️ im Thema'],
      ['post', 'Pictures of the day\nThe chamber, full\nhttps://bsky.app/profile/did:plc:other/post/3kabc'],
      ['post', 'Read the report\nReport\nOn <budgets>\nhttps://parliament.example/report'],
      ['act', 'app.bsky.feed.like\nhttps://bsky.app/profile/did:plc:other/post/3kabc'],
      ['act', 'app.bsky.feed.repost\nhttps://bsky.app/profile/did:plc:other/post/3kabc'],
      ['act', 'app.bsky.graph.follow\nhttps://bsky.app/profile/did:plc:other'],
    ])
    expect(report).toMatchObject({ new: 7, known: 0, failed: 0 })
    const cid = block('picture').cid.toString()
    expect(remarks(report)).toEqual([`signature_unchecked repo.car ${DID} 1`, `media_missing  ${cid}.jpg 1`])
    for (const message of said(office)) {
      expect(message).toMatchObject({ direction: 'outbound', from: { name: 'Parliament of Examplia', handle: DID }, read: true })
      const record = block(everything[message.remoteId.slice(`at://${DID}/`.length)])
      expect(createHash('sha256').update(message.raw).digest()).toEqual(Buffer.from(record.cid.multihash.digest))
    }
  })

  it('keeps threads together and names the page of each post', async () => {
    const office = emptyOffice()
    await bring(office, blueskyConnector, await carFile(car(repo(everything))))
    const root = `at://${DID}/app.bsky.feed.post/3k2l7tqqcks2a`
    const reply = saying(office, 'Und weiter 🏛️ im Thema')
    expect(reply.threadKeys).toEqual([`at://${DID}/app.bsky.feed.post/3k2l7tqqcks2b`, root])
    expect(reply.link).toBe(`https://bsky.app/profile/${DID}/post/3k2l7tqqcks2b`)
  })

  it('shows cards of pages and quoted posts below the words, with nothing folded away', async () => {
    const office = emptyOffice()
    await bring(office, blueskyConnector, await carFile(car(repo(everything))))
    const shown = async (start: string) => {
      const message = said(office).find(({ text }) => text.startsWith(start))
      return (await blueskyConnector.render(message?.raw ?? new Uint8Array(), message?.mediaType ?? '')).html
    }
    expect(await shown('Read the report')).toBe(
      '<p>Read the report</p><p><a href="https://parliament.example/report">Report</a><br>On &lt;budgets&gt;</p>',
    )
    const quoted = 'https://bsky.app/profile/did:plc:other/post/3kabc'
    expect(await shown('Pictures')).toBe(
      `<p>Pictures of the day</p><p><em>The chamber, full</em></p><p><a href="${quoted}">${quoted}</a></p>`,
    )
  })

  it('is kept whole beside its records, with the tree and the signature that prove them', async () => {
    const office = emptyOffice()
    const bytes = car(repo(everything))
    await bring(office, blueskyConnector, await carFile(bytes))
    expect(office.kept.get(createHash('sha256').update(bytes).digest('hex'))).toEqual(bytes)
  })

  it('takes pictures that lie beside it', async () => {
    const office = emptyOffice()
    const cid = block('picture').cid.toString()
    const made = await folder({ 'repo.car': car(repo(everything)), [`blobs/${cid}`]: 'jpegbytes' })
    const report = await bring(office, blueskyConnector, made.dir)
    await made.remove()
    const [message] = said(office).filter(({ text }) => text.startsWith('Pictures'))
    expect(message?.attachments).toMatchObject([{ name: `${cid}.jpg`, mediaType: 'image/jpeg', size: 9 }])
    expect(message?.media).toMatchObject([{ index: 0, size: 9 }])
    expect(remarks(report)).toEqual([`signature_unchecked repo.car ${DID} 1`])
  })

  it('brought twice doubles nothing; a later one adds what is new and a version of what is other', async () => {
    const office = emptyOffice()
    const path = await carFile(car(repo(everything)))
    await bring(office, blueskyConnector, path)
    const before = holdings(office)
    expect(await bring(office, blueskyConnector, path)).toMatchObject({ new: 0, known: 7, failed: 0 })
    expect(holdings(office)).toEqual(before)
    const changed = {
      ...everything,
      'app.bsky.feed.post/3k2l7tqqcks2d': post('Read the mended report'),
      'app.bsky.feed.post/3kzzzzzzzzz2a': post('One more'),
    }
    const later = await bring(office, blueskyConnector, await carFile(car(repo(changed)), 'later.car'))
    expect(later).toMatchObject({ new: 1, known: 7 })
    expect(office.messages.get(`at://${DID}/app.bsky.feed.post/3k2l7tqqcks2d`)?.versions).toHaveLength(2)
  })

  it('killed at any commit and begun again holds the same', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 2500 }, (_, index) => [`app.bsky.feed.post/${index}`, post(`Post ${index}`)]),
    )
    const path = await carFile(car(repo(many)))
    const whole = emptyOffice()
    await bring(whole, blueskyConnector, path)
    expect(said(whole)).toHaveLength(2500)
    const ends = await bringWithKills(blueskyConnector, path)
    expect(ends.length).toBeGreaterThanOrEqual(6)
    for (const end of ends) expect(end).toEqual(holdings(whole))
  })

  it('of another account is refused, and nothing is brought in', async () => {
    const office = emptyOffice({ userId: 'did:plc:someoneelse' })
    await expect(bring(office, blueskyConnector, await carFile(car(repo(everything))))).rejects.toMatchObject({
      code: 'export_of_other',
      params: { found: DID, expected: 'did:plc:someoneelse' },
    })
    expect(office.messages.size).toBe(0)
  })

  it('gives its DID to an account that had none, so that the next one is held against it', async () => {
    const office = emptyOffice()
    await bring(office, blueskyConnector, await carFile(car(repo(everything))))
    expect(office.settings.userId).toBe(DID)
    const other = await carFile(car(repo(everything, 'did:plc:someoneelse')), 'other.car')
    await expect(bring(office, blueskyConnector, other)).rejects.toMatchObject({ code: 'export_of_other' })
  })
})
