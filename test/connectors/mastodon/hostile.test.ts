import { afterEach, describe, expect, it } from 'vitest'
import { ConnectorFault } from '#connectors/fault.ts'
import { mastodonConnector } from '#connectors/mastodon/connector.ts'
import { limits, times } from '#connectors/mastodon/limits.ts'
import { systemHttp } from '#hosts/ports/http.ts'
import type { HttpRequest } from '#ports/index.ts'
import { newest } from '../../support/context.ts'
import { Desk } from './desk.ts'
import { status } from './simulator/entities.ts'
import { MastodonServer } from './simulator/server.ts'

const none = new AbortController().signal
let desk: Desk
afterEach(() => desk.close())

const faultOf = async (work: Promise<unknown>) => {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof ConnectorFault)) throw error ?? new Error('there was no fault')
  return error
}

describe('a token', () => {
  it.each([401, 403, 422] as const)('that was revoked while it was used is a lost login, told with %i', async (badToken) => {
    desk = await Desk.open({ badToken })
    desk.server.world.post(desk.server.world.own, 'One')
    await desk.sync()
    desk.server.tokens.clear()
    expect(await faultOf(desk.sync())).toMatchObject({ kind: 'login', code: 'login_expired' })
    expect(desk.messages).toHaveLength(1)
    desk.server.tokens.add(desk.server.token)
    await desk.sync()
  })

  it('that is somebody else’s is refused by both names, and nothing is read', async () => {
    desk = await Desk.open()
    const { live } = desk.server.settings
    desk.office.settings = { ...desk.server.settings, handle: 'member', live: { origin: live?.origin ?? '', id: 'another' } }
    await desk.restart()
    const fault = await faultOf(desk.sync())
    expect(fault).toMatchObject({ kind: 'decision', code: 'account_other' })
    expect(fault.params).toMatchObject({
      found: expect.stringContaining('@office'),
      expected: expect.stringContaining('@member'),
    })
    expect(desk.office.batches).toEqual([])
  })

  it('that is not in the keychain is asked for', async () => {
    desk = await Desk.open()
    desk.office.secret = null
    expect(await faultOf(desk.sync())).toMatchObject({ kind: 'login', code: 'secret_missing' })
  })
})

describe('a rate limit', () => {
  it.each([
    ['a time', { 'x-ratelimit-reset': new Date(Date.now() + 90_000).toISOString() }, 90_000],
    ['seconds since 1970', { 'x-ratelimit-reset': String(Math.round(Date.now() / 1000) + 90) }, 90_000],
    ['seconds from now', { 'retry-after': '45' }, 45_000],
    ['nothing', {}, times.rate],
    ['nonsense', { 'x-ratelimit-reset': 'soon', 'retry-after': 'later' }, times.rate],
    ['a year', { 'retry-after': '31536000' }, times.rateMost],
    ['a time that has passed', { 'x-ratelimit-reset': '2020-01-01T00:00:00.000Z' }, times.rate],
  ])('told with %s', async (_, headers, pause) => {
    desk = await Desk.open()
    desk.server.faults.push(() => ({ status: 429, raw: '<html>', headers: { ...headers } as Record<string, string> }))
    const fault = await faultOf(desk.sync())
    expect(fault).toMatchObject({ kind: 'rate', code: 'rate_limited' })
    expect(Math.abs(Number(fault.retryAt) - Date.now() - pause)).toBeLessThan(5000)
  })

  it.each([-3_600_000, 3_600_000])('is of the server’s clock, which differs by %i ms', async (skew) => {
    desk = await Desk.open()
    desk.server.skew = skew
    const reset = new Date(Date.now() + skew + 90_000).toISOString()
    desk.server.faults.push(() => ({ status: 429, headers: { 'x-ratelimit-reset': reset } }))
    expect(Math.abs(Number((await faultOf(desk.sync())).retryAt) - Date.now() - 90_000)).toBeLessThan(5000)
  })

  it('is not used up by history: people can still answer, and it goes on later', async () => {
    desk = await Desk.open()
    const { world } = desk.server
    for (let n = 0; n < 900; n++) world.post(world.own, `Post ${n}`)
    desk.server.remaining = limits.spare + 12
    expect(await faultOf(desk.sync())).toMatchObject({ kind: 'rate' })
    expect(desk.server.remaining).toBeGreaterThanOrEqual(limits.spare - 1)
    const before = desk.messages.length
    expect(before).toBeGreaterThan(100)
    desk.server.remaining = null
    await desk.restart()
    await desk.sync()
    expect(desk.messages).toHaveLength(900)
  })
})

