import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { feedConnector } from '#connectors/feed/connector.ts'
import { isInside } from '#connectors/feed/fetch.ts'
import { limits } from '#connectors/feed/limits.ts'
import type { HttpRequest } from '#ports/index.ts'
import { type FeedSettings, ProblemError } from '#shared/model/index.ts'
import { FakeClock } from '../../support/clock.ts'
import { MemoryOffice } from '../../support/context.ts'
import { type Answer, startWebServer, type WebServer } from './server.ts'

const rss = (...ids: string[]) =>
  `<rss version="2.0"><channel><title>News</title>${ids.map((id) => `<item><guid>${id}</guid><title>${id}</title></item>`).join('')}</channel></rss>`

let server: WebServer
let clock: FakeClock
let office: MemoryOffice<FeedSettings>
beforeEach(async () => {
  server = await startWebServer(() => ({ body: rss('a') }))
  clock = new FakeClock()
  office = new MemoryOffice<FeedSettings>({ settings: { url: `${server.url}/feed`, every: 15 }, clock })
})
afterEach(() => server.stop())

const signal = () => new AbortController().signal
const sync = () => feedConnector.create(office.open()).sync(signal())
const answer = (given: Answer) => server.handle(() => given)
/** Answers by path. */
const site = (pages: Record<string, Answer>) => server.handle((request) => pages[request.url ?? ''] ?? { status: 404 })
const fault = async () => {
  const error: unknown = await sync().then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(ProblemError)
  return error as { kind: string; code: string; params: Record<string, string>; retryAt: number | null }
}

describe('a feed that moved', () => {
  const moves = (status: number, to = '/new') => ({
    '/feed': { status, headers: { location: to } },
    '/new': { headers: { etag: '"n"' }, body: rss('a') },
  })

  it.each([301, 308])('for good (%i): the address is changed, once', async (status) => {
    site(moves(status))
    await sync()
    expect(office.settings).toEqual({ url: `${server.url}/new`, every: 15 })
    expect(office.settingsSaved).toBe(1)
    await sync()
    expect(server.requests.map((request) => request.path)).toEqual(['/feed', '/new', '/new'])
    expect(server.requests[2]?.headers['if-none-match']).toBe('"n"')
    expect(office.settingsSaved).toBe(1)
  })

  it.each([302, 303, 307])('for now (%i): it is followed, and the address stays', async (status) => {
    site(moves(status))
    await sync()
    await sync()
    expect(office.subjects).toEqual(['a'])
    expect(office.settings.url).toBe(`${server.url}/feed`)
    expect(server.requests.map((request) => request.path)).toEqual(['/feed', '/new', '/feed', '/new'])
  })

  it('in several steps: as far as all of them are for good', async () => {
    const body = { body: rss('a') }
    site({
      '/feed': { status: 301, headers: { location: '/2' } },
      '/2': { status: 308, headers: { location: '3' } },
      '/3': { status: 302, headers: { location: '/4' } },
      '/4': { status: 301, headers: { location: '/5' } },
      '/5': body,
    })
    await sync()
    expect(office.settings.url).toBe(`${server.url}/3`)
  })

  it('to where nothing is new: the address is changed nevertheless', async () => {
    answer({ headers: { etag: '"n"' }, body: rss('a') })
    await sync()
    server.handle((request) => (request.url === '/feed' ? { status: 301, headers: { location: '/new' } } : { status: 304 }))
    await sync()
    expect(office.settings.url).toBe(`${server.url}/new`)
    expect(office.subjects).toEqual(['a'])
  })

  it('to a page: the address stays, since the page is no feed', async () => {
    site({
      '/feed': { status: 301, headers: { location: '/' } },
      '/': { body: '<!doctype html><html><title>Home</title></html>' },
    })
    expect(await fault()).toMatchObject({
      kind: 'transient',
      code: 'protocol',
      params: { detail: 'a web page instead of a feed' },
    })
    expect(office.settings.url).toBe(`${server.url}/feed`)
  })

  it('in a circle is a fault', async () => {
    site({ '/feed': { status: 301, headers: { location: '/feed' } } })
    expect(await fault()).toMatchObject({ kind: 'transient', code: 'protocol', params: { detail: 'too many redirects' } })
    expect(server.requests).toHaveLength(limits.redirects + 1)
    expect(office.settingsSaved).toBe(0)
  })

  it('as often as the limit allows is followed', async () => {
    const steps = Array.from({ length: limits.redirects }, (_, step) => [
      step === 0 ? '/feed' : `/${step}`,
      { status: 302, headers: { location: `/${step + 1}` } },
    ])
    site({ ...Object.fromEntries(steps), [`/${limits.redirects}`]: { body: rss('a') } })
    await sync()
    expect(office.subjects).toEqual(['a'])
  })

  it.each(['', 'ftp://a.example/', 'javascript:alert(1)', 'http://'])('to %j is a fault', async (location) => {
    site(moves(302, location))
    expect(await fault()).toMatchObject({
      kind: 'transient',
      code: 'protocol',
      params: { detail: 'a redirect that leads nowhere' },
    })
  })

  /** A network of names, since a test has no other one. */
  const web = (pages: Record<string, { status: number; location?: string; body?: string }>) => ({
    fetch: async ({ url }: HttpRequest) => {
      const page = pages[url] ?? { status: 404 }
      return {
        status: page.status,
        headers: page.location ? { location: page.location } : {},
        url,
        body: Buffer.from(page.body ?? ''),
      }
    },
  })
  const poll = async (pages: Parameters<typeof web>[0]) => {
    const away = new MemoryOffice<FeedSettings>({
      settings: { url: 'https://a.example/feed', every: 15 },
      http: web(pages),
      clock,
    })
    await feedConnector.create(away.open()).sync(signal())
    return away
  }

  it('from the open web into the local network is refused', async () => {
    for (const inside of [
      'http://127.0.0.1:631/',
      'http://[::1]/',
      'http://192.168.1.1/',
      'http://printer.local/',
      'http://localhost:8080/',
    ]) {
      await expect(
        poll({ 'https://a.example/feed': { status: 302, location: inside }, [inside]: { status: 200, body: rss('x') } }),
      ).rejects.toMatchObject({ code: 'protocol', params: { detail: 'a redirect into the local network' } })
    }
  })

  it('to an address without encryption is followed for now, never kept', async () => {
    const away = await poll({
      'https://a.example/feed': { status: 301, location: 'http://a.example/feed' },
      'http://a.example/feed': { status: 200, body: rss('x') },
    })
    expect(away.subjects).toEqual(['x'])
    expect(away.settings.url).toBe('https://a.example/feed')
  })

  it('knows the local network', () => {
    const inside = [
      '127.0.0.1',
      '10.1.2.3',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.0.1',
      '169.254.1.1',
      '0.0.0.0',
      '[::1]',
      '[fe80::1]',
      '[fd00::1]',
      '[::ffff:127.0.0.1]',
      'localhost',
      'a.localhost',
      'nas.local',
    ]
    const outside = [
      '8.8.8.8',
      '172.15.0.1',
      '172.32.0.1',
      '11.0.0.1',
      '[2001:db8::1]',
      'parliament.example',
      '10.example',
      'local.example',
    ]
    expect(inside.filter((name) => !isInside(name))).toEqual([])
    expect(outside.filter(isInside)).toEqual([])
  })
})
