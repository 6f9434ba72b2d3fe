import { htmlText } from '#connectors/kit/html.ts'
import type { ItemMessage, MediaRef, Owner } from '#connectors/kit/importer.ts'
import { isWebAddress, searchText } from '#connectors/kit/plain.ts'
import { type Fields, fieldsOf, listOf, textOf } from '#connectors/kit/shape.ts'
import type { Source } from '#connectors/kit/source/source.ts'
import { mediaTypeOf, oneLine, parseInstant } from '#connectors/kit/text.ts'
import type { MessageKind, Party } from '#shared/model/index.ts'

/** Fields that are known (ActivityStreams 2.0 and what Mastodon adds); others are remarked on and stay in the bytes. */
export const activityFields: ReadonlySet<string> = new Set('@context id type actor published to cc object signature'.split(' '))
export const noteFields: ReadonlySet<string> = new Set(
  `@context id type summary inReplyTo published updated url attributedTo to cc sensitive atomUri inReplyToAtomUri conversation context content
  contentMap summaryMap attachment tag replies likes shares oneOf anyOf endTime closed votersCount quote quoteUri _misskey_quote
  quoteAuthorization interactionPolicy`.split(/\s+/),
)

const PUBLIC = new Set(['https://www.w3.org/ns/activitystreams#Public', 'as:Public', 'Public'])

export interface Choice {
  name: string
  votes: number
}

/** The choices of a poll, one or many of which could be taken; empty where there is none. */
export function choicesOf(note: Fields): Choice[] {
  const list = listOf(note['oneOf']).length > 0 ? listOf(note['oneOf']) : listOf(note['anyOf'])
  return list.slice(0, 100).flatMap((entry) => {
    const choice = fieldsOf(entry)
    const votes = Number(fieldsOf(choice?.['replies'])?.['totalItems'] ?? 0)
    return choice ? [{ name: oneLine(textOf(choice['name'])), votes: Number.isSafeInteger(votes) ? votes : 0 }] : []
  })
}

export interface Picture {
  /** A path in the archive, or an address. */
  url: string
  mediaType: string
  alt: string
}

export function picturesOf(note: Fields): Picture[] {
  const attachment = note['attachment']
  const list = Array.isArray(attachment) ? attachment : [attachment]
  return list.flatMap((entry) => {
    const file = fieldsOf(entry)
    const url = textOf(file?.['url'])
    return file && url !== ''
      ? [{ url, mediaType: textOf(file['mediaType']) || mediaTypeOf(url), alt: textOf(file['name']) }]
      : []
  })
}

/** What a post is, or null for an activity that is none. */
export function noteOf(activity: Fields): Fields | null {
  const note = fieldsOf(activity['object'])
  return note && typeof note['content'] === 'string' ? note : null
}

export function ownParty({ name, handle, server }: Owner): Party {
  return { name: oneLine(name), handle: [handle, server].filter(Boolean).join('@') }
}

/** A post of one's own. */
export function noteMessage(note: Fields, published: unknown, own: Party): ItemMessage | null {
  const id = textOf(note['id'])
  const at = parseInstant(note['published']) ?? parseInstant(published)
  if (id === '' || at === null) return null
  const keys = [id, textOf(note['inReplyTo']), textOf(note['conversation']), textOf(note['context'])]
  const url = textOf(note['url'])
  const parts = [
    htmlText(textOf(note['content'])),
    ...choicesOf(note).map(({ name }) => name),
    ...picturesOf(note).map(({ alt }) => alt),
  ]
  return {
    remoteId: id,
    threadKeys: [...new Set(keys.filter((key) => key !== ''))],
    kind: kindOf(note),
    direction: 'outbound',
    from: own,
    to: mentionsOf(note),
    cc: [],
    subject: oneLine(textOf(note['summary'])),
    at,
    text: searchText(parts.filter((part) => part !== '').join('\n\n')),
    link: isWebAddress(url) ? url : isWebAddress(id) ? id : null,
  }
}

/** Sent to nobody but those whom it names: a direct message. Followers are a list of the sender's own server. */
function kindOf(note: Fields): MessageKind {
  const audience = [note['to'], note['cc']].flatMap((value) => (Array.isArray(value) ? value : [value])).map(textOf)
  const isWide = audience.some((one) => PUBLIC.has(one) || one.endsWith('/followers'))
  if (!isWide && audience.some((one) => one !== '')) return 'direct'
  return textOf(note['inReplyTo']) === '' ? 'post' : 'reply'
}

function mentionsOf(note: Fields): Party[] {
  return listOf(note['tag'])
    .slice(0, 200)
    .flatMap((entry) => {
      const tag = fieldsOf(entry)
      if (tag?.['type'] !== 'Mention') return []
      const name = oneLine(textOf(tag['name'])).replace(/^@/, '')
      const href = textOf(tag['href'])
      const host = URL.canParse(href) ? new URL(href).host : ''
      const handle = name.includes('@') || host === '' ? name : `${name}@${host}`
      return handle === '' ? [] : [{ name: '', handle }]
    })
}

/** A boost of another's post, of which the archive has the address only. */
export function boostMessage(activity: Fields, own: Party): ItemMessage | null {
  const id = textOf(activity['id'])
  const at = parseInstant(activity['published'])
  const address = textOf(activity['object']) || textOf(fieldsOf(activity['object'])?.['id'])
  if (id === '' || at === null || address === '') return null
  return {
    remoteId: id,
    threadKeys: [...new Set([id, address])],
    kind: 'act',
    direction: 'outbound',
    from: own,
    to: [],
    cc: [],
    subject: '',
    at,
    text: searchText(address),
    link: isWebAddress(address) ? address : null,
  }
}

/** The files of a post. Their addresses are paths of the archive, in some versions as on the server. */
export function mediaRefs(note: Fields, source: Source, base: string): MediaRef[] {
  return picturesOf(note).map(({ url, mediaType }) => {
    const path = pathIn(url)
    const found = [path, path.replace(/^system\//, '')].map((one) => base + one).find((one) => source.find(one))
    const name = oneLine(path.slice(path.lastIndexOf('/') + 1))
    return { path: found ?? null, name, mediaType: oneLine(mediaType), inline: mediaType.startsWith('image/') }
  })
}

function pathIn(url: string): string {
  const path = URL.canParse(url) ? new URL(url).pathname : url.replace(/[?#].*$/, '')
  return path.replace(/^\/+/, '')
}
