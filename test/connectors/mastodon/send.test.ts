import { afterEach, describe, expect, it } from 'vitest'
import type { Outgoing } from '#connectors/connector.ts'
import { ConnectorFault } from '#connectors/fault.ts'
import { Desk } from './desk.ts'
import { plain, type Ways } from './simulator/ways.ts'

const none = new AbortController().signal
let desk: Desk
afterEach(async () => {
  await desk.close()
  expect(desk.server.spec?.takeFaults() ?? []).toEqual([])
})

const send = (item: Outgoing) => {
  const { send: sending } = desk.client
  if (!sending) throw new Error('it cannot send')
  return desk.client.send?.(item, none) as ReturnType<typeof sending>
}
const find = (item: Outgoing) => desk.client.find?.(item, none)
const faultOf = async (work: Promise<unknown>) => {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof ConnectorFault)) throw error ?? new Error('there was no fault')
  return error
}
const last = () => desk.server.world.ownPosts.at(-1)
const act = (name: 'like' | 'boost' | 'follow' | 'mute' | 'block' | 'report', on: boolean, handle: string | null = null) =>
  ({ do: 'act', act: name, on, handle, comment: name === 'report' ? 'threats' : '' }) as const

describe('what is sent', () => {
  it.each([
    ['Mastodon', {}],
    ['a server that only speaks like it', plain],
  ])('is a post with warning, language, visibility and described files, by %s', async (_, ways: Partial<Ways>) => {
    desk = await Desk.open(ways)
    const media = [desk.file('a map '.repeat(500), 'map.png', 'image/png', 'The harbour “Grüße” \r\n--x')]
    const content = desk.publish('Sitting at nine', { warning: 'long', language: 'fr', media, visibility: 'followers' })
    const sent = await send(desk.item(content))
    const post = last()
    expect(post).toMatchObject({ text: 'Sitting at nine', warning: 'long', language: 'fr', visibility: 'private' })
    const file = desk.server.world.files.get(post?.media[0] ?? '')
    expect(file?.bytes.toString()).toBe('a map '.repeat(500))
    expect(file?.alt).toBe('The harbour “Grüße” \r\n--x')
    expect(sent.message).toMatchObject({ remoteId: post?.uri, direction: 'outbound', subject: 'long', kind: 'post' })
    await desk.sync()
    expect(desk.messages).toHaveLength(1)
    expect(desk.messages[0]?.remoteId).toBe(sent.message?.remoteId)
  })

  it('answers whoever wrote, by name, and is seen by no more than what it answers', async () => {
    desk = await Desk.open()
    const { world } = desk.server
    world.mention(world.person('ada'), '@office in confidence', { visibility: 'direct' })
    world.mention(world.person('bob'), '@office openly', { visibility: 'unlisted' })
    await desk.sync()
    await send(desk.item(desk.publish('Thank you', { kind: 'direct' }), { target: desk.source('in confidence') }))
    expect(last()).toMatchObject({
      text: '@ada@elsewhere.example Thank you',
      visibility: 'direct',
      answers: { text: '@office in confidence' },
    })
    await send(desk.item(desk.publish('Hello @bob@elsewhere.example!', { kind: 'reply' }), { target: desk.source('openly') }))
    expect(last()).toMatchObject({ text: 'Hello @bob@elsewhere.example!', visibility: 'unlisted' })
  })

  it('is a thread, a quote, an edit, a deletion', async () => {
    desk = await Desk.open()
    const first = await send(desk.item(desk.publish('One')))
    await desk.sync()
    await send(desk.item(desk.publish('Two'), { target: desk.source('One') }))
    expect(last()).toMatchObject({ text: 'Two', answers: { text: 'One' } })
    await send(desk.item(desk.publish('Look'), { quote: desk.source('One') }))
    expect(last()?.quotes?.text).toBe('One')
    const words = { subject: '', warning: '', language: null, media: [] }
    const edited = await send(desk.item({ do: 'edit', text: 'One, put right', ...words }, { target: desk.source('One') }))
    expect(edited.message).toMatchObject({ remoteId: first.message?.remoteId, text: 'One, put right' })
    const target = desk.source('One')
    const gone = desk.item({ do: 'delete' }, { target })
    expect(await find(gone)).toBeNull()
    expect(await send(gone)).toEqual({ message: null })
    expect(await find(gone)).toEqual({ message: null })
    expect(await send(gone)).toEqual({ message: null })
    expect(desk.server.world.ownPosts.map(({ text }) => text)).toEqual(['Two', 'Look'])
  })

  it('is an act on a post or a person, and its taking back', async () => {
    desk = await Desk.open()
    const { world } = desk.server
    const ada = world.person('ada')
    const post = world.mention(ada, '@office hello')
    await desk.sync()
    const target = desk.source('hello')
    for (const name of ['like', 'boost'] as const) {
      const { message } = await send(desk.item(act(name, true), { target }))
      expect(message?.kind).toBe(name === 'boost' ? 'act' : undefined)
    }
    expect(post).toMatchObject({ liked: true, reblogged: true })
    await send(desk.item(act('like', false), { target }))
    await send(desk.item(act('boost', false), { target }))
    expect(post).toMatchObject({ liked: false, reblogged: false })
    for (const name of ['follow', 'mute', 'block'] as const) {
      await send(desk.item(act(name, true, 'ada@elsewhere.example')))
      expect(world.relations.get(name)?.has(ada.id)).toBe(true)
      await send(desk.item(act(name, false), { target }))
      expect(world.relations.get(name)?.has(ada.id)).toBe(false)
    }
    await send(desk.item(act('report', true), { target }))
    expect(world.reports).toEqual([{ by: 'office', about: 'ada', comment: 'threats', posts: [post.id] }])
  })

  it('finds a post that came from an export by its address', async () => {
    desk = await Desk.open()
    const post = desk.server.world.post(desk.server.world.own, 'From years ago')
    const target = {
      remoteId: post.uri,
      direction: 'outbound' as const,
      places: [],
      raw: Buffer.from('{}'),
      mediaType: 'application/activity+json',
    }
    await send(desk.item(desk.publish('Still true'), { target }))
    expect(last()?.answers).toBe(post)
  })

  it('counts a text of emoji at the limit as the server does', async () => {
    desk = await Desk.open()
    await send(desk.item(desk.publish('🏛'.repeat(600))))
    expect(last()?.text).toBe('🏛'.repeat(600))
    const fault = await faultOf(send(desk.item(desk.publish('🏛'.repeat(601)))))
    expect(fault).toMatchObject({ kind: 'decision', code: 'send_refused', untaken: true })
    expect(fault.params['detail']).toContain('character limit')
  })
})

