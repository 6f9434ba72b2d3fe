import { htmlText } from '#connectors/kit/html.ts'
import { isWebAddress, searchText } from '#connectors/kit/plain.ts'
import { type Fields, fieldsOf, listOf, textOf } from '#connectors/kit/shape.ts'
import { mediaTypeOf, oneLine, parseInstant } from '#connectors/kit/text.ts'
import type { Attachment, MessageKind, Metrics, Party } from '#shared/model/index.ts'
import type { IncomingMessage } from '../connector.ts'
import type { Choice, Picture } from './message.ts'
import { type Own, partyOf } from './own.ts'
import type { Piece } from './pages.ts'

/** Media type of records: one status as the server's API tells it (docs.joinmastodon.org/entities/Status). */
export const STATUS = 'application/json; mastodon=status'
/** An earlier version of one (docs.joinmastodon.org/entities/StatusEdit). */
export const EDIT = 'application/json; mastodon=edit'

/** A post's address in ActivityPub, by which exports and all servers know it. */
export function uriOf(status: Fields, own: Own): string {
  return textOf(status['uri']) || textOf(status['url']) || `${own.origin}/statuses/${textOf(status['id'])}`
}

/** A key for posts that answers name by the server's own id. */
export function idKey(id: string): string {
  return `status:${id}`
}

/** Where a message stands besides what its status says. */
export interface Standing {
  endpoint: string
  /** It was not asked for by anybody: an older part of a conversation. */
  background?: boolean
  threadKeys?: string[]
}

/** A status as a message; null for what has no id or date, which no server should send. */
export function postMessage(piece: Piece, own: Own, standing: Standing): IncomingMessage | null {
  const { fields: status, raw } = piece
  const id = textOf(status['id'])
  const at = parseInstant(status['created_at'])
  if (id === '' || at === null) return null
  const outbound = textOf(fieldsOf(status['account'])?.['id']) === own.id
  const base = {
    remoteId: uriOf(status, own),
    place: id,
    direction: outbound ? ('outbound' as const) : ('inbound' as const),
    from: partyOf(status['account'], own),
    cc: [],
    at,
    read: outbound || standing.background === true,
    answered: false,
    raw,
    mediaType: STATUS,
    endpoint: standing.endpoint,
    volatile: true,
    ...(standing.background === true && { quiet: true }),
  }
  const boosted = fieldsOf(status['reblog'])
  if (boosted) {
    const address = uriOf(boosted, own)
    return {
      ...base,
      kind: 'act',
      threadKeys: [...new Set([base.remoteId, address])],
      to: [],
      subject: '',
      text: searchText(address),
      attachments: [],
      link: isWebAddress(address) ? address : null,
      quiet: !outbound,
    }
  }
  const answers = textOf(status['in_reply_to_id'])
  const keys = [base.remoteId, idKey(id), answers === '' ? '' : idKey(answers), ...(standing.threadKeys ?? [])]
  const url = textOf(status['url'])
  return {
    ...base,
    kind: kindOf(status, outbound, own),
    threadKeys: [...new Set(keys.filter((key) => key !== ''))],
    to: mentionsOf(status, own),
    subject: oneLine(textOf(status['spoiler_text'])),
    text: wordsOf(status),
    attachments: attachmentsOf(status),
    link: isWebAddress(url) ? url : isWebAddress(base.remoteId) ? base.remoteId : null,
  }
}

/** What an earlier version of a post said; null where it is the version that `now` is. */
export function editMessage(edit: Piece, now: IncomingMessage): IncomingMessage {
  return {
    ...now,
    raw: edit.raw,
    mediaType: EDIT,
    subject: oneLine(textOf(edit.fields['spoiler_text'])),
    text: wordsOf(edit.fields),
    attachments: attachmentsOf(edit.fields),
    media: [],
  }
}

function kindOf(status: Fields, outbound: boolean, own: Own): MessageKind {
  if (textOf(status['visibility']) === 'direct') return 'direct'
  const answers = textOf(status['in_reply_to_id']) !== ''
  if (outbound) return answers ? 'reply' : 'post'
  if (answers && textOf(status['in_reply_to_account_id']) === own.id) return 'reply'
  return mentions(status, own.id) ? 'mention' : answers ? 'reply' : 'post'
}

function mentions(status: Fields, id: string): boolean {
  return listOf(status['mentions']).some((entry) => textOf(fieldsOf(entry)?.['id']) === id)
}

function mentionsOf(status: Fields, own: Own): Party[] {
  return listOf(status['mentions'])
    .slice(0, 200)
    .map((entry) => partyOf(entry, own))
    .filter(({ handle }) => handle !== '')
}

/** What is searched: words, the choices of a poll, what pictures show. */
function wordsOf(status: Fields): string {
  const parts = [
    htmlText(textOf(status['content'])),
    ...pollOf(status).map(({ name }) => name),
    ...picturesOf(status).map(({ alt }) => alt),
  ]
  return searchText(parts.filter((part) => part !== '').join('\n\n'))
}

/** The choices of a poll with their votes; empty where there is none. */
export function pollOf(status: Fields): Choice[] {
  return listOf(fieldsOf(status['poll'])?.['options'])
    .slice(0, 100)
    .flatMap((entry) => {
      const choice = fieldsOf(entry)
      const votes = choice?.['votes_count']
      return choice
        ? [
            {
              name: oneLine(textOf(choice['title'])),
              votes: typeof votes === 'number' && Number.isSafeInteger(votes) ? votes : 0,
            },
          ]
        : []
    })
}

/** The files of a post: where the server has them, else where they came from. */
export function picturesOf(status: Fields): Picture[] {
  return listOf(status['media_attachments'])
    .slice(0, 100)
    .flatMap((entry) => {
      const file = fieldsOf(entry)
      const url = textOf(file?.['url']) || textOf(file?.['remote_url'])
      return file && url !== '' ? [{ url, mediaType: typeOf(url, textOf(file['type'])), alt: textOf(file['description']) }] : []
    })
}

/** By the ending of the address; else by what the server calls it. */
function typeOf(url: string, kind: string): string {
  const known = mediaTypeOf(URL.canParse(url) ? new URL(url).pathname : url)
  if (known !== 'application/octet-stream') return known
  return { image: 'image/jpeg', gifv: 'video/mp4', video: 'video/mp4', audio: 'audio/mpeg' }[kind] ?? known
}

function attachmentsOf(status: Fields): Attachment[] {
  return picturesOf(status).map(({ url, mediaType }, index) => {
    const path = URL.canParse(url) ? new URL(url).pathname : url
    const inline = mediaType.startsWith('image/')
    const name = oneLine(path.slice(path.lastIndexOf('/') + 1)) || String(index)
    return { index, name, mediaType, size: 0, contentId: inline ? String(index) : null, inline }
  })
}

const counters = [
  ['likes', 'favourites_count'],
  ['boosts', 'reblogs_count'],
  ['replies', 'replies_count'],
  ['quotes', 'quotes_count'],
] as const

/** What the server counts of a post. */
export function countsOf(status: Fields): Metrics['counts'] {
  return countsBy(status, counters)
}

/** Counts by their names on the server; what is no count is left out. */
export function countsBy(fields: Fields, names: readonly (readonly [keyof Metrics['counts'], string])[]): Metrics['counts'] {
  const counts: Metrics['counts'] = {}
  for (const [name, field] of names) {
    const value = fields[field]
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) counts[name] = value
  }
  return counts
}
