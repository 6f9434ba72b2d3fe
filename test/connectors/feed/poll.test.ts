import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { feedConnector } from '#connectors/feed/connector.ts'
import { limits, times } from '#connectors/feed/limits.ts'
import { systemHttp } from '#hosts/ports/http.ts'
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
const fault = async () => {
  const error: unknown = await sync().then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(ProblemError)
  return error as { kind: string; code: string; params: Record<string, string>; retryAt: number | null }
}

describe('asking again', () => {
  it('sends back what the server said of its copy, and takes 304 for nothing new', async () => {
    server.handle((request) =>
      request.headers['if-none-match'] === '"one"' && request.headers['if-modified-since'] === 'Tue, 03 Mar 2026 10:00:00 GMT'
        ? { status: 304 }
        : { headers: { etag: '"one"', 'last-modified': 'Tue, 03 Mar 2026 10:00:00 GMT' }, body: rss('a', 'b') },
    )
    await sync()
    await sync()
    await sync()
    expect(server.requests.map((request) => request.headers['if-none-match'])).toEqual([undefined, '"one"', '"one"'])
    expect(office.batches).toHaveLength(1)
  })

  it('takes the same body for nothing new where the server says nothing', async () => {
    await sync()
    await sync()
    expect(office.batches).toHaveLength(1)
    answer({ body: rss('b', 'a') })
    await sync()
    expect(office.batches).toHaveLength(2)
    expect(office.subjects).toEqual(['a', 'b'])
  })

  it('keeps what the answer said of itself, and how far the clocks are apart', async () => {
    const date = new Date(clock.now() - 90_000).toUTCString()
    answer({ headers: { etag: '"one"', date, 'set-cookie': 'a=b', server: 'house' }, body: rss('a') })
    await sync()
    const kept = office.batches[0]?.answer
    expect(kept?.clockOffsetMs).toBe(90_000)
    expect(kept?.headers).toEqual(
      expect.arrayContaining([
        ['date', date],
        ['etag', '"one"'],
        ['server', 'house'],
      ]),
    )
    expect(kept?.headers.map(([name]) => name)).not.toContain('set-cookie')
    answer({ headers: { date: 'not a date' }, body: rss('b') })
    await sync()
    expect(office.batches[1]?.answer?.clockOffsetMs).toBeNull()
  })

  it('says how far back the feed reaches: to the oldest item that it hands out', async () => {
    const item = (id: string, date: string) => `<item><guid>${id}</guid><pubDate>${date}</pubDate></item>`
    const items = `${item('a', 'Tue, 03 Mar 2015 10:00:00 GMT')}${item('b', 'Tue, 07 Jan 2014 10:00:00 GMT')}`
    answer({ body: `<rss version="2.0"><channel><title>News</title>${items}</channel></rss>` })
    await sync()
    expect(office.reach).toBe('2014-01-07T10:00:00.000Z')
    answer({ body: rss() })
    await sync()
    expect(office.reach).toBe(new Date(clock.now()).toISOString())
  })

  it('does not ask on condition before all of a document is saved', async () => {
    const many = Array.from({ length: limits.batchMessages + 5 }, (_, index) => `i${index}`)
    answer({ headers: { etag: '"one"' }, body: rss(...many) })
    office.killAt({ commit: 1, when: 'after' })
    await expect(sync()).rejects.toThrow()
    office.killAt(null)
    await sync()
    expect(server.requests[1]?.headers['if-none-match']).toBeUndefined()
    expect(office.messages.size).toBe(many.length)
    await sync()
    expect(server.requests[2]?.headers['if-none-match']).toBe('"one"')
  })

  it('does not ask one address about the copy of another', async () => {
    answer({ headers: { etag: '"one"' }, body: rss('a') })
    await sync()
    office.settings = { ...office.settings, url: `${server.url}/other` }
    await sync()
    expect(server.requests[1]?.headers['if-none-match']).toBeUndefined()
  })

  it('a cursor that cannot be read means to begin anew', async () => {
    for (const cursor of ['', '{', '{"v":9}', 'null']) {
      office.cursors.set('feed', cursor)
      await sync()
    }
    expect(office.subjects).toEqual(['a'])
  })

  it('items that fall off the feed stay', async () => {
    answer({ body: rss('c', 'b') })
    await sync()
    expect(office.subjects).toEqual(['b', 'c'])
    answer({ body: rss('d', 'c') })
    await sync()
    expect(office.subjects).toEqual(['b', 'c', 'd'])
    expect([...office.messages.values()].some((message) => message.deleted)).toBe(false)
  })

  it('a document cut off is taken as far as it goes, and asked for again; the second time it is just so', async () => {
    const cut = rss('a', 'b', 'c').slice(0, -40)
    answer({ headers: { etag: '"cut"' }, body: cut })
    expect(await fault()).toMatchObject({
      kind: 'transient',
      code: 'protocol',
      params: { detail: 'a feed that ends in the middle' },
    })
    expect(office.subjects).toEqual(['a', 'b'])
    await sync()
    expect(server.requests[1]?.headers['if-none-match']).toBeUndefined()
    answer({ headers: { etag: '"whole"' }, body: rss('a', 'b', 'c') })
    await sync()
    expect(office.subjects).toEqual(['a', 'b', 'c'])
    expect(office.find('a').versions).toHaveLength(1)
  })
})