describe('what the server does not take', () => {
  it.each([
    [401, 'login', 'login_expired', true],
    [403, 'decision', 'send_refused', true],
    [404, 'decision', 'send_refused', true],
    [422, 'decision', 'send_refused', true],
    [429, 'rate', 'rate_limited', true],
    [500, 'transient', 'server_error', false],
    [503, 'transient', 'server_error', false],
  ])('answered with %i it is %s / %s, untaken: %s', async (status, kind, code, untaken) => {
    desk = await Desk.open()
    await desk.sync()
    desk.server.faults.push(() => ({ status, raw: '<html>', headers: { 'content-type': 'text/html' } }))
    expect(await faultOf(send(desk.item(desk.publish('x'))))).toMatchObject({ kind, code, untaken })
  })

  it('is untaken where it never got to the post itself', async () => {
    desk = await Desk.open()
    await desk.sync()
    desk.server.faults.push((_, response) => {
      response.destroy()
      return 'taken'
    })
    const content = desk.publish('x', { media: [desk.file('y')] })
    expect(await faultOf(send(desk.item(content)))).toMatchObject({ kind: 'transient', untaken: true })
  })

  it('is of unknown outcome where the answer was lost, and is untaken where there is no server', async () => {
    desk = await Desk.open()
    await desk.sync()
    desk.server.dropAnswers = ({ method }) => method === 'POST'
    expect(await faultOf(send(desk.item(desk.publish('x'))))).toMatchObject({ code: 'connection_lost', untaken: false })
    expect(desk.server.world.ownPosts).toHaveLength(1)
    await desk.server.stop()
    expect(await faultOf(send(desk.item(desk.publish('x'))))).toMatchObject({ code: 'host_unreachable', untaken: true })
  })

  it('answers a post that is gone', async () => {
    desk = await Desk.open()
    const { world } = desk.server
    const post = world.mention(world.person('ada'), '@office hello')
    await desk.sync()
    const target = desk.source('hello')
    world.remove(post)
    expect(await faultOf(send(desk.item(desk.publish('x'), { target })))).toMatchObject({ code: 'send_refused', untaken: true })
  })
})

