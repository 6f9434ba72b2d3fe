import { htmlToText, webAddress } from './html.ts'
import { limits } from './limits.ts'

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

/** A text that is one of the two. */
export function bodyOf(value: string | undefined, isHtml: boolean): Pick<FeedItem, 'html' | 'text'> {
  if (value === undefined || value === '') return { html: null, text: null }
  return isHtml ? { html: value, text: null } : { html: null, text: value }
}

/** RSS does not say whether a text is HTML; it is when it has a tag or an entity left after decoding. */
export function looksLikeHtml(text: string): boolean {
  return /<\/?[a-z!]|&(?:#\d+|#x[0-9a-f]+|[a-z]+\d*);/i.test(text)
}

/** Text of one line: HTML undone, blanks joined, shortened. */
export function lineOf(value: string | undefined, type = 'html'): string {
  if (value === undefined) return ''
  const plain = type !== 'text' && looksLikeHtml(value) ? htmlToText(value) : value
  return clip(plain.replace(/\s+/g, ' ').trim(), limits.titleChars)
}

/** Name and address, one line each. */
export function party(name: string, handle: string | undefined): { name: string; handle: string } {
  return { name: clip(lineOf(name), limits.partyChars), handle: clip(handle?.trim() ?? '', limits.partyChars) }
}

/** Shortens without cutting a character in two, and says so. */
export function clip(text: string, longest: number): string {
  if (text.length <= longest) return text
  const kept = text.slice(0, longest - 1)
  return `${/[\ud800-\udbff]$/.test(kept) ? kept.slice(0, -1) : kept}…`
}

/** Resolves an xml:base against the one around it. */
export function baseOf(own: string | undefined, around: string): string {
  return own !== undefined && URL.canParse(own, around) ? new URL(own, around).href : around
}

/** The text if it is a web address by itself. */
export function urlOnly(text: string | undefined): string | undefined {
  return text !== undefined && /^https?:\/\//i.test(text) ? text : undefined
}

/** A file as some format names it. */
export interface AnyFile {
  url?: string | undefined
  type?: string | undefined
  size?: number | undefined
  title?: string | undefined
}

/** The files that have a web address, each once. */
export function enclosuresOf(files: AnyFile[], base: string): Enclosure[] {
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
