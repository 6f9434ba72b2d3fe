import { decode } from './charset.ts'
import type { FeedItem } from './fields.ts'
import { readJsonItem } from './json-item.ts'
import { parseMediaType } from './media-type.ts'
import { readXmlItem } from './xml-item.ts'

/** One item as it came. */
export interface RawItem {
  raw: Uint8Array
  /** @see printMediaType */
  mediaType: string
}

/**
 * Reads one item from its own bytes. Pure, never throws: of an item that is broken it gives what can be read, with
 * `damaged`.
 */
export function parseItem({ raw, mediaType }: RawItem): FeedItem {
  const context = parseMediaType(mediaType)
  const source = decode(raw, context.charset)
  const item = context.format === 'json' ? readJsonItem(source, context) : readXmlItem(source, context)
  return (
    item ?? {
      id: null,
      link: null,
      title: '',
      author: null,
      html: null,
      text: source,
      base: context.base,
      published: null,
      updated: null,
      enclosures: [],
      damaged: true,
    }
  )
}
