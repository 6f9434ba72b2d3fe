import { parseDate } from './dates.ts'
import { type AnyFile, baseOf, bodyOf, enclosuresOf, type FeedItem, lineOf, looksLikeHtml, party, urlOnly } from './fields.ts'
import { webAddress } from './html.ts'
import { limits } from './limits.ts'
import type { ItemContext } from './media-type.ts'
import { type Element, readTree } from './tree.ts'

/** Reads an RSS item or an Atom entry. @returns null when there is no element at all. */
export function readXmlItem(source: string, context: ItemContext): FeedItem | null {
  const tree = readTree(source, context.namespaces, context.format === 'atom' ? 'atom' : '')
  if (!tree) return null
  // An element that was never closed has swallowed those after it.
  const root = tree.damaged ? { ...tree.root, children: descendants(tree.root) } : tree.root
  const item = context.format === 'atom' ? readEntry(root, context) : readRss(root, context)
  return { ...item, damaged: tree.damaged }
}

/** RSS 0.9x and 2.0, RSS 1.0, with Dublin Core, content, Media RSS, iTunes and Atom elements in them. */
function readRss(item: Element, context: ItemContext): FeedItem {
  const base = baseOf(item.attributes['xml:base'], context.base)
  const guid = first(item, 'guid')
  const id = textOf(guid) ?? item.attributes['rdf:about'] ?? textOf(first(item, 'atom:id'))
  const permalink = guid?.attributes.ispermalink?.trim().toLowerCase() === 'false' ? undefined : textOf(guid)
  const atomLink = all(item, 'atom:link').find((link) => isAlternate(link))?.attributes.href
  const body =
    first(item, 'content:encoded') ?? first(item, 'description') ?? first(item, 'itunes:summary') ?? first(item, 'dc:description')
  const text = markupOf(body)
  const files = all(item, 'enclosure').map(({ attributes }) => ({
    url: attributes.url,
    type: attributes.type,
    size: Number(attributes.length),
  }))
  return {
    id: id ?? null,
    link: webAddress(textOf(first(item, 'link')) ?? atomLink ?? urlOnly(permalink), base, limits.linkChars),
    title: lineOf(markupOf(first(item, 'title')) ?? textOf(first(item, 'dc:title'))),
    author: readAuthor(
      first(item, 'author') ?? first(item, 'dc:creator') ?? first(item, 'itunes:author') ?? first(item, 'atom:author'),
    ),
    ...bodyOf(text, text !== undefined && looksLikeHtml(text)),
    base,
    published: dateOf(item, ['pubdate', 'dc:date', 'dcterms:issued', 'dcterms:created', 'atom:published']),
    updated: dateOf(item, ['dcterms:modified', 'atom:updated']),
    enclosures: enclosuresOf([...files, ...mediaFiles(item)], base),
    damaged: false,
  }
}

/** Atom 1.0 (RFC 4287) and 0.3. */
function readEntry(entry: Element, context: ItemContext): FeedItem {
  const base = baseOf(entry.attributes['xml:base'], context.base)
  const links = all(entry, 'link')
  const alternates = links.filter(isAlternate)
  const link =
    alternates.find(({ attributes }) => attributes.type === undefined || attributes.type.includes('html')) ?? alternates[0]
  const content = first(entry, 'content')
  const media = first(entry, 'media:group') ?? entry
  const body = isReadable(content) ? content : (first(entry, 'summary') ?? first(media, 'media:description'))
  const source = first(entry, 'source')
  const title = first(entry, 'title')
  const files = links
    .filter(({ attributes }) => attributes.rel === 'enclosure')
    .map(({ attributes }) => ({
      url: attributes.href,
      type: attributes.type,
      size: Number(attributes.length),
      title: attributes.title,
    }))
  return {
    id: textOf(first(entry, 'id')) ?? null,
    link: webAddress(
      link?.attributes.href ?? content?.attributes.src ?? urlOnly(textOf(first(entry, 'id'))),
      base,
      limits.linkChars,
    ),
    title: lineOf(markupOf(title), typeOf(title) === 'text' ? 'text' : 'html'),
    author: readAuthor(first(entry, 'author') ?? (source && first(source, 'author')) ?? first(entry, 'dc:creator')),
    ...bodyOf(markupOf(body), body !== undefined && typeOf(body) !== 'text'),
    base: contentBase(body, base),
    published: dateOf(entry, ['published', 'issued', 'created', 'dc:date']),
    updated: dateOf(entry, ['updated', 'modified']),
    enclosures: enclosuresOf([...files, ...mediaFiles(entry)], base),
    damaged: false,
  }
}

