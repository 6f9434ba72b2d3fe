import type { Rendered } from '#connectors/connector.ts'
import { linkHtml, paragraphs } from '#connectors/kit/plain.ts'
import { parseRow } from '#connectors/kit/table.ts'
import { decodeText } from '#connectors/kit/text.ts'
import { readRow, type Shape, textOf } from './row.ts'

const shapes: ReadonlySet<string> = new Set<Shape>([
  'linkedin-messages',
  'linkedin-shares',
  'linkedin-comments',
  'linkedin-reposts',
])

/** What a person reads of one row, from its bytes alone. */
export function renderRow(raw: Uint8Array, mediaType: string): Rendered {
  const parsed = parseRow(raw, mediaType)
  if (parsed === null || !isShape(parsed.shape)) return { html: null, text: decodeText(raw), damaged: true, attachments: [] }
  const said = readRow(parsed.shape, parsed.row)
  const links = said.links.map((link) => `<li>${linkHtml(link)}</li>`)
  const html = paragraphs(said.text) + (links.length === 0 ? '' : `<ul>${links.join('')}</ul>`)
  return { html: html === '' ? null : html, text: textOf(said), damaged: parsed.row.damaged, attachments: [] }
}

function isShape(shape: string): shape is Shape {
  return shapes.has(shape)
}
