import { isUtf8 } from 'node:buffer'
import type { Rendered } from '../../connector.ts'
import { escapeHtml, linkHtml, paragraphs } from '../plain.ts'
import { decodeText, mediaTypeOf } from '../text.ts'
import { textOf } from './message.ts'
import { type Shape, shapes, understand } from './read.ts'

/** The media type of an entry's record: which of the forms it has. */
export function entryType(shape: Shape): string {
  return `application/json; shape=meta-${shape}`
}

/** What a person reads of one entry, from its bytes alone. */
export function renderEntry(raw: Uint8Array, mediaType: string): Rendered {
  const shape = shapes.find((one) => mediaType === entryType(one))
  const said = shape === undefined ? null : (understand(raw, [shape])?.said ?? null)
  if (said === null) return { html: null, text: decodeText(raw), damaged: mediaType !== THREAD_TYPE, attachments: [] }
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

/** The record of what a file says of a conversation beside its messages: title, who takes part. */
export const THREAD_TYPE = 'application/json; shape=meta-thread'
