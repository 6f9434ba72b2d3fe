import { limits } from './limits.ts'

export type FeedFormat = 'rss' | 'rdf' | 'atom' | 'json'

/** What the bytes of one item leave open because its document says it once for all. Kept as parameters of its media type. */
export interface ItemContext {
  format: FeedFormat
  charset: string
  /** Absolute address that relative ones in the item begin from: xml:base of the elements around it, or the feed's. */
  base: string
  /** Prefixes that the document binds in a way of its own; empty for nearly all feeds. */
  namespaces: Record<string, string>
}

const types: Record<FeedFormat, string> = {
  rss: 'application/rss+xml',
  rdf: 'application/rdf+xml',
  atom: 'application/atom+xml',
  json: 'application/feed+json',
}

/** The media type of one item, e.g. `application/atom+xml; charset=utf-8; base="https://parliament.example/news.atom"`. */
export function printMediaType(context: ItemContext): string {
  const parts = [types[context.format], `charset=${context.charset}`, `base="${encodeURI(context.base)}"`]
  const bound = Object.entries(context.namespaces).slice(0, limits.namespaces)
  if (bound.length > 0) parts.push(`xmlns="${bound.map(([prefix, uri]) => `${prefix}=${encodeURIComponent(uri)}`).join(' ')}"`)
  return parts.join('; ')
}

/** Reads what `printMediaType` printed; whatever is missing gets a harmless value. */
export function parseMediaType(text: string): ItemContext {
  const [type = ''] = text.split(';')
  const found = Object.entries(types).find(([, name]) => name === type.trim().toLowerCase())
  const parameters = new Map(
    [...text.matchAll(/;\s*(\w+)=(?:"([^"]*)"|([^;"]*))/g)].map((match) => [match[1], match[2] ?? match[3] ?? '']),
  )
  const namespaces: Record<string, string> = {}
  for (const pair of (parameters.get('xmlns') ?? '').split(' ')) {
    const at = pair.indexOf('=')
    if (at >= 0) namespaces[pair.slice(0, at)] = decodeOr(pair.slice(at + 1))
  }
  return {
    format: (found?.[0] as FeedFormat | undefined) ?? 'rss',
    charset: parameters.get('charset') || 'utf-8',
    base: decodeOr(parameters.get('base') ?? '', decodeURI),
    namespaces,
  }
}

function decodeOr(text: string, read: (text: string) => string = decodeURIComponent): string {
  try {
    return read(text)
  } catch (error) {
    if (error instanceof URIError) return text
    throw error
  }
}
