import { createHash } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { feedConnector } from '#connectors/feed/connector.ts'
import { limits } from '#connectors/feed/limits.ts'
import { systemHttp } from '#hosts/ports/http.ts'
import type { FeedSettings } from '#shared/model/index.ts'
import type { KitDriver, KitMessage, KitNetwork } from '../kit/driver.ts'
import { type Answer, startWebServer } from './server.ts'

export const formats = {
  RSS: {
    type: 'application/rss+xml',
    document: (items: string) => `<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>${items}</channel></rss>`,
    item: ({ subject, text, at }: KitMessage) =>
      `<item><title>${subject}</title><guid isPermaLink="false">${subject}</guid><description>${text}</description><pubDate>${at.toUTCString()}</pubDate></item>`,
    between: '\n',
  },
  Atom: {
    type: 'application/atom+xml',
    document: (items: string) => `<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>${items}</feed>`,
    item: ({ subject, text, at }: KitMessage) =>
      `<entry><title>${subject}</title><id>tag:${subject}</id><content type="html">&lt;p&gt;${text}&lt;/p&gt;</content><published>${at.toISOString()}</published></entry>`,
    between: '\n',
  },
  'JSON Feed': {
    type: 'application/feed+json',
    document: (items: string) => `{"version":"https://jsonfeed.org/version/1.1","title":"News","items":[${items}]}`,
    item: ({ subject, text, at }: KitMessage) =>
      JSON.stringify({ id: subject, title: subject, content_text: text, date_published: at }),
    between: ',\n',
  },
}

type Format = (typeof formats)[keyof typeof formats]

/** A web server of the test's own that publishes a feed, faults and all. */
export function feedDriver(format: Format): KitDriver<FeedSettings> {
  return { connector: feedConnector, several: limits.batchMessages * 2 + 50, start: () => startFeed(format) }
}

async function startFeed(format: Format): Promise<KitNetwork<FeedSettings>> {
  const items = new Map<string, KitMessage>()
  const copies: string[] = []
  let refusing = false
  let stalling = false
  let faults: ((response: ServerResponse) => Answer | null)[] = []
  const body = () => {
    const newestFirst = [...items.values(), ...copies.flatMap((subject) => items.get(subject) ?? [])].reverse()
    return format.document(newestFirst.map(format.item).join(format.between))
  }
  const server = await startWebServer((request, response) => {
    if (stalling) return null
    if (refusing) return { status: 401, headers: { 'www-authenticate': 'Basic' } }
    const fault = faults.shift()
    if (fault) return fault(response)
    const text = body()
    const etag = `"${createHash('sha256').update(text).digest('hex')}"`
    if (request.headers['if-none-match'] === etag) return { status: 304, headers: { etag } }
    return { headers: { 'content-type': format.type, etag }, body: text }
  })
  return {
    settings: { url: `${server.url}/feed`, every: 15 },
    secret: null,
    // The connector's own limit of time is for real networks; for a server that is known to be silent a short one does.
    http: { fetch: (request) => systemHttp.fetch({ ...request, timeoutMs: stalling ? 300 : request.timeoutMs }) },
    put: async (messages) => {
      for (const message of messages) items.set(message.subject, message)
    },
    duplicate: async (subject) => {
      copies.push(subject)
    },
    edit: async (subject, text) => {
      const item = items.get(subject)
      if (item) items.set(subject, { ...item, text })
    },
    remove: async (subject) => {
      items.delete(subject)
    },
    list: async () => [...items.keys()],
    rateLimit: async (seconds) => {
      faults.push(() => ({ status: 429, headers: { 'retry-after': String(seconds) } }))
      return true
    },
    refuse: async (on) => {
      refusing = on
    },
    fail: async (times, how) => {
      const fault = (response: ServerResponse): Answer | null => {
        if (how === 'error') return { status: 500 }
        if (how === 'cut') {
          const text = body()
          response.writeHead(200, { 'content-type': format.type, 'content-length': String(Buffer.byteLength(text)) })
          response.write(text.slice(0, text.length / 2), () => response.destroy())
        } else response.destroy()
        return null
      }
      faults = [...faults, ...Array.from({ length: times }, () => fault)]
    },
    garbage: async () => {
      faults.push(() => ({ headers: { 'content-type': format.type }, body: createHash('sha512').update('garbage').digest() }))
    },
    huge: async () => {
      faults.push(() => ({ headers: { 'content-type': format.type }, body: Buffer.alloc(limits.documentBytes + 1, '<') }))
    },
    stall: async (on) => {
      stalling = on
      if (!on) server.drop()
    },
    stop: () => server.stop(),
  }
}
