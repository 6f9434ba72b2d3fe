import { afterEach, describe, expect, it } from 'vitest'
import { instanceOf } from '#connectors/mastodon/instance.ts'
import { times } from '#connectors/mastodon/limits.ts'
import { streamOf } from '#connectors/mastodon/push.ts'
import { FakeClock } from '../../support/clock.ts'
import { newest } from '../../support/context.ts'
import { Desk } from './desk.ts'

const none = new AbortController().signal
let desk: Desk
afterEach(() => desk.close())

/** Signed in, all read, and listening. */
async function listening(clock?: FakeClock): Promise<Desk> {
  desk = await Desk.open({}, clock ? { clock } : {})
  await desk.sync()
  // the first wait opens the stream, and asks to look at what came before it
  await desk.client.wait(none)
  await desk.sync()
  return desk
}

describe('the stream', () => {
  it('brings a mention at once, by asking for nothing but notifications', async () => {
    const { server } = await listening()
    const waiting = desk.client.wait(none)
    const post = server.world.mention(server.world.person('ada'), '@office a question')
    server.log.length = 0
    server.pushNotification(server.world.notifications.at(-1) as (typeof server.world.notifications)[number])
    await waiting
    await desk.sync()
    expect(server.log.map((line) => line.replace(/\?.*/, ''))).toEqual(['GET /api/v2/notifications'])
    expect(desk.saying('a question').remoteId).toBe(post.uri)
  })

  it('tells of an edit with its own bytes, and of a deletion', async () => {
    const clock = new FakeClock()
    const { server } = await listening(clock)
    const { world } = server
    const post = world.mention(world.person('ada'), '@office a question')
    await desk.restart()
    await desk.sync()
    await desk.client.wait(none)
    await desk.sync()
    world.edit(post, '@office a better question')
    const waiting = desk.client.wait(none)
    server.pushEdit(post)
    await waiting
    await desk.sync()
    const [kept] = desk.office.messages.values()
    expect(kept?.versions.map(({ text }) => text)).toEqual(['@office a question', '@office a better question'])
    // what a person has read stays read
    expect(kept && newest(kept).place).toBeNull()
    const later = desk.client.wait(none)
    server.push('delete', post.id)
    server.push('delete', 'of a post that nobody here knows')
    await clock.asleep((pauses) => pauses.some((pause) => pause <= times.gather))
    clock.advance(times.gather)
    await later
    server.log.length = 0
    await desk.sync()
    expect(kept?.deleted).toBe(true)
    expect(server.log).toEqual([])
  })

  it('gathers likes before it asks for them', async () => {
    const clock = new FakeClock()
    const { server } = await listening(clock)
    const { world } = server
    const own = world.post(world.own, 'Budget passed')
    const waiting = desk.client.wait(none)
    for (const name of ['ada', 'bob']) server.pushNotification(world.notify('favourite', world.person(name), own))
    await clock.asleep((pauses) => pauses.some((pause) => pause <= times.gather))
    clock.advance(times.gather)
    await waiting
    await desk.sync()
    expect(desk.saying('★').text).toContain('ada')
  })

  it('brings an own post that was written elsewhere', async () => {
    const { server } = await listening()
    const { world } = server
    const waiting = desk.client.wait(none)
    const post = world.post(world.own, 'From the telephone')
    server.push('update', { id: post.id, account: { id: world.own.id } })
    await waiting
    await desk.sync()
    expect(desk.saying('From the telephone').direction).toBe('outbound')
  })

  it('survives what follows no rule', async () => {
    const { server } = await listening()
    const waiting = desk.client.wait(none)
    server.push('notification', 'no json')
    server.push('unknown', {})
    server.push('status.update', '[]')
    await waiting
    await desk.sync()
    expect(desk.messages).toEqual([])
  })

  it('that breaks is opened again, and what came meanwhile is brought', async () => {
    const { server } = await listening()
    const { world } = server
    const waiting = desk.client.wait(none)
    world.mention(world.person('ada'), '@office while it was gone')
    server.cutStreams()
    await waiting
    await desk.sync()
    expect(desk.saying('while it was gone').kind).toBe('mention')
  })

  it('that is not there leaves asking every two minutes', async () => {
    const clock = new FakeClock()
    desk = await Desk.open({ streaming: false }, { clock })
    await desk.sync()
    const waiting = desk.client.wait(none)
    await clock.asleep((pauses) => pauses.includes(times.poll))
    expect(times.poll).toBe(120_000)
    clock.advance(times.poll)
    await waiting
  })
})

describe('where the stream may be', () => {
  const at = (origin: string, streaming: string | null) =>
    streamOf({
      api: { origin } as Parameters<typeof streamOf>[0]['api'],
      instance: { ...instanceOf({}, 'x'), streaming },
    })
  it.each([
    ['https://social.example', null, 'wss://social.example/api/v1/streaming?stream=user'],
    ['https://social.example', 'wss://streaming.social.example', 'wss://streaming.social.example/api/v1/streaming?stream=user'],
    ['https://social.example', 'https://social.example:4000', 'wss://social.example:4000/api/v1/streaming?stream=user'],
    ['https://social.example', 'ws://social.example', null],
    ['https://social.example', 'wss://elsewhere.example', null],
    ['https://social.example', 'wss://evilsocial.example', null],
    ['https://social.example', 'wss://192.168.0.1', null],
    ['http://127.0.0.1:80', 'ws://10.0.0.1', null],
  ])('%s, told %s', (origin, streaming, expected) => expect(at(origin, streaming)).toBe(expected))
})
