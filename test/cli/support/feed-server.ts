import { once } from 'node:events'
import { createServer } from 'node:http'

export interface FeedItem {
  id: string
  title: string
  text: string
  at: Date
}

/** A feed on loopback whose items the test sets. */
export interface FeedServer {
  url: string
  title: string
  items: FeedItem[]
  /** While true the server answers 503. */
  broken: boolean
  /** While set, requests wait for it. */
  held: Promise<void> | null
  /** Resolves at the next request. */
  next(): Promise<void>
  close(): Promise<void>
}

const xml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

export async function feedServer(): Promise<FeedServer> {
  const state = { title: 'Chamber news', items: [] as FeedItem[], broken: false, held: null as Promise<void> | null }
  const watchers: (() => void)[] = []
  const server = createServer((_request, response) => {
    for (const watch of watchers.splice(0)) watch()
    const answer = () => {
      if (state.broken) return response.writeHead(503).end()
      const items = state.items.map(
        (item) =>
          `<item><guid isPermaLink="false">${xml(item.id)}</guid><title>${xml(item.title)}</title>` +
          `<description>${xml(item.text)}</description><pubDate>${item.at.toUTCString()}</pubDate></item>`,
      )
      response.writeHead(200, { 'content-type': 'application/rss+xml; charset=utf-8' })
      return response.end(
        `<?xml version="1.0"?><rss version="2.0"><channel><title>${state.title}</title><link>http://127.0.0.1/</link><description>News</description>${items.join('')}</channel></rss>`,
      )
    }
    if (state.held) void state.held.then(answer)
    else answer()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return Object.assign(state, {
    url: `http://127.0.0.1:${address.port}/feed.xml`,
    next: () => new Promise<void>((resolve) => watchers.push(resolve)),
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  })
}
