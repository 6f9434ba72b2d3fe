import type { Rendered } from '#connectors/connector.ts'
import { linkHtml, paragraphs, searchText } from '#connectors/kit/plain.ts'
import { parseRow } from '#connectors/kit/table.ts'
import { decodeText } from '#connectors/kit/text.ts'
import { ENTRY_TYPE, readEntry } from './page.ts'
import { readRow } from './row.ts'
import { type Segment, textOfSegments } from './segments.ts'
import type { Shape } from './tables.ts'

const shapes: ReadonlySet<string> = new Set<Shape>(['youtube-comments', 'youtube-chats', 'youtube-posts', 'youtube-videos'])

/** What a person reads of one row or entry, from its bytes alone. */
export function renderRow(raw: Uint8Array, mediaType: string): Rendered {
  if (mediaType === ENTRY_TYPE) {
    const { text, at } = readEntry(raw)
    return { html: paragraphs(text) || null, text: searchText(text), damaged: at === null || text === '', attachments: [] }
  }
  const parsed = parseRow(raw, mediaType)
  if (parsed === null || !isShape(parsed.shape)) return { html: null, text: decodeText(raw), damaged: true, attachments: [] }
  const segments = readRow(parsed.shape, parsed.row)
  const text = searchText(textOfSegments(segments))
  return { html: htmlOf(segments) || null, text, damaged: parsed.row.damaged, attachments: [] }
}

function htmlOf(segments: Segment[]): string {
  if (segments.every(({ href }) => href === null)) return paragraphs(textOfSegments(segments))
  const parts = segments.map(({ text, href }) => linkHtml(href ?? '', text).replaceAll('\n', '<br>'))
  return `<p>${parts.join('')}</p>`
}

function isShape(shape: string): shape is Shape {
  return shapes.has(shape)
}
