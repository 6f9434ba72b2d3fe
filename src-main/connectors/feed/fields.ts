import type { AtomFeed, JsonFeed, MediaNs, RdfFeed, RssFeed } from 'feedsmith'
import { parseDate } from './dates.ts'
import { htmlToText, webAddress } from './html.ts'
import { limits } from './limits.ts'
import type { ItemContext } from './media-type.ts'

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

/** RSS 2.0 and RSS 1.0 items have nearly the same fields. */
type AnyRssItem = Partial<RssFeed.Item<string>> & Pick<RdfFeed.Item<string>, 'rdf'>

export function fromRss(item: AnyRssItem, context: ItemContext): FeedItem {
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

export function fromAtom(entry: Partial<AtomFeed.Entry<string>>, context: ItemContext): FeedItem {
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

export function fromJson(item: Partial<JsonFeed.Item<string>>, context: ItemContext): FeedItem {
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

function bodyOf(value: string | undefined, isHtml: boolean): Pick<FeedItem, 'html' | 'text'> {
  if (value === undefined || value === '') return { html: null, text: null }
  return isHtml ? { html: value, text: null } : { html: null, text: value }
}

/** RSS does not say whether a text is HTML; it is when it has a tag or an entity left after decoding. */
export function looksLikeHtml(text: string): boolean {
  return /<\/?[a-z!]|&(?:#\d+|#x[0-9a-f]+|[a-z]+\d*);/i.test(text)
}

export function lineOf(value: string | undefined, type = 'html'): string {
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
