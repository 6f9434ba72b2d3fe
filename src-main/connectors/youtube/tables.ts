import { foldColumn } from '#connectors/kit/table.ts'
import { readTime } from './dates.ts'

/** Tables of a Takeout that are read. */
export type Shape = 'youtube-comments' | 'youtube-chats' | 'youtube-posts' | 'youtube-videos' | 'youtube-channels'

export interface Recognised {
  shape: Shape
  /** Our names for its columns, in the order of the file. */
  columns: string[]
}

const english: Record<string, string> = {
  'channel id': 'channel',
  'created at': 'time',
  'parent comment id': 'parent',
  'top-level comment id': 'top',
  'post id': 'post',
  'video id': 'video',
  price: 'price',
  'currency code': 'currency',
  'channel title (original)': 'title',
  'channel title': 'title',
  'video title (original)': 'title',
  'video description (original)': 'text',
  'video create timestamp': 'time',
  'video publish timestamp': 'published',
}

const COMMENT = /^Ug[\w-]{10,}(?:\.[\w-]+)?$/
export const CHANNEL = /^UC[\w-]{22}$/

/**
 * Recognises a table by its header; and since Takeout writes headers and names of files in the language of the account, else by what
 * stands in its first row.
 * @returns null for a table that is not read.
 */
export function recognise(header: string[], first: string[]): Recognised | null {
  const folded = header.map(foldColumn)
  const has = (...names: string[]) => names.every((name) => folded.includes(name))
  const named = (shape: Shape, id: string): Recognised => ({ shape, columns: folded.map((name) => ours(name, id)) })
  if (has('comment id', 'channel id')) return named('youtube-comments', 'comment id')
  if (has('live chat id', 'channel id')) return named('youtube-chats', 'live chat id')
  if (has('video id', 'video title (original)')) return named('youtube-videos', 'video id')
  if (has('post id') && folded.some((name) => /^(?:post )?text$/.test(name))) return named('youtube-posts', 'post id')
  if (has('channel id') && folded.some((name) => name.startsWith('channel title'))) return named('youtube-channels', 'channel id')
  return byValues(folded, first)
}

function ours(name: string, id: string): string {
  if (name === id) return 'id'
  if (/^(?:comment|live chat|post) create timestamp$/.test(name)) return 'time'
  if (/^(?:(?:comment|live chat|post) )?text$/.test(name)) return 'text'
  return english[name] ?? name
}

const comments7 = ['id', 'channel', 'time', 'price', 'parent', 'video', 'text']
const comments9 = ['id', 'channel', 'time', 'price', 'parent', 'post', 'video', 'text', 'top']
const chats6 = ['id', 'channel', 'time', 'price', 'video', 'text']
const chats7 = ['id', 'channel', 'time', 'price', 'currency', 'video', 'text']

function byValues(header: string[], first: string[]): Recognised | null {
  const [id = '', channel = '', time = ''] = first
  const written = CHANNEL.test(channel) && readTime(time) !== null && id.length >= 10
  if (written && COMMENT.test(id)) {
    const columns = { 7: comments7, 9: comments9 }[header.length]
    return columns === undefined ? null : { shape: 'youtube-comments', columns }
  }
  if (written) {
    const columns = { 6: chats6, 7: chats7 }[header.length]
    return columns === undefined ? null : { shape: 'youtube-chats', columns }
  }
  // Subscriptions begin with a channel too, but have its address.
  const owns = header.length === 3 && CHANNEL.test(id) && !first.some((field) => /^https?:/.test(field))
  return owns ? { shape: 'youtube-channels', columns: ['id', 'title', 'visibility'] } : null
}

/** Columns that Takeout is known to write, by our names; those of films are many, and only some are read. */
const written = new Set([...comments9, ...chats7, 'title', 'published', 'visibility', 'privacy'])

/** Columns of a table that are not known here. What is in them stands in the rows. */
export function unknownColumns(columns: readonly string[]): string[] {
  return columns.filter((name) => !written.has(name))
}
