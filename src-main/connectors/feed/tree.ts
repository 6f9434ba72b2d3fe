import { Parser } from 'htmlparser2'
import { limits } from './limits.ts'

/** One element of an item, with the parts that its reader needs. */
export interface Element {
  /** Vocabulary and local name in lower case, e.g. `dc:creator`; without a vocabulary where it is the feed's own, e.g. `title`. */
  name: string
  /** By name as written, lower case. */
  attributes: Record<string, string>
  /** Its own text, entities and CDATA undone; that of elements in it is not part of it. */
  text: string
  /** What stands between its tags, as written. */
  inner: string
  /** It has elements, kept or not. */
  hasMarkup: boolean
  children: Element[]
}

export interface Tree {
  root: Element
  /** Something was not closed as it should be. */
  damaged: boolean
}

/** The vocabularies that are read, by the start of their namespace names in lower case. */
const VOCABULARIES: [string, string][] = [
  ['http://purl.org/rss/1.0/modules/content', 'content'],
  ['http://purl.org/rss/1.0/modules/syndication', 'sy'],
  ['http://purl.org/dc/elements/', 'dc'],
  ['http://purl.org/dc/terms', 'dcterms'],
  ['http://search.yahoo.com/mrss', 'media'],
  ['http://www.itunes.com/dtds/podcast', 'itunes'],
  ['http://www.w3.org/2005/atom', 'atom'],
  ['http://purl.org/atom/', 'atom'],
  ['http://purl.org/rss/1.0', ''],
  ['http://my.netscape.com/', ''],
  ['http://backend.userland.com/', ''],
]

/** The prefixes by which feeds mostly bind them; an item's bytes alone do not say. */
const USUAL: Record<string, string> = {
  atom: 'http://www.w3.org/2005/Atom',
  content: 'http://purl.org/rss/1.0/modules/content/',
  dc: 'http://purl.org/dc/elements/1.1/',
  dcterms: 'http://purl.org/dc/terms/',
  itunes: 'http://www.itunes.com/dtds/podcast-1.0.dtd',
  media: 'http://search.yahoo.com/mrss/',
  sy: 'http://purl.org/rss/1.0/modules/syndication/',
}

/** Elements that are read; all others are passed over. */
const WANTED = new Set(
  `rss channel feed item entry source group
  title link guid id description summary subtitle content encoded div author creator name email uri url
  pubdate date published issued created updated modified enclosure ttl updateperiod updatefrequency`.split(/\s+/),
)

/** The bindings of a document that must be remembered with an item because they are not the usual ones. */
export function unusualNamespaces(bound: Map<string, string>, used: string): Record<string, string> {
  const unusual = [...bound].filter(
    ([prefix, uri]) =>
      USUAL[prefix] !== uri &&
      /^[\w.-]{1,50}$/.test(prefix) &&
      prefix !== '__proto__' &&
      uri.length < 300 &&
      used.includes(`${prefix}:`),
  )
  return Object.fromEntries(unusual.slice(0, limits.namespaces))
}

/**
 * Reads a piece of XML into the elements that feeds are made of. Forgives what is not well-formed; expands only the five
 * entities of XML and character references. Takes time and memory in proportion to the length.
 * @param native the vocabulary whose elements are the feed's own: `atom`, or `` for RSS
 */
export function readTree(source: string, namespaces: Record<string, string>, native: '' | 'atom'): Tree | null {
  const builder = new Builder(source, { ...USUAL, ...namespaces }, native)
  const parser: Parser = new Parser(
    {
      onopentag: (name, attributes) => builder.open(name, attributes, parser.endIndex + 1),
      ontext: (text) => builder.text(text),
      onclosetag: (_name, implied) => builder.close(implied, parser.startIndex, parser.endIndex),
    },
    { xmlMode: true, decodeEntities: true },
  )
  parser.write(source)
  builder.ending = true
  parser.end()
  return builder.root === null ? null : { root: builder.root, damaged: builder.damaged }
}

interface Open {
  /** Null for what is passed over. */
  element: Element | null
  texts: string[]
  start: number
  namespaces: Record<string, string>
}

class Builder {
  root: Element | null = null
  damaged = false
  /** The text is at its end: what closes now was never closed. */
  ending = false
  private readonly source: string
  private readonly native: string
  private readonly outer: Record<string, string>
  private readonly stack: Open[] = []
  private count = 0

  constructor(source: string, namespaces: Record<string, string>, native: string) {
    this.source = source
    this.outer = namespaces
    this.native = native
  }

  open(written: string, attributes: Record<string, string>, start: number): void {
    const parent = this.stack.at(-1)
    const namespaces = bind(parent?.namespaces ?? this.outer, attributes)
    const name = this.nameOf(written, namespaces)
    if (parent?.element) parent.element.hasMarkup = true
    const wanted = parent
      ? parent.element !== null && this.stack.length < limits.fieldDepth && isWanted(name)
      : this.root === null
    const kept = wanted && this.count < limits.fields
    const element: Element | null = kept
      ? { name, attributes: lowerNames(attributes), text: '', inner: '', hasMarkup: false, children: [] }
      : null
    if (element) {
      this.count++
      if (parent?.element) parent.element.children.push(element)
      else this.root = element
    }
    this.stack.push({ element, texts: [], start, namespaces })
  }

  text(text: string): void {
    const open = this.stack.at(-1)
    if (open?.element) open.texts.push(text)
  }

  close(implied: boolean, start: number, end: number): void {
    const open = this.stack.pop()
    const selfClosing = implied && !this.ending && this.source[end - 1] === '/'
    if (implied && !selfClosing) this.damaged = true
    if (!open?.element) return
    open.element.text = open.texts.join('')
    // What stands in an element that was never closed is not its own.
    if (implied && !selfClosing) open.element.hasMarkup = false
    if (open.element.hasMarkup) open.element.inner = this.source.slice(open.start, this.ending ? this.source.length : start)
  }

  private nameOf(written: string, namespaces: Record<string, string>): string {
    const colon = written.indexOf(':')
    const prefix = colon < 0 ? '' : written.slice(0, colon)
    const local = written.slice(colon + 1).toLowerCase()
    const uri = (Object.hasOwn(namespaces, prefix) ? namespaces[prefix] : undefined)?.toLowerCase()
    if (uri === undefined) return prefix === '' ? local : `${prefix.toLowerCase()}:${local}`
    const vocabulary =
      VOCABULARIES.find(([start]) => uri.startsWith(start))?.[1] ?? (prefix === '' ? 'other' : prefix.toLowerCase())
    return vocabulary === this.native || vocabulary === '' ? local : `${vocabulary}:${local}`
  }
}

function isWanted(name: string): boolean {
  return WANTED.has(name.slice(name.indexOf(':') + 1))
}

function bind(around: Record<string, string>, attributes: Record<string, string>): Record<string, string> {
  const own = Object.entries(attributes).filter(([name]) => name === 'xmlns' || name.startsWith('xmlns:'))
  return own.length === 0 ? around : { ...around, ...Object.fromEntries(own.map(([name, uri]) => [name.slice(6), uri])) }
}

function lowerNames(attributes: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name.toLowerCase(), value]))
}
