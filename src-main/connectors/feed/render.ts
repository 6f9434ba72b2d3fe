import type { Rendered } from '#connectors/connector.ts'
import type { Attachment } from '#shared/model/index.ts'
import type { FeedItem } from './fields.ts'
import { absoluteHtml, escapeHtml, htmlToText } from './html.ts'

/** What a person reads of an item: its HTML with absolute addresses, and below it the files it names, as links. */
export function renderItem(item: FeedItem): Rendered {
  const links = item.enclosures.map(({ url, name }) => `<li><a href="${escapeHtml(url)}">${escapeHtml(name)}</a></li>`)
  const body = item.html === null ? (item.text === null ? '' : paragraphs(item.text)) : absoluteHtml(item.html, item.base)
  const html = item.html === null && links.length === 0 ? null : body + (links.length > 0 ? `<ul>${links.join('')}</ul>` : '')
  return { html, text: textOf(item), damaged: item.damaged, attachments: attachmentsOf(item), subject: item.title }
}

/** Plain text for search, snippets and readers without HTML. Without the characters that mark a search hit. */
export function textOf(item: FeedItem): string {
  const text = item.html === null ? (item.text ?? '') : htmlToText(item.html)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: NUL ends texts in some places, so it is left out
  return text.replace(/[\u0000\ue000\ue001]/g, '').trim()
}

/** The files an item names. The feed has only their addresses; the bytes are fetched when a person asks for them. */
export function attachmentsOf(item: FeedItem): Attachment[] {
  return item.enclosures.map(({ name, mediaType, size }, index) => ({
    index,
    name,
    mediaType,
    size,
    contentId: null,
    inline: false,
  }))
}

function paragraphs(text: string): string {
  return text
    .split(/\n{2,}/)
    .map((part) => `<p>${escapeHtml(part).replaceAll('\n', '<br>')}</p>`)
    .join('')
}
