import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { blueskyConnector } from '#connectors/bluesky/connector.ts'
import { BLOCK_TYPE } from '#connectors/bluesky/live/own.ts'
import { type BlueskyNetwork, type Someone, startBluesky } from '../../support/bluesky.ts'
import { newest } from '../../support/context.ts'
import { needs } from '../../support/needs.ts'
import { act, openAccount, outgoing, publish, signal, type TestAccount } from './account.ts'
import { noChat } from './driver.ts'
import { officeRuns } from './office-run.ts'

/** Everything that needs the network's view service, in one file, so that it is started once. */
needs('bluesky')('Bluesky on its own servers', () => {
  let network: BlueskyNetwork
  let names = 0
  let own: Someone
  let other: Someone
  let account: TestAccount

  beforeAll(async () => {
    network = await startBluesky({ views: true })
  }, 180_000)
  afterAll(async () => {
    await network.stop()
  })
  beforeEach(async () => {
    names++
    own = await network.join(`own${names}`)
    other = await network.join(`other${names}`)
    account = await openAccount(own, network.pds, noChat)
  })
  afterEach(() => account.close())

  const reply = (text: string, parent: { uri: string; cid: string }, root = parent) => ({ text, reply: { root, parent } })

  officeRuns(() => network)

  describe('what others do', () => {
    it('brings replies, mentions and quotes as messages, and likes, reposts and follows as quiet acts', async () => {
      const post = await own.post({ text: 'the sitting begins' })
      await other.post(reply('an answer', post))
      await other.post({
        text: `hello @${own.handle}`,
        facets: [
          {
            index: { byteStart: 6, byteEnd: 7 + own.handle.length },
            features: [{ $type: 'app.bsky.richtext.facet#mention', did: own.did }],
          },
        ],
      })
      await other.post({ text: 'see this', embed: { $type: 'app.bsky.embed.record', record: post } })
      const time = new Date().toISOString()
      const act = (collection: string, subject: unknown) =>
        other.call('com.atproto.repo.createRecord', {
          repo: other.did,
          collection,
          record: { $type: collection, subject, createdAt: time },
        })
      await act('app.bsky.feed.like', post)
      await act('app.bsky.feed.repost', post)
      await act('app.bsky.graph.follow', own.did)
      await network.settle()
      await account.sync()
      const inbound = account.messages().filter(({ direction }) => direction === 'inbound')
      expect(inbound.map(({ kind, quiet, text }) => [kind, quiet, text.split('\n')[0]]).sort()).toEqual([
        ['act', true, 'app.bsky.feed.like'],
        ['act', true, 'app.bsky.feed.repost'],
        ['act', true, 'app.bsky.graph.follow'],
        ['mention', false, `hello @${own.handle}`],
        ['mention', false, 'see this'],
        ['reply', false, 'an answer'],
      ])
      for (const message of inbound) expect(message.from.handle).toBe(other.handle)
      const thread = new Set(account.saying('the sitting').threadKeys)
      for (const { kind, text, threadKeys } of inbound) {
        const belongs = !text.startsWith('hello') && !text.includes('follow')
        expect(
          threadKeys.some((key) => thread.has(key)),
          `${kind} ${text}`,
        ).toBe(belongs)
      }
      expect(account.office.reach).not.toBeNull()
    })

    it('reads the posts that lead to a reply, and who wrote it, once', async () => {
      const root = await other.post({ text: 'how it began' })
      const middle = await other.post(reply('and then', root))
      const mine = await own.post(reply('my part', middle, root))
      await other.post(reply('the end', mine, root))
      await network.settle()
      await account.sync()
      expect(account.messages().map(({ text, kind, quiet }) => [text, kind, quiet])).toEqual([
        ['how it began', 'post', true],
        ['and then', 'reply', true],
        ['my part', 'reply', false],
        ['the end', 'reply', false],
      ])
      const people = account.office.batches.flatMap(({ profiles = [] }) => profiles.map(({ profile }) => profile))
      const writer = people.find(({ handle }) => handle === other.handle)
      expect(writer).toMatchObject({ userId: other.did, counts: { posts: 3, followers: 0 } })
      const asked = account.proxy.asked.length
      await account.sync()
      const names = account.proxy.asked.slice(asked).map(({ name }) => name)
      // One request for each stream, and the one for direct messages was left out for an hour.
      expect(names).toEqual(['com.atproto.sync.getLatestCommit', 'app.bsky.notification.listNotifications'])
    })

    it('tells what others took away, and is not misled by what is only hidden', async () => {
      const post = await own.post({ text: 'a question' })
      const first = await other.post(reply('soon gone', post))
      const hidden = await network.join(`hidden${names}`)
      await hidden.post(reply('soon hidden', post))
      await network.settle()
      await account.sync()
      const rkey = first.uri.slice(first.uri.lastIndexOf('/') + 1)
      await other.call('com.atproto.repo.deleteRecord', { repo: other.did, collection: 'app.bsky.feed.post', rkey })
      await own.call('app.bsky.graph.muteActor', { actor: hidden.did })
      await network.settle()
      await account.restart()
      await account.sync()
      expect(account.office.messages.get(first.uri)?.deleted).toBe(true)
      const kept = account.saying('soon hidden')
      expect(account.office.messages.get(kept.remoteId)?.deleted).toBe(false)
    })

    it('keeps a handle that changed owner apart by what the network never changes', async () => {
      const post = await own.post({ text: 'ask me' })
      await other.post(reply('from the first owner', post))
      await network.settle()
      await account.sync()
      const handle = other.handle
      await other.call('com.atproto.identity.updateHandle', { handle: `moved${names}.test` })
      const second = await network.join(`second${names}`)
      await second.call('com.atproto.identity.updateHandle', { handle })
      await second.post(reply('from the second owner', post))
      await network.settle()
      await account.sync()
      const now = await account.client.profile?.(handle, signal())
      expect(now?.profile).toMatchObject({ handle, userId: second.did })
      expect(account.saying('from the first owner').remoteId).toContain(other.did)
      expect(account.saying('from the second owner').remoteId).toContain(second.did)
      // Acts go to the person who wrote, not to whoever has the handle now.
      await account.send(act('follow'), { target: account.source('from the first owner') })
      const { records } = await own.ask('com.atproto.repo.listRecords', { repo: own.did, collection: 'app.bsky.graph.follow' })
      expect((records as { value: { subject: string } }[]).map(({ value }) => value.subject)).toEqual([other.did])
    })

    it("follows a change of the account's own handle", async () => {
      await own.post({ text: 'before' })
      await network.settle()
      await own.call('com.atproto.identity.updateHandle', { handle: `renamed${names}.test` })
      await network.settle()
      await account.sync()
      expect(account.office.settings).toMatchObject({ handle: `renamed${names}.test`, userId: own.did })
      const figures = account.office.batches.flatMap(({ metrics = [] }) => metrics)
      expect(figures).toContainEqual(
        expect.objectContaining({ remoteId: null, counts: { followers: 0, following: 0, posts: 1 } }),
      )
    })

    it('shows labels, and records of kinds that nobody knows yet', async () => {
      await own.call('com.atproto.repo.createRecord', {
        repo: own.did,
        collection: 'app.bsky.feed.post',
        validate: false,
        record: {
          $type: 'app.bsky.feed.post',
          text: `look @${own.handle}`,
          createdAt: new Date().toISOString(),
          embed: { $type: 'org.example.hologram', depth: 3 },
        },
      })
      const post = await own.post({ text: 'plain' })
      await other.post({
        ...reply('grim', post),
        labels: { $type: 'com.atproto.label.defs#selfLabels', values: [{ val: 'graphic-media' }] },
      })
      await network.settle()
      await account.sync()
      const strange = account.saying('look @')
      expect(await blueskyConnector.render(strange.raw, strange.mediaType)).toMatchObject({
        text: `look @${own.handle}`,
        damaged: true,
      })
      const marked = account.saying('grim')
      expect((await blueskyConnector.render(marked.raw, marked.mediaType)).html).toContain('[graphic-media]')
      expect(marked.text).toContain('[graphic-media]')
    })
  })

  describe('acts', () => {
    it('likes, reposts, follows, blocks and mutes, takes each back, and knows which is done', async () => {
      const post = await own.post({ text: 'a motion' })
      await other.post(reply('an opinion', post))
      await network.settle()
      await account.sync()
      const target = account.source('an opinion')
      const state = async () => {
        await network.settle()
        const { posts } = (await own.ask('app.bsky.feed.getPosts', { uris: target.remoteId })) as { posts: { viewer: object }[] }
        const { viewer } = (await own.ask('app.bsky.actor.getProfile', { actor: other.did })) as { viewer: object }
        const said: Record<string, unknown> = { ...posts[0]?.viewer, ...viewer }
        return ['like', 'repost', 'following', 'muted', 'blocking'].filter(
          (name) => said[name] !== undefined && said[name] !== false,
        )
      }
      const done = async (item: ReturnType<typeof outgoing>) => (await account.client.find?.(item, signal())) !== null
      for (const [name, shown] of [
        ['like', 'like'],
        ['boost', 'repost'],
        ['follow', 'following'],
        ['mute', 'muted'],
        ['block', 'blocking'],
      ] as const) {
        const on = outgoing(act(name), { target })
        const off = outgoing(act(name, false), { target })
        expect(await done(on), name).toBe(false)
        await account.client.send?.(on, signal())
        expect(await state(), name).toContain(shown)
        expect(await done(on), name).toBe(true)
        expect(await done(off), name).toBe(false)
        await account.client.send?.(off, signal())
        expect(await state(), name).not.toContain(shown)
        expect(await done(off), name).toBe(true)
      }
    })

    it('reports a post to the moderators', async () => {
      const post = await own.post({ text: 'a motion' })
      await other.post(reply('a threat', post))
      await network.settle()
      await account.sync()
      const sent = await account.send(
        { do: 'act', act: 'report', on: true, handle: null, comment: 'a threat' },
        { target: account.source('a threat') },
      )
      expect(sent).toEqual({ message: null })
    })
  })

  describe('what was sent', () => {
    it('arrives at others as an answer with root, parent, mention, link and tag', async () => {
      const root = await other.post({ text: 'a petition' })
      const middle = await other.post({
        ...reply(`what does @${own.handle} say?`, root),
        facets: [
          {
            index: { byteStart: 10, byteEnd: 11 + own.handle.length },
            features: [{ $type: 'app.bsky.richtext.facet#mention', did: own.did }],
          },
        ],
      })
      await network.settle()
      await account.sync()
      const text = `🏛️ @${other.handle} see example.org/a?b=1, #budget`
      const sent = await account.send(publish(text, { kind: 'reply', language: 'en' }), { target: account.source('what does') })
      expect(sent.message).toMatchObject({
        kind: 'reply',
        direction: 'outbound',
        mediaType: BLOCK_TYPE,
        from: { handle: own.handle },
      })
      await network.settle()
      const { notifications } = (await other.ask('app.bsky.notification.listNotifications', {})) as {
        notifications: { record: Record<string, unknown> }[]
      }
      const seen = notifications.map(({ record }) => record).find((record) => record['text'] === text)
      expect(seen).toMatchObject({ text, langs: ['en'], reply: { root, parent: middle } })
      const bytes = Buffer.from(text)
      const facets = seen?.['facets'] as { index: { byteStart: number; byteEnd: number }; features: object[] }[]
      expect(facets.map(({ index, features }) => [bytes.toString('utf8', index.byteStart, index.byteEnd), features[0]])).toEqual([
        [`@${other.handle}`, { $type: 'app.bsky.richtext.facet#mention', did: other.did }],
        ['example.org/a?b=1', { $type: 'app.bsky.richtext.facet#link', uri: 'https://example.org/a?b=1' }],
        ['#budget', { $type: 'app.bsky.richtext.facet#tag', tag: 'budget' }],
      ])
      // The next pass finds the same message, not another one and not another version.
      account.office.messages.clear()
      await account.sync()
      const kept = account.office.messages.get(sent.message?.remoteId ?? '')
      expect(kept && Buffer.from(newest(kept).raw).equals(Buffer.from(sent.message?.raw ?? ''))).toBe(true)
    })

    it('has figures when it is read again, and is told when it is gone', async () => {
      const sent = await account.send(publish('count me'))
      const uri = sent.message?.remoteId ?? ''
      await account.sync()
      const { cid } = await own.ask('com.atproto.repo.getRecord', {
        repo: own.did,
        collection: 'app.bsky.feed.post',
        rkey: uri.split('/').at(-1) ?? '',
      })
      await other.call('com.atproto.repo.createRecord', {
        repo: other.did,
        collection: 'app.bsky.feed.like',
        record: { $type: 'app.bsky.feed.like', subject: { uri, cid }, createdAt: new Date().toISOString() },
      })
      await network.settle()
      await account.client.reread?.([uri], signal())
      const figures = account.office.batches.flatMap(({ metrics = [] }) => metrics).filter(({ remoteId }) => remoteId === uri)
      expect(figures.at(-1)?.counts).toMatchObject({ likes: 1, boosts: 0, replies: 0, quotes: 0 })
      await account.send({ do: 'delete' }, { target: account.source('count me') })
      await account.client.reread?.([uri], signal())
      expect(account.office.messages.get(uri)?.deleted).toBe(true)
    })
  })
})
