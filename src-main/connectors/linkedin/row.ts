import { createHash } from 'node:crypto'
import type { ItemMessage } from '#connectors/kit/importer.ts'
import { limits } from '#connectors/kit/limits.ts'
import { searchText } from '#connectors/kit/plain.ts'
import type { Row } from '#connectors/kit/table.ts'
import { oneLine } from '#connectors/kit/text.ts'
import type { Party } from '#shared/model/index.ts'
import { readDate } from './dates.ts'

/** Tables that are read, by the shape that is noted with their rows. */
export type Shape = 'linkedin-messages' | 'linkedin-shares' | 'linkedin-comments' | 'linkedin-reposts'

/** Whose export it is. */
export interface Self {
  name: string
  /** The last part of the profile's address; null where the export does not tell it. */
  handle: string | null
}

/** What a row says, whatever its table: the only reading of it, so that what is searched is what is shown. */
export interface Said {
  text: string
  /** Addresses that the row names beside its text. */
  links: string[]
}

export function readRow(shape: Shape, row: Row): Said {
  switch (shape) {
    case 'linkedin-messages':
      return { text: row.get('content'), links: addresses(row.get('attachments')) }
    case 'linkedin-shares':
      return { text: mendShare(row.get('sharecommentary')), links: addresses(`${row.get('sharedurl')} ${row.get('mediaurl')}`) }
    case 'linkedin-comments':
      return { text: row.get('message'), links: [] }
    case 'linkedin-reposts':
      return { text: '', links: addresses(row.get('link')) }
  }
}

/** Text for search: what was said, then the addresses. */
export function textOf({ text, links }: Said): string {
  return searchText([text, ...links].filter((part) => part.trim() !== '').join('\n'))
}

/**
 * The message that a row is.
 * @returns null when the row is not whole, or has no date that is one.
 */
export function toMessage(shape: Shape, row: Row, self: Self): ItemMessage | null {
  const at = readDate(row.get('date'))
  if (row.damaged || at === null) return null
  return shape === 'linkedin-messages' ? directOf(row, self, at) : publicOf(shape, row, self, at)
}

function directOf(row: Row, self: Self, at: string): ItemMessage {
  const from = party(row.get('from'), row.get('sender profile url'))
  const own = isSelf(from, self)
  const conversation = row.get('conversation id') || digest([row.get('from'), row.get('to')])
  // A draft was never sent, and nobody received it: it is kept, but is no message.
  const draft = /^(?:yes|true)$/i.test(row.get('is message draft').trim())
  return {
    remoteId: `message:${digest([conversation, row.get('date'), from.handle || from.name, row.get('content')])}`,
    threadKeys: [`conversation:${conversation}`],
    kind: draft ? 'file' : 'direct',
    direction: own ? 'outbound' : 'inbound',
    from,
    to: recipients(row.get('to'), row.get('recipient profile urls')),
    cc: [],
    subject: oneLine(row.get('subject') || row.get('conversation title')),
    at,
    text: textOf(readRow('linkedin-messages', row)),
    link: null,
  }
}

function publicOf(shape: Exclude<Shape, 'linkedin-messages'>, row: Row, self: Self, at: string): ItemMessage {
  const said = readRow(shape, row)
  const address = shape === 'linkedin-shares' ? row.get('sharelink') : row.get('link')
  const about = urnOf(address) ?? address
  const comment = shape === 'linkedin-comments'
  const commentUrn = comment ? commentOf(address) : null
  const id = {
    'linkedin-shares': about || `share:${digest([row.get('date'), said.text])}`,
    'linkedin-comments': commentUrn ?? `comment:${digest([about, row.get('date'), said.text])}`,
    'linkedin-reposts': `repost:${digest([about, row.get('date')])}`,
  }[shape]
  return {
    remoteId: id,
    threadKeys: about === '' ? [id] : [about],
    kind: comment ? 'comment' : 'post',
    direction: 'outbound',
    from: { name: self.name, handle: self.handle ?? '' },
    to: [],
    cc: [],
    subject: '',
    at,
    text: textOf(said),
    link: /^https:\/\//.test(address) && address.length <= limits.line ? address : null,
  }
}

/** Names and addresses of those who received a message, as pairs where there are as many of one as of the other. */
function recipients(names: string, urls: string): Party[] {
  const addressed = urls.split(/[,;]/).filter((part) => part.trim() !== '')
  const named = names.split(/[,;]/).filter((part) => part.trim() !== '')
  if (named.length === addressed.length) return named.map((name, index) => party(name, addressed[index] ?? ''))
  // A name with a comma in it (“Jane Doe, PhD”): who it belongs to cannot be told.
  if (addressed.length > 1) return addressed.map((url) => party('', url))
  return names.trim() === '' && addressed.length === 0 ? [] : [party(names, addressed[0] ?? '')]
}

export function party(name: string, url: string): Party {
  return { name: oneLine(name), handle: handleOf(url) ?? '' }
}

/** The name of a profile in its address, as far as there is one: `https://www.linkedin.com/in/jane-doe` -> `jane-doe`. */
export function handleOf(url: string): string | null {
  const found = /linkedin\.com\/(?:in|company|school)\/([^/?#\s]{1,300})/i.exec(url)?.[1]
  if (found === undefined) return null
  try {
    return decodeURIComponent(found)
  } catch (error) {
    if (error instanceof URIError) return found
    throw error
  }
}

export function isSelf({ name, handle }: Party, self: Self): boolean {
  if (self.handle !== null && handle !== '') return handle.toLowerCase() === self.handle.toLowerCase()
  return self.name !== '' && name === self.name
}

/**
 * Undoes what LinkedIn does to line ends in a post: every line stands in quotation marks of its own, and those inside are doubled
 * again. A text without such a line end is left as it is.
 */
function mendShare(text: string): string {
  const normal = text.replaceAll('\r\n', '\n')
  if (!normal.includes('"\n"')) return normal
  return normal.replace(/^"|"$/g, '').replaceAll('"\n"', '\n').replaceAll('""', '"')
}

/** `urn:li:share:7012345678901234567` of an address: too large for a number, so it stays text. */
function urnOf(address: string): string | null {
  return (
    /urn(?::|%3A)li(?::|%3A)(share|ugcPost|activity|groupPost)(?::|%3A)([\d-]{1,60})/i.exec(address)?.slice(1).join(':') ?? null
  )
}

function commentOf(address: string): string | null {
  const found = /urn(?::|%3A)li(?::|%3A)comment(?::|%3A)(?:\(|%28)([^)]{1,200}?)(?:\)|%29)/i.exec(address)?.[1]
  return found === undefined ? null : `comment:${found.replaceAll(/%3A/gi, ':').replaceAll(/%2C/gi, ',')}`
}

function addresses(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter((part) => /^https?:\/\//i.test(part)))].slice(0, limits.mediaOfMessage)
}

function digest(parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}