describe('answers', () => {
  const at = (path: string, reply: { status: number; raw: string | Buffer; type?: string }) => {
    desk.server.always = ({ url }) =>
      url.pathname.includes(path) ? { ...reply, headers: { 'content-type': reply.type ?? 'application/json' } } : null
  }
  it.each([
    ['an error page', 503, '<html>busy', 'text/html', 'server_error'],
    ['an error page that says it is none', 200, '<html>starting', 'text/html', 'server_error'],
    ['no JSON', 200, 'nonsense', 'application/json', 'protocol'],
    ['JSON that is cut', 200, '[{"id":"1","content":"<p>', 'application/json', 'protocol'],
    ['nothing', 200, '', 'application/json', 'protocol'],
  ])('%s: it passes, and all is kept', async (_, code, raw, type, problem) => {
    desk = await Desk.open({ grouped: false })
    desk.server.world.post(desk.server.world.own, 'One')
    await desk.sync()
    at('/statuses', { status: code, raw, type })
    expect(await faultOf(desk.sync())).toMatchObject({ kind: 'transient', code: problem })
    desk.server.always = null
    await desk.sync()
    expect(desk.messages).toHaveLength(1)
  })

  it('of entries that are not what they should be leave the good ones', async () => {
    desk = await Desk.open({ grouped: false })
    const { world } = desk.server
    const good = status(world, world.post(world.own, 'A good one'))
    const odd = [{}, null, 7, 'x', [], { id: 5 }, { ...good, id: '', uri: '' }, { ...good, id: '7', created_at: 'never' }]
    at('/statuses', { status: 200, raw: JSON.stringify([...odd, good]) })
    await desk.sync()
    expect(desk.messages.map(({ text }) => text)).toEqual(['A good one'])
  })

  it('with a post of 10 MB is read; one that is larger than any is left out, which is said', async () => {
    desk = await Desk.open()
    const { world } = desk.server
    world.post(world.own, 'small')
    const large = world.post(world.own, `large ${'x'.repeat(10 * 1024 * 1024)}`)
    expect(await desk.sync()).toBeNull()
    expect(desk.messages).toHaveLength(2)
    const kept = desk.saying('large')
    expect(kept.raw.byteLength).toBeGreaterThan(10 * 1024 * 1024)
    expect(kept.text.length).toBeLessThanOrEqual(1_000_000)
    large.text = `larger ${'x'.repeat(limits.postBytes)}`
    expect(await desk.sync()).toMatchObject({ code: 'messages_left_out', params: { count: '1' } })
    expect(desk.messages).toHaveLength(2)
  })

  it('that give the same page for ever end', async () => {
    desk = await Desk.open()
    const { world } = desk.server
    const one = status(world, world.post(world.own, 'One'))
    let asked = 0
    desk.server.always = ({ url }) => {
      if (!url.pathname.endsWith('/statuses')) return null
      const link = `<${desk.server.origin}${url.pathname}?max_id=${++asked}>; rel="next"`
      return { status: 200, body: [one], headers: { link } }
    }
    await desk.sync()
    expect(asked).toBeLessThan(5)
    expect(desk.messages).toHaveLength(1)
  })

  it('that know a page no more are read again from the top', async () => {
    desk = await Desk.open()
    const { world } = desk.server
    for (let n = 0; n < 500; n++) world.post(world.own, `Post ${n}`)
    desk.office.killAt({ commit: 3, when: 'after' })
    await expect(desk.sync()).rejects.toThrow()
    desk.office.killAt(null)
    let refused = 0
    desk.server.always = ({ url }) => {
      if (!url.searchParams.has('max_id') || refused++ > 0) return null
      return { status: 404, body: { error: 'Record not found' } }
    }
    await desk.restart()
    await desk.sync()
    expect(refused).toBeGreaterThan(0)
    expect(desk.messages).toHaveLength(500)
    expect([...desk.office.messages.values()].every(({ versions }) => versions.length === 1)).toBe(true)
  })

  it('that lead elsewhere are not followed, and the token goes nowhere', async () => {
    desk = await Desk.open()
    const other = await new MastodonServer({}, { validate: false }).start()
    for (const to of [`${other.origin}/api/v1/accounts/verify_credentials`, 'https://127.0.0.1/x', 'ftp://x.example/']) {
      desk.server.faults.push(() => ({ status: 302, raw: '', headers: { location: to } }))
      expect(await faultOf(desk.sync())).toMatchObject({ kind: 'transient', code: 'server_elsewhere' })
    }
    expect(other.log).toEqual([])
    desk.server.faults.push(() => ({ status: 302, raw: '', headers: { location: '/api/v1/accounts/verify_credentials' } }))
    await desk.sync()
    await other.stop()
  })
})

