import type { ItemMessage } from '#connectors/kit/importer.ts'
import { searchText } from '#connectors/kit/plain.ts'
import { decodeText, oneLine } from '#connectors/kit/text.ts'
import { readTime } from './dates.ts'
import { author, digest, isId, type Self, threadOf, watch } from './row.ts'

/** Media type of an entry of the pages that Takeout wrote before it had tables: one `li` element. */
export const ENTRY_TYPE = 'text/html; charset=utf-8; shape=youtube-entry'

/** Bytes of one entry. A comment has 10,000 characters. Over: its beginning is an entry that is not understood. */
export const ENTRY_BYTES = 1024 * 1024

const OPEN = Buffer.from('<li')
const CLOSE = Buffer.from('</li>')

/** The `li` elements of a page with their exact bytes, in memory of their own. What lies between them is layout. */
export async function* readEntries(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held = Buffer.alloc(0)
  for await (const chunk of bytes) {
    held = held.length === 0 ? Buffer.from(chunk) : Buffer.concat([held, chunk])
    for (;;) {
      const start = held.indexOf(OPEN)
      if (start < 0) {
        held = held.subarray(Math.max(0, held.length - OPEN.length))
        break
      }
      const close = held.indexOf(CLOSE, start)
      const end = close < 0 ? start + ENTRY_BYTES : close + CLOSE.length
      if (end > held.length) {
        held = held.subarray(start)
        break
      }
      yield new Uint8Array(held.subarray(start, end))
      held = held.subarray(end)
    }
  }
  // The page ends in the middle of an entry.
  if (held.indexOf(OPEN) === 0) yield new Uint8Array(held)
}

/** What an entry says, whatever the language of the words around it. */
export interface Entry {
  text: string
  at: string | null
  video: string
  /** Id of the comment; empty for a line of a live chat. */
  comment: string
}

export function readEntry(raw: Uint8Array): Entry {
  const html = decodeText(raw)
  const [, lead = '', said = ''] = /^<li[^>]*>(.*?)<br ?\/?>(.*?)(?:<\/li>)?$/s.exec(html) ?? []
  const pages = [...lead.matchAll(/href="([^"]{1,2000})"/g)].map(([, href = '']) => undoEntities(href))
  const value = (name: string) => pages.map((page) => parameter(page, name)).find((found) => found !== '') ?? ''
  const time = /\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2} UTC/.exec(lead)?.[0] ?? ''
  const lines = said.split(/<br ?\/?>/).map((line) => undoEntities(line.replace(/<[^<>]{0,2000}>/g, '')).trim())
  return { text: lines.join('\n').trim(), at: readTime(time), video: value('v'), comment: value('lc') }
}

/** @returns null when it has no text, no time, or names no film. */
export function entryMessage(raw: Uint8Array, self: Self): ItemMessage | null {
  const { text, at, video, comment } = readEntry(raw)
  if (at === null || text === '' || !isId(video) || (comment !== '' && !isId(comment))) return null
  const common = { direction: 'outbound' as const, from: author('', self), to: [], cc: [], at, text: searchText(text) }
  const subject = oneLine(self.videos.get(video) ?? '')
  if (comment === '') {
    const remoteId = `chat:${digest([video, at, text])}`
    return { ...common, remoteId, threadKeys: [`chat:${video}`], kind: 'comment', subject, link: watch(video) }
  }
  const { top, parent } = threadOf(comment, '', '')
  const kind = parent === null ? 'comment' : 'reply'
  return { ...common, remoteId: `comment:${comment}`, threadKeys: [`comment:${top}`], kind, subject, link: watch(video, comment) }
}

function parameter(page: string, name: string): string {
  return URL.canParse(page) ? (new URL(page).searchParams.get(name) ?? '') : ''
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

/** The five entities of XML, and numbers: what these pages are written with. */
function undoEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,4}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return entities[String(name).toLowerCase()] ?? whole
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
    return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : whole
  })
}
