import { createHash } from 'node:crypto'
import type { Party } from '#shared/model/index.ts'
import type { ItemMessage, MediaRef, Owner } from '../importer.ts'
import { isWebAddress, searchText } from '../plain.ts'
import type { Source } from '../source/source.ts'
import { instantOf, mediaTypeOf, oneLine } from '../text.ts'
import { distinct, type Said } from './said.ts'

/** The conversation that a message stands in. */
export interface Thread {
  id: string
  title: string
  /** Names of all who take part, the account among them. */
  participants: string[]
}

/** Text for search: what was said, where it leads, and what was written below pictures. */
export function textOf({ text, links, media }: Said): string {
  const captions = media.map(({ caption }) => caption).filter((caption) => !text.includes(caption))
  return searchText(distinct([text, ...captions, ...links]).join('\n'))
}

/** @returns null when the entry has no time that is one. */
export function toMessage(said: Said, owner: Owner, thread: Thread | null): ItemMessage | null {
  const at = said.at === null ? null : instantOf(said.at)
  if (at === null) return null
  const own: Party = { name: owner.name, handle: owner.handle ?? owner.userId ?? '' }
  const isOwn = said.author === '' ? thread === null : said.author === owner.name || said.author === owner.handle
  const from = isOwn ? own : { name: oneLine(said.author), handle: '' }
  const others = thread?.participants.filter((name) => name !== said.author) ?? []
  const id = idOf(said, thread)
  return {
    remoteId: id,
    threadKeys: [thread === null ? id : `thread:${thread.id}`],
    kind: said.kind,
    direction: isOwn || (thread === null && owner.name === '') ? 'outbound' : 'inbound',
    from,
    to: others.map((name) => (name === owner.name ? own : { name: oneLine(name), handle: '' })),
    cc: [],
    subject: oneLine(thread?.title || said.subject),
    at,
    text: textOf(said),
    link: said.links.find(isWebAddress) ?? null,
  }
}

/**
 * Entries have no ids, but for the newest exports. What stays the same from one export to the next is the time, who wrote, and the
 * names of the files; where there are none, the text. Words of pictures may be mended later: the same id, another version.
 */
function idOf(said: Said, thread: Thread | null): string {
  if (said.id !== null) return `${said.kind}:${said.id}`
  const files = said.media.map(({ uri }) => baseName(uri)).sort()
  const words = thread !== null || files.length === 0 ? [said.text, ...said.links] : []
  // What the network says of an entry is in the language of the export: it counts only where there is nothing else.
  const rest = words.length === 0 || words.every((word) => word === '') ? (files.length === 0 ? [said.subject] : []) : words
  const parts = [thread?.id ?? '', said.at, said.author, rest, files]
  return `${said.kind}:${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)}`
}

/** Files of an entry as the kit takes them. */
export function mediaOf({ media }: Said, source: Source, path: string): MediaRef[] {
  return media.map(({ uri }) => {
    const mediaType = mediaTypeOf(uri.replace(/[?#].*$/s, ''))
    return { path: isWebAddress(uri) ? null : find(source, path, uri), name: oneLine(baseName(uri)), mediaType, inline: false }
  })
}

/** Paths in an entry begin where the export does, which may lie in a folder of its own in the archive. */
function find(source: Source, path: string, uri: string): string {
  const folders = path.split('/').slice(0, -1)
  for (let depth = 0; depth <= folders.length; depth++) {
    const tried = [...folders.slice(0, depth), uri].join('/')
    if (source.find(tried) !== null) return tried
  }
  return uri
}

function baseName(uri: string): string {
  const path = uri.replace(/[?#].*$/s, '')
  return path.slice(path.lastIndexOf('/') + 1) || path
}
