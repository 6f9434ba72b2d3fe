import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { blueskyConnector } from '#connectors/bluesky/connector.ts'
import { most } from '#connectors/bluesky/live/compose.ts'
import { keyOfItem } from '#connectors/bluesky/live/tid.ts'
import { timeOfKey } from '#connectors/bluesky/message.ts'
import type { Outgoing, Sent } from '#connectors/connector.ts'
import { ConnectorFault } from '#connectors/fault.ts'
import { systemHttp } from '#hosts/ports/http.ts'
import { type BlueskyNetwork, type Someone, startBluesky } from '../../support/bluesky.ts'
import { needs } from '../../support/needs.ts'
import { act, fileToSend, openAccount, outgoing, publish, signal, type TestAccount } from './account.ts'
import { noChat, refusal } from './driver.ts'
import type { Deed } from './proxy.ts'

const POST = 'app.bsky.feed.post'
const picture = join(import.meta.dirname, '../../../src-renderer/assets/icon.svg')

needs('bluesky')('sending to a real PDS', () => {
  let network: BlueskyNetwork
  let names = 0
  let own: Someone
  let account: TestAccount
  let fault: (call: string) => Deed | null

  beforeAll(async () => {
    network = await startBluesky({ views: false })
  }, 180_000)
  afterAll(async () => {
    await network.stop()
  })
  beforeEach(async () => {
    fault = () => null
    own = await network.join(`sender${++names}`)
    account = await openAccount(own, network.pds, (asked) => {
      if (asked.name.startsWith('app.bsky.')) return refusal(501, 'MethodNotImplemented')
      return noChat(asked) ?? fault(asked.name)
    })
  })
  afterEach(() => account.close())

  const listed = async (collection = POST) => {
    const { records } = await own.ask('com.atproto.repo.listRecords', { repo: own.did, collection, limit: '100' })
    return records as { uri: string; cid: string; value: Record<string, unknown> }[]
  }
  const faultOf = async (work: Promise<unknown>): Promise<ConnectorFault> => {
    const error: unknown = await work.then(
      () => null,
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(ConnectorFault)
    return error as ConnectorFault
  }

  it('a post has a key that says when it was put into the outbox, and comes back as the message that a pass brings', async () => {
    const item = outgoing(publish('Order, order', { language: 'en' }))
    const sent = await account.client.send?.(item, signal())
    expect(timeOfKey(keyOfItem(item))).toBe(item.queuedAt)
    expect(sent?.message?.remoteId).toBe(`at://${own.did}/${POST}/${keyOfItem(item)}`)
    await account.sync()
    expect(Buffer.from(account.saying('Order').raw).equals(Buffer.from(sent?.message?.raw ?? ''))).toBe(true)
    const [record] = await listed()
    expect(record).toMatchObject({ uri: sent?.message?.remoteId, value: { text: 'Order, order', langs: ['en'] } })
  })

  it('the parts of a thread answer each other and keep its root', async () => {
    const first = await account.send(publish('one'))
    const target = (sent: Sent) => {
      const { message } = sent
      if (message === null) throw new Error('nothing was sent')
      return {
        remoteId: message.remoteId,
        direction: message.direction,
        places: [],
        raw: message.raw,
        mediaType: message.mediaType,
      }
    }
    const second = await account.send(publish('two'), { target: target(first) })
    await account.send(publish('three', { kind: 'reply' }), { target: target(second) })
    const by = Object.fromEntries((await listed()).map((record) => [record.value['text'], record]))
    const ref = (text: string) => ({ uri: by[text]?.uri, cid: by[text]?.cid })
    expect(by['two']?.value['reply']).toEqual({ root: ref('one'), parent: ref('one') })
    expect(by['three']?.value['reply']).toEqual({ root: ref('one'), parent: ref('two') })
  })

  it('pictures and a quoted post go together, and what was posted can be fetched again', async () => {
    const quoted = await account.send(publish('quote me'))
    await account.sync()
    const { media, open, bytes } = await fileToSend(picture, 'A drawing')
    const file = { ...media, mediaType: 'image/png' }
    const sent = await account.send(publish('look', { media: [file] }), { open, quote: account.source('quote me') })
    const record = (await listed()).find(({ value }) => value['text'] === 'look')
    expect(record?.value['embed']).toMatchObject({
      $type: 'app.bsky.embed.recordWithMedia',
      record: { record: { uri: quoted.message?.remoteId } },
      media: { images: [{ alt: 'A drawing', image: { mimeType: 'image/png', size: bytes.length } }] },
    })
    const message = sent.message
    if (message === null) throw new Error('nothing was sent')
    const named = { raw: message.raw, mediaType: message.mediaType, index: 0, endpoint: message.endpoint }
    const fetched = await blueskyConnector.fetchAttachment?.(named, systemHttp, signal())
    expect(fetched && Buffer.from(fetched).equals(bytes)).toBe(true)
  })

  it('a text at the limit goes, one over it is refused before anything is sent', async () => {
    const family = '👩‍👩‍👧'
    const cases: [string, string | null][] = [
      ['x'.repeat(most.graphemes), null],
      ['é'.repeat(most.graphemes), null],
      ['x'.repeat(most.graphemes + 1), '301 characters'],
      // 18 bytes each: 166 are 2,988 bytes, 167 are more than 3,000.
      [family.repeat(166), null],
      [family.repeat(167), '3006 bytes'],
    ]
    for (const [text, why] of cases) {
      const before = account.proxy.asked.length
      const sending = account.send(publish(text))
      if (why === null) await sending
      else {
        const refused = await faultOf(sending)
        expect([refused.kind, refused.untaken]).toEqual(['decision', true])
        expect(refused.params['detail']).toContain(why)
        expect(account.proxy.asked.slice(before)).toEqual([])
      }
    }
    expect(await listed()).toHaveLength(3)
  })

  it('what the network does not know is refused and never sent', async () => {
    const { media, open } = await fileToSend(picture, '')
    const large = { ...media, size: most.imageBytes + 1, mediaType: 'image/png' }
    const refused = [
      account.send({ do: 'edit', text: 'x', subject: '', warning: '', language: null, media: [] }),
      account.send(publish('x', { warning: 'careful' })),
      account.send(publish('x', { visibility: 'followers' })),
      account.send(publish('x', { media: [large] }), { open }),
      account.send(publish('x', { media: [{ ...media, mediaType: 'image/svg+xml' }] }), { open }),
      account.send(publish('x', { media: Array.from({ length: 5 }, () => ({ ...media, mediaType: 'image/png' })) }), { open }),
      account.send(act('like')),
      account.send({ do: 'delete' }),
    ]
    for (const work of refused) expect(await faultOf(work)).toMatchObject({ kind: 'decision', untaken: true })
    expect(await listed()).toEqual([])
  })

  it('deletes once and again without a fault, and a deletion is found', async () => {
    await account.send(publish('a slip'))
    await account.sync()
    const item = outgoing({ do: 'delete' }, { target: account.source('a slip') })
    expect(await account.client.find?.(item, signal())).toBeNull()
    await account.client.send?.(item, signal())
    await account.client.send?.(item, signal())
    expect(await account.client.find?.(item, signal())).toEqual({ message: null })
    await account.sync()
    expect(account.office.messages.get(account.saying('a slip').remoteId)?.deleted).toBe(true)
  })

  /** What the outbox does: send; after an unknown outcome ask, and send again only when it certainly is not there. */
  async function deliver(item: Outgoing): Promise<Sent> {
    for (let known = true; ; ) {
      try {
        const found = known ? null : await account.client.find?.(item, signal())
        const sent = found ?? (await account.client.send?.(item, signal()))
        if (sent) return sent
      } catch (error) {
        if (!(error instanceof ConnectorFault) || error.kind === 'decision') throw error
        if (!error.untaken) known = false
        // A kill: nothing is left of the old process.
        await account.restart()
      }
    }
  }

  it('loses and doubles nothing of 200 posts, whatever happens to requests and answers', async () => {
    let step = 0
    const random = () => {
      step = (step * 1_103_515_245 + 12_345) % 2_147_483_648
      return step / 2_147_483_648
    }
    let lost = 0
    fault = (call) => {
      const luck = random()
      if (luck < 0.1) return 'close'
      if (luck < 0.15) return { status: 503, body: '<html>busy</html>' }
      if (luck < 0.3 && call === 'com.atproto.repo.createRecord') lost++
      return null
    }
    // Answers that are lost on the way: the post is there, and nobody says so.
    account.proxy.change = ({ name }, { body }) => {
      if (lost === 0 || name !== 'com.atproto.repo.createRecord') return null
      lost--
      return { cutAt: Math.floor(body.length / 3) }
    }
    const texts = Array.from({ length: 200 }, (_, index) => `post ${index}`)
    for (const text of texts) expect((await deliver(outgoing(publish(text)))).message?.text).toBe(text)
    fault = () => null
    await account.sync()
    const all = account.messages().map(({ text }) => text)
    expect(all.sort()).toEqual([...texts].sort())
  })

  it('the same item twice is one post', async () => {
    const item = outgoing(publish('only once'))
    await account.client.send?.(item, signal())
    const again = await faultOf(account.client.send?.(item, signal()) ?? Promise.resolve())
    expect(again.untaken).toBe(false)
    expect((await account.client.find?.(item, signal()))?.message?.text).toBe('only once')
    expect(await listed()).toHaveLength(1)
  })
})
