import { createHash } from 'node:crypto'
import type { ItemMessage } from '#connectors/kit/importer.ts'
import { searchText } from '#connectors/kit/plain.ts'
import type { Row } from '#connectors/kit/table.ts'
import { oneLine } from '#connectors/kit/text.ts'
import { readTime } from './dates.ts'
import { readSegments, type Segment, textOfSegments } from './segments.ts'
import { CHANNEL, type Shape } from './tables.ts'

/** Whose Takeout it is: one or several channels, and the titles of their videos. */
export interface Self {
  channel: string | null
  /** Titles by channel id. */
  channels: Map<string, string>
  /** Titles by video id. */
  videos: Map<string, string>
}

/** What a row says: the only reading of it, so that what is searched is what is shown. */
export function readRow(shape: Shape, row: Row): Segment[] {
  const text = row.get('text')
  if (shape !== 'youtube-videos') return readSegments(text)
  return [row.get('title'), text]
    .filter((part) => part !== '')
    .map((part, index) => ({ text: index === 0 ? part : `\n\n${part}`, href: null }))
}

/**
 * The message that a row is: a comment or a reply to one, a line of a live chat, a post, a film.
 * @returns null when the row is not whole, has no id, or no time that is one.
 */
export function toMessage(shape: Shape, row: Row, self: Self): ItemMessage | null {
  const at = readTime(row.get('published')) ?? readTime(row.get('time'))
  const id = row.get('id')
  if (row.damaged || at === null || !isId(id)) return null
  const video = row.get('video')
  const written = { from: author(row.get('channel'), self), at, text: searchText(textOfSegments(readRow(shape, row))) }
  if (shape === 'youtube-videos') {
    return { ...base(`video:${id}`, written), kind: 'post', subject: oneLine(row.get('title')), link: watch(id) }
  }
  if (shape === 'youtube-posts') return { ...base(`post:${id}`, written), kind: 'post', link: postPage(id) }
  const subject = oneLine(self.videos.get(video) ?? '')
  if (shape === 'youtube-chats') {
    return { ...base(`chat:${id}`, written), kind: 'comment', threadKeys: [`chat:${video || id}`], subject, link: watch(video) }
  }
  const { top, parent } = threadOf(id, row.get('top'), row.get('parent'))
  const post = row.get('post')
  const link = isId(post) ? `${postPage(post)}?lc=${encodeURIComponent(id)}` : watch(video, id)
  const kind = parent === null ? 'comment' : 'reply'
  return { ...base(`comment:${id}`, written), kind, threadKeys: [`comment:${top}`], subject, link }
}

type Written = Pick<ItemMessage, 'from' | 'at' | 'text'>

function base(remoteId: string, written: Written): Omit<ItemMessage, 'kind'> {
  return { ...written, remoteId, threadKeys: [remoteId], direction: 'outbound', to: [], cc: [], subject: '', link: null }
}

/** The id of a reply begins with that of the comment that it belongs to. */
export function threadOf(id: string, top: string, parent: string): { top: string; parent: string | null } {
  const dot = id.indexOf('.')
  const of = top || parent || (dot > 0 ? id.slice(0, dot) : '')
  return of === '' || of === id ? { top: id, parent: null } : { top: of.split('.', 1)[0] ?? of, parent: parent || of }
}

export function author(channel: string, self: Self): { name: string; handle: string } {
  const id = CHANNEL.test(channel) ? channel : (self.channel ?? channel)
  return { name: oneLine(self.channels.get(id) ?? ''), handle: oneLine(id) }
}

/** The page of a film, or of a comment below it; null when there is no film. */
export function watch(video: string, comment = ''): string | null {
  if (!isId(video)) return null
  return `https://www.youtube.com/watch?v=${encodeURIComponent(video)}${comment === '' ? '' : `&lc=${encodeURIComponent(comment)}`}`
}

function postPage(id: string): string {
  return `https://www.youtube.com/post/${encodeURIComponent(id)}`
}

export function isId(text: string): boolean {
  return /^[\w.=-]{1,300}$/.test(text)
}

export function digest(parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}
