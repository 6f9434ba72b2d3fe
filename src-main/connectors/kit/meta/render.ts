import { isUtf8 } from 'node:buffer'
import type { Rendered } from '../../connector.ts'
import { parseValue } from '../json.ts'
import { escapeHtml, linkHtml, paragraphs, searchText } from '../plain.ts'
import { decodeText, mediaTypeOf } from '../text.ts'
import { mend } from './mend.ts'
import { textOf } from './message.ts'
import { type Shape, shapes, understand } from './read.ts'

/** The media type of an entry's record: which of the forms it has. */
export function entryType(shape: Shape): string {
  return `application/json; shape=meta-${shape}`
}

/** What a person reads of one entry, from its bytes alone. */
export function renderEntry(raw: Uint8Array, mediaType: string): Rendered {
  if (mediaType === THREAD_TYPE) return { html: null, text: frameText(raw), damaged: !isUtf8(raw), attachments: [] }
  const shape = shapes.find((one) => mediaType === entryType(one))
  const said = shape === undefined ? null : (understand(raw, [shape])?.said ?? null)
  if (said === null) return { html: null, text: decodeText(raw), damaged: true, attachments: [] }
  const attachments = said.media.map(({ uri }, index) => ({
    index,
    name: uri.slice(uri.lastIndexOf('/') + 1),
    mediaType: mediaTypeOf(uri),
    size: 0,
    contentId: null,
    inline: false,
  }))
  const captions = said.media.flatMap(({ caption }) => (caption === '' || said.text.includes(caption) ? [] : [caption]))
  const items = (parts: string[]) => (parts.length === 0 ? '' : `<ul>${parts.map((part) => `<li>${part}</li>`).join('')}</ul>`)
  const html = [
    paragraphs(said.text),
    ...captions.map((caption) => `<p><em>${escapeHtml(caption)}</em></p>`),
    items(said.links.map((link) => linkHtml(link))),
    items(said.kind === 'act' ? [] : said.reactions.map(({ sign, by }) => escapeHtml(`${sign} ${by}`))),
  ].join('')
  return { html: html === '' ? null : html, text: textOf(said), damaged: !isUtf8(raw), attachments, subject: said.subject }
}

/** Its texts, mended, in their order; the bytes where they are no JSON. */
export function frameText(raw: Uint8Array): string {
  const value = mend(parseValue({ bytes: raw, deep: false }))
  return searchText(value === undefined ? decodeText(raw) : textsIn(value, 0).join('\n'))
}

function textsIn(value: unknown, depth: number): string[] {
  if (typeof value === 'string') return value.trim() === '' ? [] : [value]
  if (typeof value !== 'object' || value === null || depth > FRAME_DEPTH) return []
  return Object.values(value).flatMap((member) => textsIn(member, depth + 1))
}
/** Participants are the deepest: a list of objects with a name. */
const FRAME_DEPTH = 5

/** The record of what a file says of a conversation beside its messages: title, who takes part. */
export const THREAD_TYPE = 'application/json; shape=meta-thread'
