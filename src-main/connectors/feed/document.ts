import { parseAtomFeed, parseRdfFeed, parseRssFeed } from 'feedsmith'
import { ConnectorFault } from '#connectors/fault.ts'
import { decode } from './charset.ts'
import { clip } from './fields.ts'
import { htmlToText } from './html.ts'
import { type RawItem, unusualNamespaces } from './item.ts'
import { type JsonOutline, outlineJson } from './json.ts'
import { limits } from './limits.ts'
import { type FeedFormat, printMediaType } from './media-type.ts'
import { openSource, type Source } from './source.ts'
import { type Outline, outlineXml } from './xml.ts'

export interface FeedDocument {
  format: FeedFormat
  /** Plain text; empty when the feed has none. */
  title: string
  /** In the document's order. Made one by one, so that a large feed does not stand in memory twice. */
  items: Iterable<RawItem>
  /** False when the document ended in the middle. */
  complete: boolean
  /** There were more items than `limits.items`. */
  more: boolean
  /** Minutes between polls that the feed itself asks for (RSS ttl, the syndication module), or null. */
  everyMinutes: number | null
}

/**
 * Takes a feed apart into its items, each with the exact bytes it came in.
 * @param url where the document was found, for relative addresses and for the sentence of a fault.
 * @throws ConnectorFault `transient` / `protocol` when it is a web page or no feed at all, or nested too deeply.
 */
export function openDocument(bytes: Uint8Array, contentType: string | undefined, url: string): FeedDocument {
  const { host } = new URL(url)
  const source = openSource(bytes, contentType)
  const json = outlineJson(source, host)
  if (json) return jsonDocument(source, json, url)
  const found = outlineXml(source, host)
  if ('feed' in found) return xmlDocument(source, found.feed, url)
  const detail = 'html' in found ? 'a web page instead of a feed' : 'something that is not a feed'
  throw new ConnectorFault('transient', 'protocol', { host, detail })
}

function xmlDocument(source: Source, outline: Outline, url: string): FeedDocument {
  const { format, complete, more } = outline
  const head = readHead(source, outline)
  return { format, complete, more, ...head, items: { [Symbol.iterator]: () => xmlItems(source, outline, url) } }
}

function* xmlItems(source: Source, outline: Outline, url: string): Generator<RawItem> {
  for (const item of outline.items) {
    const base = item.bases.reduce((around, own) => (URL.canParse(own, around) ? new URL(own, around).href : around), url)
    const namespaces = unusualNamespaces(outline.namespaces, source.view.slice(item.start, item.end))
    const mediaType = printMediaType({ format: outline.format, charset: source.charset, base, namespaces })
    yield { raw: source.slice(item.start, item.end), mediaType }
  }
}

function jsonDocument(source: Source, outline: JsonOutline, url: string): FeedDocument {
  const mediaType = printMediaType({ format: 'json', charset: source.charset, base: url, namespaces: {} })
  return {
    format: 'json',
    title: outline.title ? jsonString(decode(source.slice(outline.title.start, outline.title.end), source.charset)) : '',
    items: {
      *[Symbol.iterator]() {
        for (const { start, end } of outline.items) yield { raw: source.slice(start, end), mediaType }
      },
    },
    complete: outline.complete,
    more: outline.more,
    everyMinutes: null,
  }
}

function jsonString(text: string): string {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'string' ? tidyTitle(value) : ''
  } catch (error) {
    if (error instanceof SyntaxError) return ''
    throw error
  }
}

/** The parts of a document around its items, put together; only what stands before them when there are too many. */
function withoutItems(source: Source, outline: Outline): Uint8Array {
  const parts: Uint8Array[] = []
  let at = outline.root
  for (const item of outline.items) {
    parts.push(source.slice(at, item.start))
    at = item.end
    if (outline.more) return Buffer.concat(parts)
  }
  parts.push(source.slice(at, source.view.length))
  return Buffer.concat(parts)
}

/** Title and pace out of what stands around the items. What cannot be read is left open: the items matter more. */
function readHead(source: Source, outline: Outline): Pick<FeedDocument, 'title' | 'everyMinutes'> {
  const head = decode(withoutItems(source, outline), source.charset)
  try {
    if (outline.format === 'atom') {
      const feed = parseAtomFeed(head)
      return { title: tidyTitle(feed.title?.value ?? ''), everyMinutes: paceOf(undefined, feed.sy) }
    }
    const feed = outline.format === 'rdf' ? parseRdfFeed(head) : parseRssFeed(head)
    return { title: tidyTitle(feed.title ?? ''), everyMinutes: paceOf('ttl' in feed ? feed.ttl : undefined, feed.sy) }
  } catch (error) {
    // feedsmith and its XML parser throw errors of many classes, for broken input and for nothing else.
    if (!(error instanceof Error)) throw error
    return { title: '', everyMinutes: null }
  }
}

function tidyTitle(title: string): string {
  const plain = /<[a-z/!]|&\w+;/i.test(title) ? htmlToText(title) : title
  return clip(plain.replace(/\s+/g, ' ').trim(), limits.titleChars)
}

const PERIODS: Record<string, number> = { hourly: 60, daily: 1440, weekly: 10_080, monthly: 43_200, yearly: 525_600 }

function paceOf(ttl: number | undefined, sy: { updatePeriod?: string; updateFrequency?: number } | undefined): number | null {
  if (ttl !== undefined && Number.isFinite(ttl) && ttl > 0) return ttl
  const period = PERIODS[sy?.updatePeriod?.trim().toLowerCase() ?? '']
  if (period === undefined) return null
  const frequency = Number(sy?.updateFrequency ?? 1)
  return Number.isFinite(frequency) && frequency >= 1 ? period / frequency : period
}
