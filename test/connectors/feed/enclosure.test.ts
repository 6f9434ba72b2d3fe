import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { feedConnector } from '#connectors/feed/connector.ts'
import { fetchEnclosure } from '#connectors/feed/enclosure.ts'
import { limits } from '#connectors/feed/limits.ts'
import { Engine } from '#engine/engine.ts'
import { systemHttp } from '#hosts/ports/http.ts'
import type { Http, HttpRequest } from '#ports/index.ts'
import { scriptedNetwork } from '../../support/fake-connector.ts'
import { type TestOffice, testOffice } from '../../support/office.ts'
import { startWebServer, type WebServer } from './server.ts'

const none = new AbortController().signal
const item = (url: string) => ({
  raw: Buffer.from(`<item><guid>1</guid><title>Sitting</title><enclosure url="${url}" type="audio/mpeg" length="3"/></item>`),
  mediaType: 'application/rss+xml',
  index: 0,
})
const outside = 'https://feeds.example/news'

describe('a file that an item names', () => {
  let server: WebServer
  let paths: string[]
  beforeEach(async () => {
    paths = []
    server = await startWebServer((request) => {
      paths.push(request.url ?? '')
      if (request.url === '/moved.mp3') return { status: 302, headers: { location: '/sound.mp3' } }
      if (request.url === '/sound.mp3') return { headers: { 'content-type': 'audio/mpeg' }, body: 'abc' }
      if (request.url === '/at') return { body: Buffer.alloc(limits.enclosureBytes) }
      if (request.url === '/over') return { body: Buffer.alloc(limits.enclosureBytes + 1) }
      return { status: 404 }
    })
  })
  afterEach(() => server.stop())

  /** Of a feed on the same machine, which may name files there. */
  const get = (path: string, signal = none) =>
    fetchEnclosure({ ...item(`${server.url}${path}`), endpoint: `${server.url}/feed` }, systemHttp, signal)

  it('is fetched, by redirects too', async () => {
    expect(Buffer.from((await get('/sound.mp3')) ?? []).toString()).toBe('abc')
    expect(Buffer.from((await get('/moved.mp3')) ?? []).toString()).toBe('abc')
    expect(paths).toEqual(['/sound.mp3', '/moved.mp3', '/sound.mp3'])
  })

  it('that is not there, or was never named, is told so', async () => {
    await expect(get('/gone.mp3')).rejects.toMatchObject({
      code: 'attachment_unavailable',
      params: { name: 'gone.mp3', host: new URL(server.url).host, detail: 'HTTP 404' },
    })
    const other = { ...item(`${server.url}/sound.mp3`), index: 1, endpoint: outside }
    expect(await fetchEnclosure(other, systemHttp, none)).toBeNull()
    expect(paths).toEqual(['/gone.mp3'])
  })

  it('is taken at the limit of size and refused over it', async () => {
    expect((await get('/at'))?.byteLength).toBe(limits.enclosureBytes)
    await expect(get('/over')).rejects.toMatchObject({ code: 'too_large' })
  })

  it('ends with the reason given when nobody waits any more', async () => {
    const controller = new AbortController()
    server.handle(() => {
      controller.abort(new Error('enough'))
      return null
    })
    await expect(get('/sound.mp3', controller.signal)).rejects.toThrow('enough')
  })

  it('of a feed on the web is never looked for in the local network', async () => {
    const asked: string[] = []
    const http: Http = {
      fetch: async (request: HttpRequest) => {
        asked.push(request.url)
        return { status: 302, headers: { location: `${server.url}/sound.mp3` }, url: request.url, body: new Uint8Array() }
      },
    }
    for (const host of ['127.0.0.1:1', '10.0.0.1', '192.168.1.1', '[::1]', 'printer.local'])
      await expect(fetchEnclosure({ ...item(`http://${host}/a.mp3`), endpoint: outside }, http, none)).rejects.toMatchObject({
        code: 'attachment_unavailable',
        params: { detail: 'an address in the local network' },
      })
    expect(asked).toEqual([])
    const there = fetchEnclosure({ ...item('https://files.example/a.mp3'), endpoint: outside }, http, none)
    await expect(there).rejects.toMatchObject({ code: 'protocol', params: { detail: 'a redirect into the local network' } })
    expect(asked).toEqual(['https://files.example/a.mp3'])
    expect(paths).toEqual([])
  })
})

describe('opening it in an office', () => {
  let office: TestOffice
  let engine: Engine
  let asked: string[]
  let status: number
  beforeEach(async () => {
    office = await testOffice()
    asked = []
    status = 200
    const feed = `<rss version="2.0"><channel><title>News</title>${item('https://files.example/sound.mp3').raw}</channel></rss>`
    const http: Http = {
      fetch: async ({ url }: HttpRequest) => {
        asked.push(url)
        const isFile = url.endsWith('.mp3')
        return { status: isFile ? status : 200, headers: {}, url, body: Buffer.from(isFile ? 'abc' : feed) }
      },
    }
    const connectors = { ...scriptedNetwork().connectors, feed: feedConnector }
    engine = new Engine({ store: office.store, ports: { ...office.ports, http }, connectors, autostart: false, random: () => 0 })
    await engine.open()
  })
  afterEach(async () => {
    await engine.close()
    await office.remove()
  })

  it('fetches it then and not before, each time anew, and says when it cannot be had', async () => {
    const identity = await office.store.write.addIdentity({ name: 'A', voice: 'mandate', shape: 'circle', color: 'green' })
    const settings = { url: outside, every: 15 }
    const account = await engine.accounts.add({ identityId: identity.id, label: null, network: 'feed', settings, secret: null })
    await engine.accounts.sync(account.id)
    const filter = { view: 'all' as const, identityId: null, accountId: null, labelId: null, unreadOnly: false }
    const [row] = (await office.store.read.page({ filter, from: null, until: null, limit: 5 })).rows
    if (!row) throw new Error('the item did not come')
    const [message] = (await office.store.read.conversation(row.id, 1))?.messages ?? []
    if (!message) throw new Error('there is no message')
    expect(message.attachments).toMatchObject([{ name: 'sound.mp3', mediaType: 'audio/mpeg' }])
    await engine.content(message.id)
    expect(asked.filter((url) => url.endsWith('.mp3'))).toEqual([])

    for (const times of [1, 2]) {
      const opened = await engine.attachment(message.id, 0)
      expect([Buffer.from(opened.bytes).toString(), opened.name]).toEqual(['abc', 'sound.mp3'])
      expect(asked.filter((url) => url.endsWith('.mp3'))).toHaveLength(times)
    }
    status = 410
    await expect(engine.attachment(message.id, 0)).rejects.toMatchObject({ code: 'attachment_unavailable' })
    await expect(engine.attachment(message.id, 1)).rejects.toMatchObject({ code: 'not_found' })
  })
})
