import { Parser } from 'htmlparser2'
import { ConnectorFault } from '#connectors/fault.ts'
import type { Http } from '#ports/index.ts'
import type { FeedCandidate } from '#shared/contract/index.ts'
import { charsetOf, decode } from './charset.ts'
import { openDocument } from './document.ts'
import { fetchDocument, hostOf } from './fetch.ts'
import { webAddress } from './html.ts'
import { limits } from './limits.ts'

/** Where sites keep a feed that their pages do not name. Tried one after another until one is a feed. */
const USUAL_PATHS = ['/feed', '/feed.xml', '/rss', '/rss.xml', '/atom.xml', '/index.xml', '/feed.json']
const FEED_TYPE = /^(?:application\/(?:rss|atom|rdf)\+xml|application\/(?:feed\+)?json|(?:application|text)\/xml)\b/i

/**
 * Looks for feeds at an address that a person typed: the feed itself, feeds that the page names (`link rel=alternate`),
 * links on it that look like one, or one at the usual places of the site.
 * @throws ConnectorFault `decision` / `address_invalid` for what is no web address, `decision` / `not_a_feed` when
 *   nothing was found, else the fault met on the way.
 */
export async function discoverFeeds(address: string, http: Http, signal?: AbortSignal): Promise<FeedCandidate[]> {
  const start = typedAddress(address)
  const within = signal ? { signal } : {}
  const { response, url } = await fetchDocument(http, { url: start, maxBytes: limits.documentBytes, ...within })
  if (response.status === 200) {
    const title = feedTitle(response.body, response.headers['content-type'], url)
    if (title !== null) return [{ url, title: title || hostOf(url) }]
    const page = response.body.subarray(0, limits.pageBytes)
    const named = readPage(decode(page, charsetOf(page, response.headers['content-type'])), url)
    if (named.alternates.length > 0) return named.alternates
    const linked = await firstFeed(named.links, http, within)
    if (linked) return [linked]
  }
  const usual = await firstFeed(
    USUAL_PATHS.map((path) => new URL(path, url).href),
    http,
    within,
  )
  if (usual) return [usual]
  throw new ConnectorFault('decision', 'not_a_feed', { url: start })
}

/** What a person typed as a web address; without a scheme it is https, and `feed:` is what some old links begin with. */
function typedAddress(address: string): string {
  const typed = address
    .trim()
    .replace(/^feed:(?:\/\/)?(?=https?:)/i, '')
    .replace(/^feed:\/\//i, 'https://')
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `https://${typed}`
  const url = URL.canParse(full) ? new URL(full) : null
  const usable = url !== null && (url.protocol === 'https:' || url.protocol === 'http:') && !url.username && !url.password
  // A name without a dot is a typing mistake, unless it is this machine or written as an address.
  if (!usable || full.length > limits.linkChars || !/[.:]|^localhost$/.test(url.hostname)) {
    throw new ConnectorFault('decision', 'address_invalid', { address: url?.host || address.slice(0, 100) })
  }
  url.hash = ''
  return url.href
}

/** Title of the feed in the bytes, or null when it is not one. */
function feedTitle(body: Uint8Array, contentType: string | undefined, url: string): string | null {
  try {
    return openDocument(body, contentType, url).title
  } catch (error) {
    if (error instanceof ConnectorFault) return null
    throw error
  }
}

async function firstFeed(addresses: string[], http: Http, within: { signal?: AbortSignal }): Promise<FeedCandidate | null> {
  for (const address of addresses) {
    try {
      const { response, url } = await fetchDocument(http, { url: address, maxBytes: limits.documentBytes, ...within })
      const title = response.status === 200 ? feedTitle(response.body, response.headers['content-type'], url) : null
      if (title !== null) return { url, title: title || hostOf(url) }
    } catch (error) {
      // One guess that fails says nothing about the next.
      if (!(error instanceof ConnectorFault)) throw error
    }
  }
  return null
}

/** Feeds that a page names in its head, and links of its own site that look like a feed. */
function readPage(html: string, pageUrl: string): { alternates: FeedCandidate[]; links: string[] } {
  const alternates = new Map<string, FeedCandidate>()
  const links = new Set<string>()
  let base = pageUrl
  let title = ''
  let inTitle = false
  const parser = new Parser({
    onopentag(name, attributes) {
      inTitle = name === 'title' && title === ''
      if (name === 'base' && attributes.href && URL.canParse(attributes.href, pageUrl))
        base = new URL(attributes.href, pageUrl).href
      const href = name === 'link' || name === 'a' ? webAddress(attributes.href, base, limits.linkChars) : null
      if (href === null) return
      const rel = (attributes.rel ?? '').toLowerCase().split(/\s+/)
      if (rel.includes('alternate') && FEED_TYPE.test(attributes.type ?? '') && !isApi(href)) {
        if (alternates.size < limits.candidates && !alternates.has(href))
          alternates.set(href, { url: href, title: attributes.title?.trim() ?? '' })
      } else if (name === 'a' && links.size < 5 && looksLikeFeed(href, pageUrl)) links.add(href)
    },
    ontext(text) {
      if (inTitle) title += text
    },
    onclosetag() {
      inTitle = false
    },
  })
  parser.end(html)
  const fallback = title.replace(/\s+/g, ' ').trim().slice(0, limits.titleChars) || hostOf(pageUrl)
  return {
    alternates: [...alternates.values()].map((one) => ({ url: one.url, title: one.title || fallback })),
    links: [...links],
  }
}

/** WordPress names its REST and oEmbed addresses in the same way as feeds. */
function isApi(href: string): boolean {
  return /\/wp-json\/|\/oembed/i.test(new URL(href).pathname)
}

function looksLikeFeed(href: string, pageUrl: string): boolean {
  const url = new URL(href)
  return (
    url.host === new URL(pageUrl).host && /(?:^|[/._-])(?:rss|atom|feed)s?(?:[/._-]|$)|\.(?:rss|atom|rdf)$/i.test(url.pathname)
  )
}
