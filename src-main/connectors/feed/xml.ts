import { Parser } from 'htmlparser2'
import { ConnectorFault } from '#connectors/fault.ts'
import { limits } from './limits.ts'
import type { FeedFormat } from './media-type.ts'
import type { Source } from './source.ts'

/** One item's place in the document, with what it takes over from the elements around it. */
export interface Slice {
  start: number
  end: number
  /** xml:base of the elements around it, outermost first, unresolved. */
  bases: string[]
}

export interface Outline {
  format: Exclude<FeedFormat, 'json'>
  /** Where the root element begins. */
  root: number
  items: Slice[]
  /** Prefix -> namespace, as bound around the items. */
  namespaces: Map<string, string>
  /** The root element was closed: the document did not end in the middle. */
  complete: boolean
  /** There were more items than are taken. */
  more: boolean
}

/** What the first element says the document is. */
export type XmlKind = { feed: Outline } | { html: true } | { unknown: true }

const CHUNK = 256 * 1024

/**
 * Finds the items of an RSS, RDF or Atom document and where each begins and ends. Reads tags only: no entity is expanded,
 * no document type is looked at, nothing is fetched.
 * @throws ConnectorFault `transient` / `protocol` when elements are nested too deeply.
 */
export function outlineXml(source: Source, host: string): XmlKind {
  const outliner = new Outliner(host)
  const parser: Parser = new Parser(
    {
      onopentag: (name, attributes) => outliner.open(name, attributes, parser.startIndex),
      onclosetag: (_name, implied) => outliner.close(implied, implied ? parser.startIndex : parser.endIndex + 1),
    },
    { xmlMode: true, decodeEntities: false },
  )
  for (let at = 0; at < source.view.length && !outliner.done; at += CHUNK) parser.write(source.view.slice(at, at + CHUNK))
  outliner.ending = true
  if (!outliner.done) parser.end()
  return outliner.result()
}

interface Open {
  base: string | null
}

class Outliner {
  /** Nothing more can be learned. */
  done = false
  /** The document's bytes are at their end: what closes now was cut off. */
  ending = false
  private readonly host: string
  private readonly stack: Open[] = []
  private kind: 'html' | 'unknown' | Outline['format'] | null = null
  private root = 0
  private complete = false
  private more = false
  private readonly namespaces = new Map<string, string>()
  private readonly items: Slice[] = []
  /** Depth at which the current item opened, and where. */
  private item: { depth: number; start: number } | null = null

  constructor(host: string) {
    this.host = host
  }

  open(name: string, attributes: Record<string, string>, start: number): void {
    if (this.done) return
    const local = localName(name)
    if (this.kind === null) this.begin(local, start)
    this.stack.push({ base: attributes['xml:base'] ?? null })
    if (this.stack.length > limits.depth) {
      throw new ConnectorFault('transient', 'protocol', { host: this.host, detail: 'elements nested too deeply' })
    }
    if (this.item) return
    if (this.isItem(local, name)) this.item = { depth: this.stack.length, start }
    else this.bind(attributes)
  }

  close(implied: boolean, end: number): void {
    if (this.done) return
    if (this.item && this.item.depth === this.stack.length) {
      // Left open by a careless author, it ends where the element around it does.
      if (!this.ending) this.take(this.item.start, end)
      this.item = null
    }
    this.stack.pop()
    if (this.stack.length === 0 && !implied) this.complete = true
  }

  result(): XmlKind {
    if (this.kind === 'html') return { html: true }
    if (this.kind === null || this.kind === 'unknown') return { unknown: true }
    const { root, items, namespaces, complete, more } = this
    return { feed: { format: this.kind, root, items, namespaces, complete, more } }
  }

  private begin(local: string, start: number): void {
    this.root = start
    if (local === 'rss') this.kind = 'rss'
    else if (local === 'rdf') this.kind = 'rdf'
    else if (local === 'feed') this.kind = 'atom'
    else this.kind = local === 'html' || local === 'head' || local === 'body' ? 'html' : 'unknown'
    this.done = this.kind === 'html' || this.kind === 'unknown'
  }

  private isItem(local: string, name: string): boolean {
    if (this.stack.length < 2 || local !== (this.kind === 'atom' ? 'entry' : 'item')) return false
    const prefix = name.includes(':') ? name.slice(0, name.indexOf(':')) : ''
    if (prefix === '') return true
    // An `item` of some other vocabulary is not an item of the feed.
    return /w3\.org\/2005\/atom|purl\.org\/(atom|rss|net\/rss)|netscape\.com\/rdf/i.test(this.namespaces.get(prefix) ?? '')
  }

  private bind(attributes: Record<string, string>): void {
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith('xmlns:') && !this.namespaces.has(name.slice(6))) this.namespaces.set(name.slice(6), value)
    }
  }

  private take(start: number, end: number): void {
    if (this.items.length >= limits.items) {
      this.more = true
      return
    }
    const around = this.stack.slice(0, -1).flatMap((open) => (open.base === null ? [] : [open.base]))
    this.items.push({ start, end, bases: around })
  }
}

/** Name without its prefix, lower case: feeds are found with `<RSS>` and `<Item>`. */
export function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1).toLowerCase()
}
