import {
  type AtomFeed,
  type JsonFeed,
  parseAtomFeed,
  parseJsonFeed,
  parseRdfFeed,
  parseRssFeed,
  type RdfFeed,
  type RssFeed,
} from 'feedsmith'
import { Parser } from 'htmlparser2'
import { decode } from './charset.ts'
import { parseDate } from './dates.ts'
import { type FeedItem, fromAtom, fromJson, fromRss, lineOf, looksLikeHtml } from './fields.ts'
import { htmlToText, webAddress } from './html.ts'
import { limits } from './limits.ts'
import { type ItemContext, parseMediaType } from './media-type.ts'
import { localName } from './xml.ts'

/** One item as it came. */
export interface RawItem {
  raw: Uint8Array
  /** @see printMediaType */
  mediaType: string
}

/** The names by which feeds mostly bind the namespaces they use; an item's bytes alone do not say. */
const USUAL: Record<string, string> = {
  atom: 'http://www.w3.org/2005/Atom',
  content: 'http://purl.org/rss/1.0/modules/content/',
  dc: 'http://purl.org/dc/elements/1.1/',
  dcterms: 'http://purl.org/dc/terms/',
  itunes: 'http://www.itunes.com/dtds/podcast-1.0.dtd',
  media: 'http://search.yahoo.com/mrss/',
  rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
  slash: 'http://purl.org/rss/1.0/modules/slash/',
  thr: 'http://purl.org/syndication/thread/1.0',
}

/** The bindings of a document that must be remembered with its items because they are not the usual ones. */
export function unusualNamespaces(bound: Map<string, string>, used: string): Record<string, string> {
  const unusual = [...bound].filter(
    ([prefix, uri]) => USUAL[prefix] !== uri && /^[\w.-]{1,50}$/.test(prefix) && uri.length < 300 && used.includes(`${prefix}:`),
  )
  return Object.fromEntries(unusual.slice(0, limits.namespaces))
}

/**
 * Reads one item from its own bytes. Pure, never throws: an item that cannot be understood gives what can be read of it,
 * with `damaged`.
 */
export function parseItem({ raw, mediaType }: RawItem): FeedItem {
  const context = parseMediaType(mediaType)
  const source = decode(raw, context.charset)
  return readAll([source], context)?.[0] ?? salvage(source, context)
}

/**
 * Reads items of one document. The same as one by one, but many times as fast, because most of the time goes into
 * setting up the XML parser. Where one of them is broken they are read one by one after all.
 */
export function parseItems(items: RawItem[]): FeedItem[] {
  const first = items[0]
  if (!first) return []
  const context = parseMediaType(first.mediaType)
  const alike = items.every((item) => item.mediaType === first.mediaType)
  const sources = alike ? items.map((item) => decode(item.raw, context.charset)) : []
  return (alike ? readAll(sources, context) : null) ?? items.map(parseItem)
}

/** @returns null unless there is exactly one item for each source. */
function readAll(sources: string[], context: ItemContext): FeedItem[] | null {
  try {
    const items = readDocument(sources, context)
    return items.length === sources.length ? items : null
  } catch (error) {
    // feedsmith, its XML parser and JSON.parse throw errors of many classes, for broken input and for nothing else.
    if (!(error instanceof Error)) throw error
    return null
  }
}

function readDocument(sources: string[], context: ItemContext): FeedItem[] {
  if (context.format === 'json') {
    const items = sources.map((source): unknown => JSON.parse(source))
    const feed = parseJsonFeed({ version: 'https://jsonfeed.org/version/1.1', title: '-', items })
    return (feed.items ?? []).map((item) => fromJson(item as JsonFeed.Item<string>, context))
  }
  const inner = sources.join('\n')
  if (context.format === 'atom') {
    const prefix = /^<([\w.-]+):/.exec(inner)?.[1]
    const root = prefix ? `${prefix}:feed` : 'feed'
    const own = prefix ? '' : ' xmlns="http://www.w3.org/2005/Atom"'
    const feed = parseAtomFeed(`<${root}${own}${namespaces(context)}>${inner}</${root}>`)
    return (feed.entries ?? []).map((entry) => fromAtom(entry as AtomFeed.Entry<string>, context))
  }
  if (context.format === 'rdf') {
    const feed = parseRdfFeed(`<rdf:RDF xmlns="http://purl.org/rss/1.0/"${namespaces(context)}>${inner}</rdf:RDF>`)
    return (feed.items ?? []).map((item) => fromRss(item as RdfFeed.Item<string>, context))
  }
  const feed = parseRssFeed(`<rss version="2.0"${namespaces(context)}><channel>${inner}</channel></rss>`)
  return (feed.items ?? []).map((item) => fromRss(item as RssFeed.Item<string>, context))
}

function namespaces(context: ItemContext): string {
  const bound = { ...USUAL, ...context.namespaces }
  return Object.entries(bound)
    .map(
      ([prefix, uri]) => ` xmlns:${prefix}="${uri.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')}"`,
    )
    .join('')
}

/** What can be had of an item that does not parse: the first text of the elements that matter, and all text. */
function salvage(source: string, context: ItemContext): FeedItem {
  const found = new Map<string, string>()
  const texts: string[] = []
  if (context.format === 'json') texts.push(source)
  else {
    let current = ''
    const parser = new Parser(
      {
        onopentag: (name, attributes) => {
          current = localName(name)
          if (current === 'link' && attributes.href) found.set('link', attributes.href)
        },
        onclosetag: () => {
          current = ''
        },
        ontext: (text) => {
          texts.push(text)
          if (current !== '' && text.trim() !== '' && !found.has(current)) found.set(current, text.trim())
        },
      },
      { xmlMode: true },
    )
    parser.end(source)
  }
  const text = texts.join('').trim()
  return {
    id: found.get('guid') ?? found.get('id') ?? null,
    link: webAddress(found.get('link'), context.base, limits.linkChars),
    title: lineOf(found.get('title')),
    author: null,
    html: null,
    text: looksLikeHtml(text) ? htmlToText(text) : text,
    base: context.base,
    published: parseDate(found.get('pubdate') ?? found.get('date') ?? found.get('published')),
    updated: parseDate(found.get('updated')),
    enclosures: [],
    damaged: true,
  }
}