describe('what became of it', () => {
  it.each([
    ['Mastodon', {}],
    ['a server that keeps no keys', { keys: false }],
    ['a server that only speaks like it', plain],
  ])('is found out after every lost answer: none is lost and none sent twice, by %s', async (_, ways: Partial<Ways>) => {
    desk = await Desk.open({ ...ways, streaming: false })
    const items = Array.from({ length: 60 }, (_, n) =>
      desk.item(desk.publish(`Notice ${n} to @ada@elsewhere.example\n\nhttps://www.example.org/${n}`)),
    )
    let state = 7
    const random = () => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
      return state / 2_147_483_648
    }
    const { server } = desk
    let lost = 0
    for (const item of items) {
      for (let sent = false; !sent; ) {
        const luck = random()
        server.dropAnswers = luck < 0.3 ? ({ method, url }) => method === 'POST' && url.pathname.endsWith('/statuses') : null
        if (luck >= 0.3 && luck < 0.5)
          server.always = ({ method }, response) => {
            if (method !== 'POST') return null
            response.destroy()
            return 'taken'
          }
        const outcome = await send(item).then(
          () => 'sent',
          (error: ConnectorFault) => (error.untaken ? 'untaken' : 'unknown'),
        )
        server.dropAnswers = null
        server.always = null
        if (outcome === 'unknown') {
          lost++
          // a kill in between: nothing but the item itself is remembered
          if (random() < 0.5) await desk.restart()
        }
        sent = outcome === 'sent' || (outcome === 'unknown' && (await find(item)) !== null)
      }
    }
    expect(lost).toBeGreaterThan(10)
    const texts = server.world.ownPosts.map(({ text }) => text)
    expect(texts).toEqual(items.map(({ content }) => (content.do === 'publish' ? content.text : '')))
  })

  it('takes no other post of the same words for it', async () => {
    desk = await Desk.open({ keys: false })
    const { world } = desk.server
    const long = new Date(Date.now() - 3_600_000)
    world.post(world.own, 'Closed today', { at: long })
    const answered = world.mention(world.person('ada'), '@office open?')
    await desk.sync()
    const item = desk.item(desk.publish('Closed today'))
    expect(await find(item)).toBeNull()
    world.post(world.own, '@ada@elsewhere.example Closed today', { answers: answered })
    world.post(world.own, 'Closed today', { warning: 'other' })
    expect(await find(item)).toBeNull()
    const first = desk.item(desk.publish('Closed today'))
    await send(first)
    expect(await find(item)).toBeNull()
    expect((await find(first))?.message?.remoteId).toBe(last()?.uri)
  })

  it('is not said when the server cannot be asked', async () => {
    desk = await Desk.open()
    await desk.sync()
    desk.server.faults.push(() => ({ status: 502, raw: '<html>' }))
    expect(await faultOf(find(desk.item(desk.publish('x'))) as Promise<unknown>)).toMatchObject({ kind: 'transient' })
  })
})