function descendants(element: Element): Element[] {
  return element.children.flatMap((child) => [child, ...descendants(child)])
}

function all(parent: Element, name: string): Element[] {
  return parent.children.filter((child) => child.name === name)
}

function first(parent: Element, name: string): Element | undefined {
  return parent.children.find((child) => child.name === name)
}

function textOf(element: Element | undefined): string | undefined {
  return element?.text.trim() || undefined
}

/** Text, or the markup itself where a feed wrote it without escaping (and Atom does so by rule). */
function markupOf(element: Element | undefined): string | undefined {
  if (!element?.hasMarkup) return textOf(element)
  const inner = element.inner.trim()
  // XHTML under a prefix of its own is not what a browser reads.
  const prefix = /^<([\w.-]+):/.exec(inner)?.[1]
  return prefix === undefined ? inner : inner.split(`<${prefix}:`).join('<').split(`</${prefix}:`).join('</')
}

/** `text`, `html`, or what else an Atom text says it is; Atom 0.3 named media types. */
function typeOf(element: Element | undefined): string {
  const type = element?.attributes.type?.trim().toLowerCase() ?? 'text'
  return (type === 'text' || type === 'text/plain') && !element?.hasMarkup ? 'text' : 'html'
}

/** Whether an Atom content is text; it may be a picture or another vocabulary (RFC 4287 section 4.1.3). */
function isReadable(content: Element | undefined): content is Element {
  const type = content?.attributes.type ?? 'text'
  return (
    content !== undefined &&
    markupOf(content) !== undefined &&
    /^(text|html|xhtml|text\/.*|application\/xhtml\+xml)$/i.test(type.trim())
  )
}

function contentBase(body: Element | undefined, base: string): string {
  const div = body && first(body, body.children[0]?.name ?? '')
  return baseOf(div?.attributes['xml:base'], baseOf(body?.attributes['xml:base'], base))
}

function isAlternate({ attributes }: Element): boolean {
  return attributes.rel === undefined || attributes.rel === 'alternate'
}

/** RSS: `press@parliament.example (Press office)` or only a name; Atom: elements. */
function readAuthor(element: Element | undefined): FeedItem['author'] {
  if (!element) return null
  const part = (name: string) => textOf(first(element, name) ?? first(element, `atom:${name}`))
  const email = part('email')
  const name = part('name') ?? email
  if (name !== undefined) return party(name, email ?? part('uri') ?? part('url'))
  const text = element.text.slice(0, limits.authorChars).trim()
  if (text === '') return null
  const address = /[^\s()<>[\]"']{1,64}@[^\s()<>[\]"']{1,255}/.exec(text)?.[0]
  if (address === undefined) return party(text, undefined)
  const rest = text
    .replace(address, ' ')
    .replace(/mailto:|[()<>[\]"]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return party(rest || address, address)
}

function dateOf(item: Element, names: string[]): number | null {
  for (const name of names) {
    const date = parseDate(first(item, name)?.text)
    if (date !== null) return date
  }
  return null
}

function mediaFiles(item: Element): AnyFile[] {
  const groups = [item, ...all(item, 'media:group')]
  return groups
    .flatMap((group) => all(group, 'media:content'))
    .map((content) => ({
      url: content.attributes.url,
      type: content.attributes.type,
      size: Number(content.attributes.filesize),
      title: textOf(first(content, 'media:title')),
    }))
}
