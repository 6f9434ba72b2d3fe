import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { discoverFeeds } from '#connectors/feed/discover.ts'
import { limits } from '#connectors/feed/limits.ts'
import { systemHttp } from '#hosts/ports/http.ts'
import type { Http } from '#ports/index.ts'
import { type Answer, startWebServer, type WebServer } from './server.ts'

const feed = (title: string) => ({ body: `<rss version="2.0"><channel><title>${title}</title></channel></rss>` })
const page = (head: string, body = '') => ({
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: `<!doctype html><html><head><title> The  House </title>${head}</head><body>${body}</body></html>`,
})

let server: WebServer
beforeEach(async () => {
  server = await startWebServer(() => ({ status: 404 }))
})
afterEach(() => server.stop())
const site = (pages: Record<string, Answer>) => server.handle((request) => pages[request.url ?? ''] ?? { status: 404 })
const find = (path = '/') => discoverFeeds(server.url + path, systemHttp)

describe('looking for feeds', () => {
  it('finds the feed itself', async () => {
    site({ '/feed': feed('News') })
    expect(await find('/feed')).toEqual([{ url: `${server.url}/feed`, title: 'News' }])
  })

  it('finds the feeds that a page names, each once, with their titles', async () => {
    site({
      '/en/': page(`
        <base href="/fr/">
        <link rel="alternate" type="application/rss+xml" title="Nouvelles &amp; débats" href="rss">
        <LINK REL="feed ALTERNATE" TYPE="application/atom+xml; charset=utf-8" HREF='/atom?a=1&amp;b=2'>
        <link rel="alternate" type="application/feed+json" href="//127.0.0.1:1/feed.json">
        <link rel="alternate" type="application/rss+xml" href="rss">
        <link rel="alternate" hreflang="es" href="/es/">
        <link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/1">
        <link rel="alternate" type="text/xml+oembed" href="/oembed">
        <link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">
        <link rel="stylesheet" type="application/rss+xml" href="/style">`),
    })
    expect(await find('/en/')).toEqual([
      { url: `${server.url}/fr/rss`, title: 'Nouvelles & débats' },
      { url: `${server.url}/atom?a=1&b=2`, title: 'The House' },
      { url: 'http://127.0.0.1:1/feed.json', title: 'The House' },
    ])
    expect(server.requests).toHaveLength(1)
  })

  it('finds a feed that the page only links to', async () => {
    site({
      '/': page('', '<a href="/about">About</a><a href="/news/rss/">RSS</a><a href="https://other.example/rss">other</a>'),
      '/news/rss/': feed('Linked'),
    })
    expect(await find()).toEqual([{ url: `${server.url}/news/rss/`, title: 'Linked' }])
  })

  it('finds a feed at a usual place of the site, passing over pages and faults there', async () => {
    server.handle((request, response) => {
      if (request.url === '/feed') return page('')
      if (request.url === '/feed.xml') {
        response.destroy()
        return null
      }
      if (request.url === '/rss') return { status: 301, headers: { location: '/moved.rss' } }
      return request.url === '/moved.rss' ? feed('Usual') : request.url === '/deep/page' ? page('') : { status: 404 }
    })
    expect(await find('/deep/page')).toEqual([{ url: `${server.url}/moved.rss`, title: 'Usual' }])
  })

  it('looks at the usual places also where the page itself is not to be had', async () => {
    site({ '/atom.xml': feed('Without a front page') })
    expect(await find()).toEqual([{ url: `${server.url}/atom.xml`, title: 'Without a front page' }])
  })

  it('names a feed without a title by its host', async () => {
    site({ '/': feed('') })
    expect(await find()).toEqual([{ url: `${server.url}/`, title: new URL(server.url).host }])
  })

  it('takes so many feeds of one page and no more', async () => {
    const links = (count: number) =>
      page(
        Array.from({ length: count }, (_, index) => `<link rel="alternate" type="application/rss+xml" href="/${index}">`).join(
          '',
        ),
      )
    site({ '/at': links(limits.candidates), '/over': links(limits.candidates + 1) })
    expect(await find('/at')).toHaveLength(limits.candidates)
    expect(await find('/over')).toHaveLength(limits.candidates)
  })

  it('reads so much of a page and no more', async () => {
    const link = '<link rel="alternate" type="application/rss+xml" href="/x">'
    const start = '<html><head>'
    site({
      '/at': { body: start.padEnd(limits.pageBytes - link.length) + link },
      '/over': { body: start.padEnd(limits.pageBytes - link.length + 1) + link },
    })
    expect(await find('/at')).toHaveLength(1)
    await expect(find('/over')).rejects.toMatchObject({ code: 'not_a_feed' })
  })

  it('says when there is none', async () => {
    site({ '/': page('') })
    await expect(find()).rejects.toMatchObject({ kind: 'decision', code: 'not_a_feed', params: { url: `${server.url}/` } })
  })

  it('says what kept it from looking', async () => {
    const { url } = server
    await server.stop()
    await expect(discoverFeeds(url, systemHttp)).rejects.toMatchObject({ kind: 'transient', code: 'host_unreachable' })
    server = await startWebServer(() => ({ status: 404 }))
  })

  it('ends with the reason given', async () => {
    server.handle(() => null)
    const controller = new AbortController()
    const looking = discoverFeeds(server.url, systemHttp, controller.signal)
    const reason = new Error('enough')
    controller.abort(reason)
    await expect(looking).rejects.toBe(reason)
  })
})

describe('what a person types', () => {
  const asked = async (address: string) => {
    const urls: string[] = []
    const http: Http = {
      fetch: async ({ url }) => {
        urls.push(url)
        return { status: 200, headers: {}, url, body: Buffer.from(feed('T').body) }
      },
    }
    await discoverFeeds(address, http)
    return urls[0]
  }

  it.each([
    ['parliament.example', 'https://parliament.example/'],
    ['  Parliament.Example/news ', 'https://parliament.example/news'],
    ['http://parliament.example/#top', 'http://parliament.example/'],
    ['feed://parliament.example/rss', 'https://parliament.example/rss'],
    ['feed:https://parliament.example/rss', 'https://parliament.example/rss'],
    ['localhost:8080/feed', 'https://localhost:8080/feed'],
    ['127.0.0.1/feed', 'https://127.0.0.1/feed'],
    ['münchen.example', 'https://xn--mnchen-3ya.example/'],
  ])('%j means %s', async (typed, url) => {
    expect(await asked(typed)).toBe(url)
  })

  it.each([
    '',
    ' ',
    'parliament',
    'mailto:a@b.example',
    'ftp://a.example/',
    'javascript:alert(1)',
    'file:///etc/passwd',
    'https://me:secret@a.example/',
    'a b',
    'http://',
    `https://a.example/${'x'.repeat(2000)}`,
  ])('%j is no address', async (typed) => {
    const http: Http = { fetch: () => Promise.reject(new Error('nothing may be asked')) }
    const error = await discoverFeeds(typed, http).catch((reason: { kind: string; code: string; params: object }) => reason)
    expect(error).toMatchObject({ kind: 'decision', code: 'address_invalid' })
    expect(JSON.stringify(error)).not.toContain('secret')
  })
})
