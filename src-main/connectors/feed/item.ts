import {
  type AtomFeed,
  type JsonFeed,
  type MediaNs,
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
import { htmlToText, webAddress } from './html.ts'
import { limits } from './limits.ts'
import { type ItemContext, parseMediaType } from './media-type.ts'
import { localName } from './xml.ts'

export interface Enclosure {
  url: string
  name: string
  mediaType: string
  /** Bytes as announced; 0 when it does not say. */
  size: number
}

/** What one item says, whatever the format. */
export interface FeedItem {
  /** Its own id (guid, id, rdf:about), unique in the feed if the feed keeps its word. */
  id: string | null
  link: string | null
  title: string
  author: { name: string; handle: string } | null
  /** One of the two is there; both are null for an item of a title only. */
  html: string | null
  text: string | null
  /** Address that relative ones in `html` begin from. */
  base: string
  published: number | null
  updated: number | null
  enclosures: Enclosure[]
  damaged: boolean
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
export function parseItem(raw: Uint8Array, mediaType: string): FeedItem {
  const context = parseMediaType(mediaType)
  const source = decode(raw, context.charset)
  try {
    const item = readItem(source, context)
    if (item) return item
  } catch (error) {
    // feedsmith, its XML parser and JSON.parse throw errors of many classes, for broken input and for nothing else.
    if (!(error instanceof Error)) throw error
  }
  return salvage(source, context)
}

function readItem(source: string, context: ItemContext): FeedItem | null {
  if (context.format === 'json') {
    const json: unknown = JSON.parse(source)
    const item = parseJsonFeed({ version: 'https://jsonfeed.org/version/1.1', title: '-', items: [json] }).items?.[0]
    return item ? fromJson(item as JsonFeed.Item<string>, context) : null
  }
  if (context.format === 'atom') {
    const prefix = /^<([\w.-]+):/.exec(source)?.[1]
    const root = prefix ? `${prefix}:feed` : 'feed'
    const own = prefix ? '' : ' xmlns="http://www.w3.org/2005/Atom"'
    const entry = parseAtomFeed(`<${root}${own}${namespaces(context)}>${source}</${root}>`).entries?.[0]
    return entry ? fromAtom(entry as AtomFeed.Entry<string>, context) : null
  }
  if (context.format === 'rdf') {
    const document = `<rdf:RDF xmlns="http://purl.org/rss/1.0/"${namespaces(context)}>${source}</rdf:RDF>`
    const item = parseRdfFeed(document).items?.[0]
    return item ? fromRss(item as RdfFeed.Item<string>, context) : null
  }
  const item = parseRssFeed(`<rss version="2.0"${namespaces(context)}><channel>${source}</channel></rss>`).items?.[0]
  return item ? fromRss(item as RssFeed.Item<string>, context) : null
}

function namespaces(context: ItemContext): string {
  const bound = { ...USUAL, ...context.namespaces }
  return Object.entries(bound)
    .map(
      ([prefix, uri]) => ` xmlns:${prefix}="${uri.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')}"`,
    )
    .join('')
}

type AnyRssItem = Partial<RssFeed.Item<string>> & Pick<RdfFeed.Item<string>, 'rdf'>

function fromRss(item: AnyRssItem, context: ItemContext): FeedItem {
  const base = baseOf(item.xml?.base, context.base)
  const atomLink = item.atom?.links?.find((link) => link.rel === undefined || link.rel === 'alternate')?.href
  const permalink = item.guid?.isPermaLink === false ? undefined : item.guid?.value
  const body = item.content?.encoded ?? item.description ?? item.itunes?.summary ?? item.dc?.descriptions?.[0]
  const author = item.authors?.[0]
  const name = author?.name ?? item.dc?.creators?.[0] ?? item.itunes?.author ?? author?.email
  const files = (item.enclosures ?? []).map((one) => ({ url: one.url, type: one.type, size: one.length }))
  return {
    id: item.guid?.value ?? item.rdf?.about ?? item.atom?.id ?? null,
    link: webAddress(item.link ?? atomLink ?? urlOnly(permalink), base, limits.linkChars),
    title: lineOf(item.title ?? item.dc?.titles?.[0]),
    author: name === undefined ? null : party(name, author?.email ?? author?.link),
    ...bodyOf(body, body !== undefined && looksLikeHtml(body)),
    base,
    published:
      parseDate(item.pubDate) ??
      parseDate(item.dc?.dates?.[0]) ??
      parseDate(item.dcterms?.issued?.[0]) ??
      parseDate(item.atom?.published),
    updated: parseDate(item.dcterms?.modified?.[0]) ?? parseDate(item.atom?.updated),
    enclosures: enclosuresOf([...files, ...mediaFiles(item.media)], base),
    damaged: false,
  }
}

function fromAtom(entry: Partial<AtomFeed.Entry<string>>, context: ItemContext): FeedItem {
  const base = baseOf(entry.xml?.base, context.base)
  const links = entry.links ?? []
  const alternates = links.filter((link) => link.rel === undefined || link.rel === 'alternate')
  const link = alternates.find((one) => one.type === undefined || one.type.includes('html')) ?? alternates[0]
  const content = isReadable(entry.content) ? entry.content : (entry.summary ?? descriptionOf(entry.media))
  const type = content?.type ?? 'text'
  const author = entry.authors?.[0] ?? entry.source?.authors?.[0]
  const name = author?.name ?? entry.dc?.creators?.[0] ?? author?.email
  const files = links
    .filter((one) => one.rel === 'enclosure')
    .map((one) => ({ url: one.href, type: one.type, size: one.length, title: one.title }))
  return {
    id: entry.id ?? null,
    link: webAddress(link?.href ?? entry.content?.src ?? urlOnly(entry.id), base, limits.linkChars),
    title: lineOf(entry.title?.value, entry.title?.type ?? 'text'),
    author: name === undefined ? null : party(name, author?.email ?? author?.uri),
    ...bodyOf(content?.value, type !== 'text' && type !== 'text/plain'),
    base: baseOf(content?.xml?.base, base),
    published: parseDate(entry.published) ?? parseDate(entry.dc?.dates?.[0]),
    updated: parseDate(entry.updated),
    enclosures: enclosuresOf([...files, ...mediaFiles(entry.media)], base),
    damaged: false,
  }
}

function fromJson(item: Partial<JsonFeed.Item<string>>, context: ItemContext): FeedItem {
  const html = item.content_html
  const author = item.authors?.[0]
  const files = (item.attachments ?? []).map((one) => ({
    url: one.url,
    type: one.mime_type,
    size: one.size_in_bytes,
    title: one.title,
  }))
  return {
    id: item.id ?? null,
    link: webAddress(item.url ?? item.external_url ?? urlOnly(item.id), context.base, limits.linkChars),
    title: lineOf(item.title, 'text'),
    author: author?.name === undefined ? null : party(author.name, author.url),
    ...bodyOf(html ?? item.content_text ?? item.summary, html !== undefined),
    base: context.base,
    published: parseDate(item.date_published),
    updated: parseDate(item.date_modified),
    enclosures: enclosuresOf(files, context.base),
    damaged: false,
  }
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

function bodyOf(value: string | undefined, isHtml: boolean): Pick<FeedItem, 'html' | 'text'> {
  if (value === undefined || value === '') return { html: null, text: null }
  return isHtml ? { html: value, text: null } : { html: null, text: value }
}

/** RSS does not say whether a text is HTML; it is when it has a tag or an entity left after decoding. */
function looksLikeHtml(text: string): boolean {
  return /<\/?[a-z!]|&(?:#\d+|#x[0-9a-f]+|[a-z]+\d*);/i.test(text)
}

function lineOf(value: string | undefined, type = 'html'): string {
  if (value === undefined) return ''
  const plain = type !== 'text' && looksLikeHtml(value) ? htmlToText(value) : value
  return clip(plain.replace(/\s+/g, ' ').trim(), limits.titleChars)
}

function party(name: string, handle: string | undefined): { name: string; handle: string } {
  return { name: clip(lineOf(name), limits.partyChars), handle: clip(handle?.trim() ?? '', limits.partyChars) }
}

/** Shortens without cutting a character in two, and says so. */
export function clip(text: string, longest: number): string {
  if (text.length <= longest) return text
  const kept = text.slice(0, longest - 1)
  return `${/[\ud800-\udbff]$/.test(kept) ? kept.slice(0, -1) : kept}…`
}

function baseOf(own: string | undefined, around: string): string {
  return own !== undefined && URL.canParse(own, around) ? new URL(own, around).href : around
}

function urlOnly(text: string | undefined): string | undefined {
  return text !== undefined && /^https?:\/\//i.test(text) ? text : undefined
}

/** Whether an Atom content is text; it may be a picture or another vocabulary (RFC 4287 section 4.1.3). */
function isReadable(content: AtomFeed.Content | undefined): content is AtomFeed.Content {
  return (
    content?.value !== undefined &&
    (content.type === undefined || /^(text|html|xhtml|text\/.*|application\/xhtml\+xml)$/i.test(content.type))
  )
}

function descriptionOf(
  media: MediaNs.ItemOrFeed | undefined,
): { value: string; type?: string; xml?: { base?: string } } | undefined {
  const value = media?.description?.value ?? media?.groups?.[0]?.description?.value
  return value === undefined ? undefined : { value, type: looksLikeHtml(value) ? 'html' : 'text' }
}

interface AnyFile {
  url?: string | undefined
  type?: string | undefined
  size?: number | undefined
  title?: string | undefined
}

function mediaFiles(media: MediaNs.ItemOrFeed | undefined): AnyFile[] {
  const contents = [...(media?.contents ?? []), ...(media?.groups ?? []).flatMap((group) => group.contents ?? [])]
  return contents.map((one) => ({ url: one.url, type: one.type, size: one.fileSize, title: one.title?.value }))
}

function enclosuresOf(files: AnyFile[], base: string): Enclosure[] {
  const seen = new Map<string, Enclosure>()
  for (const file of files) {
    const url = webAddress(file.url, base, limits.linkChars)
    if (url === null || seen.has(url)) continue
    if (seen.size >= limits.enclosures) break
    const size = Number.isSafeInteger(file.size) && Number(file.size) > 0 ? Number(file.size) : 0
    const mediaType = /^[\w.+-]+\/[\w.+-]+$/.test(file.type ?? '')
      ? String(file.type).toLowerCase().slice(0, 100)
      : 'application/octet-stream'
    seen.set(url, { url, name: lineOf(file.title, 'text') || fileName(url), mediaType, size })
  }
  return [...seen.values()]
}

function fileName(url: string): string {
  const last = new URL(url).pathname.split('/').findLast((part) => part !== '') ?? new URL(url).host
  try {
    return clip(decodeURIComponent(last), limits.partyChars)
  } catch (error) {
    if (error instanceof URIError) return clip(last, limits.partyChars)
    throw error
  }
}
