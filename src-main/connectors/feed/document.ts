import { ConnectorFault } from '#connectors/fault.ts'
import { decode } from './charset.ts'
import { clip } from './fields.ts'
import { htmlToText } from './html.ts'
import type { RawItem } from './item.ts'
import { type JsonOutline, outlineJson } from './json.ts'
import { limits } from './limits.ts'
import { type FeedFormat, printMediaType } from './media-type.ts'
import { openSource, type Source } from './source.ts'
import { readTree, unusualNamespaces } from './tree.ts'
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

/** The parts of a document around its items, put together. */
function withoutItems(source: Source, outline: Outline): Uint8Array {
  const parts: Uint8Array[] = []
  let at = outline.root
  for (const item of outline.items) {
    parts.push(source.slice(at, item.start))
    at = item.end
  }
  parts.push(source.slice(at, source.view.length))
  return Buffer.concat(parts)
}

type Head = Pick<FeedDocument, 'title' | 'everyMinutes'>

/**
 * Title and pace out of what stands around the items. Of a document that is cut off or too long, only what stands before
 * them is looked at. What cannot be read is left open: the items matter more.
 */
function readHead(source: Source, outline: Outline): Head {
  const first = outline.items[0]?.start
  const around =
    outline.complete && !outline.more ? withoutItems(source, outline) : source.slice(outline.root, first ?? source.view.length)
  const namespaces = unusualNamespaces(outline.namespaces, source.view.slice(outline.root, first ?? source.view.length))
  const root = readTree(decode(around, source.charset), namespaces, outline.format === 'atom' ? 'atom' : '')?.root
  const channel = outline.format === 'atom' ? root : root?.children.find((child) => child.name === 'channel')
  const field = (name: string) => channel?.children.find((child) => child.name === name)
  const title = field('title')
  return {
    title: tidyTitle(title?.hasMarkup ? title.inner : (title?.text ?? '')),
    everyMinutes: paceOf(field('ttl')?.text, field('sy:updateperiod')?.text, field('sy:updatefrequency')?.text),
  }
}

function tidyTitle(title: string): string {
  const plain = /<[a-z/!]|&\w+;/i.test(title) ? htmlToText(title) : title
  return clip(plain.replace(/\s+/g, ' ').trim(), limits.titleChars)
}

const PERIODS: Record<string, number> = { hourly: 60, daily: 1440, weekly: 10_080, monthly: 43_200, yearly: 525_600 }

function paceOf(ttl: string | undefined, period: string | undefined, frequency: string | undefined): number | null {
  if (Number(ttl) > 0) return Number(ttl)
  const length = PERIODS[period?.trim().toLowerCase() ?? '']
  if (length === undefined) return null
  return Number(frequency) >= 1 ? length / Number(frequency) : length
}
