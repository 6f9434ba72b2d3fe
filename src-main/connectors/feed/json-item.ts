import { z } from 'zod'
import { parseDate } from './dates.ts'
import { bodyOf, enclosuresOf, type FeedItem, lineOf, party, urlOnly } from './fields.ts'
import { webAddress } from './html.ts'
import { limits } from './limits.ts'
import type { ItemContext } from './media-type.ts'

/** A field that does not fit counts as not there: the other fields are still good. */
const text = z.string().optional().catch(undefined)
const Author = z.object({ name: text, url: text })
const authors = z.array(Author).optional().catch(undefined)

/** Item of a JSON Feed 1.0 or 1.1. Ids are strings, but numbers are found. */
const Item = z.object({
  id: z
    .union([z.string(), z.number().transform(String)])
    .optional()
    .catch(undefined),
  url: text,
  external_url: text,
  title: text,
  content_html: text,
  content_text: text,
  summary: text,
  date_published: text,
  date_modified: text,
  authors,
  author: Author.optional().catch(undefined),
  attachments: z
    .array(z.object({ url: text, mime_type: text, title: text, size_in_bytes: z.number().optional().catch(undefined) }))
    .optional()
    .catch(undefined),
})

/** Reads one item of a JSON Feed. @returns null when it is no JSON object. */
export function readJsonItem(source: string, context: ItemContext): FeedItem | null {
  const item = Item.safeParse(parse(source)).data
  if (!item) return null
  const author = item.authors?.[0] ?? item.author
  const files = (item.attachments ?? []).map((one) => ({
    url: one.url,
    type: one.mime_type,
    size: one.size_in_bytes,
    title: one.title,
  }))
  return {
    id: item.id?.trim() || null,
    link: webAddress(item.url ?? item.external_url ?? urlOnly(item.id), context.base, limits.linkChars),
    title: lineOf(item.title, 'text'),
    author: author?.name === undefined ? null : party(author.name, author.url),
    ...bodyOf(item.content_html ?? item.content_text ?? item.summary, item.content_html !== undefined),
    base: context.base,
    published: parseDate(item.date_published),
    updated: parseDate(item.date_modified),
    enclosures: enclosuresOf(files, context.base),
    damaged: false,
  }
}

function parse(source: string): unknown {
  try {
    return JSON.parse(source)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