describe('what goes wrong', () => {
  it('410: gone for good, for a person to decide', async () => {
    answer({ status: 410 })
    expect(await fault()).toMatchObject({ kind: 'decision', code: 'feed_gone' })
  })

  it.each([400, 401, 403, 404, 451])('%i may pass, but not soon', async (status) => {
    answer({ status })
    expect(await fault()).toMatchObject({
      kind: 'transient',
      code: 'server_error',
      params: { detail: `HTTP ${status}` },
      retryAt: clock.now() + times.missing,
    })
  })

  it.each([408, 500, 502, 503, 504, 511])('%i passes', async (status) => {
    answer({ status })
    expect(await fault()).toMatchObject({ kind: 'transient', code: 'server_error', retryAt: null })
  })

  it.each([201, 204, 206, 300])('%i is no answer', async (status) => {
    answer({ status })
    expect(await fault()).toMatchObject({ kind: 'transient', code: 'protocol' })
  })

  it('304 to a question without condition is no answer', async () => {
    answer({ status: 304 })
    expect(await fault()).toMatchObject({ kind: 'transient', code: 'protocol' })
  })

  it.each([
    [429, '120', 120_000],
    [503, '120', 120_000],
    [429, undefined, times.retryUnknown],
    [429, 'soon', times.retryUnknown],
    [429, '0', times.retryAtLeast],
    [429, '-5', times.retryUnknown],
    [429, String(times.retryAtMost / 1000), times.retryAtMost],
    [429, '99999999', times.retryAtMost],
    [429, new Date(Date.UTC(2026, 0, 15, 10)).toUTCString(), 3_600_000],
    [429, 'Thu, 01 Jan 1970 00:00:00 GMT', times.retryAtLeast],
  ])('%i with Retry-After %j asks to wait %i ms', async (status, header, wait) => {
    answer({ status, headers: header === undefined ? {} : { 'retry-after': header } })
    const { kind, code, retryAt } = await fault()
    expect({ kind, code, wait: Number(retryAt) - clock.now() }).toEqual({ kind: 'rate', code: 'rate_limited', wait })
  })

  it('an empty body is a fault', async () => {
    answer({ body: '' })
    expect(await fault()).toMatchObject({ kind: 'transient', code: 'protocol', params: { detail: 'an empty answer' } })
  })

  it.each([
    'tls_expired',
    'tls_untrusted',
    'tls_mismatch',
    'host_unknown',
    'host_unreachable',
    'timed_out',
    'too_large',
    'connection_lost',
  ] as const)('%s passes one day', async (code) => {
    office = new MemoryOffice<FeedSettings>({
      settings: office.settings,
      http: { fetch: () => Promise.reject(new ProblemError(code, { host: 'a.example' })) },
    })
    expect(await fault()).toMatchObject({ kind: 'transient', code })
  })

  it('an address with a password in it is for a person to mend', async () => {
    office = new MemoryOffice<FeedSettings>({
      settings: { url: 'https://me:secret@a.example/feed', every: 15 },
      http: systemHttp,
    })
    const { kind, code, params } = await fault()
    expect({ kind, code }).toEqual({ kind: 'decision', code: 'address_invalid' })
    expect(JSON.stringify(params)).not.toContain('secret')
  })

  it('a page where a feed was asked for is told before there is an account', async () => {
    answer({ body: '<html><title>Sign in</title></html>' })
    await expect(feedConnector.create(office.open()).check(signal())).rejects.toMatchObject({
      kind: 'decision',
      code: 'not_a_feed',
      params: { url: `${server.url}/feed` },
    })
  })

  it('a check suggests the title, or the host where there is none', async () => {
    expect(await feedConnector.create(office.open()).check(signal())).toEqual({ label: 'News', streams: ['feed'] })
    answer({ body: '<rss version="2.0"><channel></channel></rss>' })
    expect((await feedConnector.create(office.open()).check(signal())).label).toBe(new URL(server.url).host)
  })
})

