import type { IncomingMessage, Rendered } from '#connectors/connector.ts'
import type { BlogSettings, Instant } from '#shared/model/index.ts'
import { htmlText } from '../kit/html.ts'
import { readJsonBody } from '../kit/json-items.ts'
import { searchText } from '../kit/plain.ts'
import { type Fields, fieldsOf, textOf } from '../kit/shape.ts'
import { oneLine, parseInstant } from '../kit/text.ts'
import { limits } from './limits.ts'

/** Articles (<https://developer.wordpress.org/rest-api/reference/posts/>) and comments (<https://developer.wordpress.org/rest-api/reference/comments/>). */
export type Kind = 'post' | 'comment'

/** The bytes of an item are the JSON object in which the site wrote it. */
export const mediaTypes: Record<Kind, string> = {
  post: 'application/json;wordpress=post',
  comment: 'application/json;wordpress=comment',
}

export interface Item {
  kind: Kind
  id: number
  /** Of the article that it is, or is about. */
  post: number
  fields: Fields
  /** When it was published. */
  at: Instant
  /** When an article was last changed; of a comment the site does not say it, and it is `at`. */
  modified: Instant
}

/** @returns null for what is no such item. */
export function readItem(kind: Kind, value: unknown): Item | null {
  const fields = fieldsOf(value)
  const id = idOf(fields?.['id'])
  const post = kind === 'post' ? id : idOf(fields?.['post'])
  const at = fields && gmt(fields['date_gmt'])
  if (fields === null || id === null || post === null || at === null) return null
  return { kind, id, post, fields, at, modified: (kind === 'post' ? gmt(fields['modified_gmt']) : null) ?? at }
}

function idOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : null
}

/** WordPress writes UTC without saying so: `2026-01-31T09:30:00`. */
function gmt(value: unknown): Instant | null {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(value) ? parseInstant(`${value}Z`) : null
}

/** What a site wrote in one of its fields: as HTML, and as it was typed where we may see that. */
export function written(fields: Fields, name: string): { html: string; raw: string | null } {
  const field = fieldsOf(fields[name])
  const raw = field?.['raw']
  return { html: textOf(field?.['rendered']), raw: typeof raw === 'string' ? raw : null }
}

export function placeOf({ kind, id }: Pick<Item, 'kind' | 'id'>): string {
  return `${kind}:${id}`
}

/** What makes it another version: the words, who wrote them, and where a comment stands. Links and pictures of people do not. */
export function said(item: Item | null): string {
  if (item === null) return ''
  const { fields, kind, modified } = item
  if (kind === 'post') return JSON.stringify([modified, textOf(fields['status'])])
  const { html, raw } = written(fields, 'content')
  return JSON.stringify([raw ?? html, fields['status'], fields['author_name']])
}

/** What kept bytes say; null for damaged ones. */
export function itemIn(raw: Uint8Array, mediaType: string): Item | null {
  return readItem(mediaType === mediaTypes.comment ? 'comment' : 'post', readJsonBody(raw))
}

export function renderItem(item: Item | null): Rendered {
  if (item === null) return { html: null, text: '', damaged: true, attachments: [] }
  const { html } = written(item.fields, 'content')
  return { html, text: searchText(htmlText(html)), damaged: false, attachments: [], subject: titleOf(item) }
}

function titleOf({ kind, fields }: Item): string {
  return kind === 'post' ? oneLine(htmlText(written(fields, 'title').html)) : ''
}

/** One article with its comments is one conversation. What is the blog's own, or ours under it, is outbound. */
export function toMessage(item: Item, raw: Uint8Array, settings: BlogSettings): IncomingMessage {
  const { kind, fields } = item
  const blog = { name: settings.title || new URL(settings.site).host, handle: new URL(settings.site).host }
  const own = kind === 'post' || (settings.userId !== null && fields['author'] === settings.userId)
  const link = textOf(fields['link'])
  const text = htmlText(written(fields, 'content').html)
  return {
    remoteId: placeOf(item),
    place: placeOf(item),
    threadKeys: [`post:${item.post}`],
    kind,
    direction: own ? 'outbound' : 'inbound',
    from: kind === 'post' ? blog : personOf(fields),
    to: kind === 'post' || own ? [] : [blog],
    cc: [],
    subject: titleOf(item),
    at: item.at,
    text: searchText(text.slice(0, limits.textChars)),
    read: own,
    answered: false,
    attachments: [],
    link: /^https?:\/\//.test(link) && link.length <= 2000 ? link : null,
    raw,
    mediaType: mediaTypes[kind],
    endpoint: settings.api,
  }
}

/** Who wrote a comment: by mail address where we may see it, else by the site that they named, else by name. */
function personOf(fields: Fields): { name: string; handle: string } {
  const clip = (text: string) => oneLine(text).slice(0, limits.partyChars)
  const name = clip(htmlText(textOf(fields['author_name'])))
  const handle = clip(textOf(fields['author_email'])) || clip(textOf(fields['author_url'])) || name
  return { name: name || handle, handle }
}