describe('addresses that a server names', () => {
  it('are asked for as ones that nobody of the office named, and what cannot be had stays named', async () => {
    const asked: HttpRequest[] = []
    const http = {
      fetch: (request: HttpRequest) => {
        asked.push(request)
        return systemHttp.fetch(request)
      },
    }
    desk = await Desk.open({}, { http })
    const { world, origin } = desk.server
    world.files.set('f1', { id: 'f1', bytes: Buffer.from('here'), type: 'image/png', alt: '', busy: 0 })
    const post = status(world, world.post(world.own, 'With pictures'))
    const other = await new MastodonServer({}, { validate: false }).start()
    const media = [`${origin}/media/f1.png`, `${other.origin}/secret.png`, `${origin}/media/gone.png`, 'javascript:alert(1)']
    const attachments = media.map((url, n) => ({
      id: String(n),
      type: 'image',
      url,
      preview_url: url,
      description: `picture ${n}`,
    }))
    desk.server.always = ({ url }) =>
      url.pathname.endsWith('/statuses') ? { status: 200, body: [{ ...post, media_attachments: attachments }] } : null
    await desk.sync()
    expect(other.log).toEqual([])
    const message = desk.saying('With pictures')
    expect(message.attachments.map(({ name, size }) => [name, size])).toEqual([
      ['f1.png', 4],
      ['secret.png', 0],
      ['gone.png', 0],
      ['alert(1)', 0],
    ])
    expect(message.media).toHaveLength(1)
    expect(asked.find(({ url }) => url.endsWith('secret.png'))?.outside).toBe(true)
    expect(asked.find(({ url }) => url.endsWith('f1.png'))?.outside).toBe(false)
    const named = { raw: message.raw, mediaType: message.mediaType, endpoint: message.endpoint }
    const fetched = await mastodonConnector.fetchAttachment?.({ ...named, index: 0 }, systemHttp, none)
    expect(Buffer.from(fetched ?? []).toString()).toBe('here')
    await expect(mastodonConnector.fetchAttachment?.({ ...named, index: 1 }, systemHttp, none)).rejects.toMatchObject({
      code: 'address_private',
    })
    expect(await mastodonConnector.fetchAttachment?.({ ...named, index: 9 }, systemHttp, none)).toBeNull()
    await other.stop()
  })
})

describe('people and posts that change', () => {
  it('a handle that somebody else has now is another person; the account’s own new name is kept', async () => {
    desk = await Desk.open()
    const { world } = desk.server
    const before = world.person('ada')
    world.mention(before, '@office one')
    await desk.sync()
    const after = { ...before, id: world.id(), display: 'Not Ada' }
    world.people.push(after)
    const second = world.mention(after, '@office two')
    second.uri = 'https://elsewhere.example/users/new-ada/statuses/1'
    world.own.name = 'house'
    await desk.restart()
    await desk.sync()
    expect(desk.office.settings.handle).toBe('house')
    const told = desk.office.batches
      .flatMap((batch) => batch.profiles ?? [])
      .filter(({ profile }) => profile.handle === 'ada@elsewhere.example')
    expect(told.map(({ profile }) => profile.name)).toContain('Not Ada')
  })

  it('an answer to a post that was removed is read, and its own removal is told', async () => {
    desk = await Desk.open()
    const { world } = desk.server
    const parent = world.post(world.person('bob'), 'soon gone')
    const answer = world.mention(world.person('ada'), '@office see above', { answers: parent })
    world.remove(parent)
    await desk.sync()
    expect(desk.messages.map(({ text }) => text)).toEqual(['@office see above'])
    await desk.client.reread?.([answer.uri], none)
    world.remove(answer)
    await desk.client.reread?.([answer.uri, 'unknown'], none)
    const [kept] = desk.office.messages.values()
    expect(kept?.deleted).toBe(true)
  })

  it('read again by its id, a post has its edit and its figures', async () => {
    desk = await Desk.open()
    const { world } = desk.server
    const post = world.post(world.own, 'before')
    await desk.sync()
    world.edit(post, 'after')
    post.likes = 9
    await desk.client.reread?.([post.uri], none)
    const [kept] = desk.office.messages.values()
    expect(kept && newest(kept).text).toBe('after')
    expect(desk.office.batches.at(-1)?.metrics).toMatchObject([{ remoteId: post.uri, counts: { likes: 9 } }])
  })
})