describe('the pause between polls', () => {
  const minutes = async (given: Answer) => {
    answer(given)
    const client = feedConnector.create(office.open())
    await client.sync(signal())
    const controller = new AbortController()
    const waiting = client.wait(controller.signal)
    await clock.asleep()
    const [pause = 0] = clock.pauses
    controller.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    return pause / 60_000
  }
  const document = (inner: string) => ({
    body: `<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel>${inner}</channel></rss>`,
  })
  const cached = (value: string) => ({ headers: { 'cache-control': value }, body: rss('a') })

  it.each([
    ['is the one chosen', document(''), 15],
    ['is longer where the feed asks: ttl', document('<ttl>40</ttl>'), 40],
    ['is never shorter: ttl', document('<ttl>1</ttl>'), 15],
    ['is bounded: ttl', document('<ttl>100000</ttl>'), times.longestHint / 60_000],
    ['does not mind nonsense', document('<ttl>-3</ttl>'), 15],
    ['is longer where the feed asks: sy', document('<sy:updatePeriod>hourly</sy:updatePeriod>'), 60],
    [
      'is longer where the feed asks: sy with frequency',
      document('<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>24</sy:updateFrequency>'),
      60,
    ],
    ['is longer where the server asks: max-age', cached('public, max-age=1800'), 30],
    ['is never shorter: max-age', cached('max-age=0, no-cache'), 15],
    ['is bounded: max-age', cached('max-age=31536000'), times.longestHint / 60_000],
  ])('%s', async (_name, given, expected) => {
    expect(await minutes(given)).toBe(expected)
  })

  it('is what the document asked for also after 304', async () => {
    server.handle((request) =>
      request.headers['if-none-match'] ? { status: 304 } : { headers: { etag: '"t"' }, ...document('<ttl>50</ttl>') },
    )
    await sync()
    const client = feedConnector.create(office.open())
    await client.sync(signal())
    const controller = new AbortController()
    const waiting = client.wait(controller.signal)
    await clock.asleep()
    expect(clock.pauses).toEqual([50 * 60_000])
    clock.advance(50 * 60_000)
    await waiting
  })

  it('is the longer one that a person chose', async () => {
    office.settings = { ...office.settings, every: 1440 }
    expect(await minutes(document('<ttl>40</ttl>'))).toBe(1440)
  })
})
