import { searchText } from '#connectors/kit/plain.ts'
import { type Fields, fieldsOf, listOf, textOf } from '#connectors/kit/shape.ts'
import { oneLine, parseInstant } from '#connectors/kit/text.ts'
import type { IncomingMessage } from '../connector.ts'
import type { ApiAnswer } from './api.ts'
import { type Own, partyOf } from './own.ts'
import { memberOf, type Piece, piecesOf } from './pages.ts'
import { idKey, uriOf } from './post.ts'

/** Media type of records: a notification, or a group of them followed by the accounts that it names, one a line. */
export const NOTICE = 'application/x-ndjson; mastodon=notification'

/** One notification, or several that the server told as one (docs.joinmastodon.org/entities/NotificationGroup). */
export interface Notice {
  /** The server's id or key of it. */
  key: string
  type: string
  /** Null where the server does not tell. */
  at: string | null
  status: Piece | null
  /** Who did it: of a group, the newest few. */
  accounts: Piece[]
  /** How many did it. */
  count: number
  own: Piece
}

/** Types that bring what somebody wrote. */
const writing = new Set(['mention', 'quote', 'update', 'quoted_update', 'status', 'poll'])
/** How those are shown that bring none: without words, for it is the network that says them. */
const signs: Record<string, string> = {
  favourite: '★',
  reblog: '↻',
  follow: '+',
  follow_request: '+?',
  'admin.sign_up': '+',
  moderation_warning: '!',
  severed_relationships: '×',
}

export const bringsPost = ({ type, status }: Notice): boolean => status !== null && writing.has(type)

/** Notifications of `/api/v1/notifications`, newest first. */
export function noticesOf(answer: ApiAnswer, host: string): { notices: Notice[]; leftOut: number } {
  const { found, leftOut } = piecesOf(answer, host)
  const notices = found.map(({ piece }) => {
    const account = memberOf(piece, 'account')
    return {
      key: textOf(piece.fields['id']),
      type: textOf(piece.fields['type']),
      at: parseInstant(piece.fields['created_at']),
      status: memberOf(piece, 'status'),
      accounts: account ? [account] : [],
      count: 1,
      own: piece,
    }
  })
  return { notices: notices.filter(({ key }) => key !== ''), leftOut }
}

/** Notifications of `/api/v2/notifications`, newest first. */
export function groupsOf(answer: ApiAnswer, host: string): { notices: Notice[]; leftOut: number } {
  const { found, leftOut } = piecesOf(
    answer,
    host,
    (path) => path.length === 0 || (path.length === 1 && typeof path[0] === 'string'),
  )
  const accounts = new Map<string, Piece>()
  const statuses = new Map<string, Piece>()
  for (const { path, piece } of found) {
    if (path[0] === 'accounts') accounts.set(textOf(piece.fields['id']), piece)
    if (path[0] === 'statuses') statuses.set(textOf(piece.fields['id']), piece)
  }
  const notices = found
    .filter(({ path }) => path[0] === 'notification_groups')
    .map(({ piece }) => {
      const { fields } = piece
      const count = fields['notifications_count']
      return {
        key: textOf(fields['group_key']),
        type: textOf(fields['type']),
        at: parseInstant(fields['latest_page_notification_at']),
        status: statuses.get(textOf(fields['status_id'])) ?? null,
        accounts: listOf(fields['sample_account_ids']).flatMap((id) => accounts.get(String(id)) ?? []),
        count: typeof count === 'number' && count > 0 ? count : 1,
        own: piece,
      }
    })
  return { notices: notices.filter(({ key }) => key !== ''), leftOut }
}

/** A like, a boost, a new follower: in the conversation that it belongs to, and asking nothing of anybody. */
export function noticeMessage(notice: Notice, own: Own, now: string, endpoint: string): IncomingMessage {
  const { key, type, status, accounts, count } = notice
  const remoteId = `${own.origin}/notifications/${key}`
  const people = accounts.map(({ fields }) => partyOf(fields, own))
  const lines = accounts.length === 0 ? [notice.own.raw] : [notice.own.raw, ...accounts.map(({ raw }) => raw)]
  const threads = status ? [uriOf(status.fields, own), idKey(textOf(status.fields['id']))] : ['notifications']
  return {
    remoteId,
    place: null,
    threadKeys: [remoteId, ...threads],
    kind: 'act',
    direction: 'inbound',
    from: people[0] ?? { name: '', handle: own.domain },
    to: [],
    cc: [],
    subject: '',
    at: notice.at ?? (status && parseInstant(status.fields['created_at'])) ?? now,
    text: searchText(
      noticeText(
        type,
        people.map(({ name, handle }) => (name === '' ? `@${handle}` : `${name} @${handle}`)),
        count,
      ),
    ),
    read: true,
    answered: false,
    attachments: [],
    link: null,
    raw: joinLines(lines),
    mediaType: NOTICE,
    endpoint,
    // what the server says of an account itself asks for somebody who looks
    quiet: type !== 'moderation_warning' && type !== 'severed_relationships' && type !== 'follow_request',
    volatile: true,
  }
}

/** A sign of what was done, and by whom. */
export function noticeText(type: string, people: string[], count: number): string {
  const more = count > people.length && people.length > 0 ? [`+ ${count - people.length}`] : []
  return [signs[type] ?? oneLine(type), ...people, ...more].join('\n')
}

/** Each on a line of its own, as the server wrote it: JSON has no line end but as a blank. */
function joinLines(parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(
    Buffer.concat(
      parts.flatMap((part) => [Buffer.from(part).map((byte) => (byte === 0x0a || byte === 0x0d ? 0x20 : byte)), NEWLINE]),
    ),
  )
}
const NEWLINE = Buffer.from('\n')

/** What is read back of a record. */
export function readNotice(fields: Fields[]): { type: string; accounts: Fields[]; count: number } {
  const [first = {}, ...rest] = fields
  const count = first['notifications_count']
  const own = fieldsOf(first['account'])
  return {
    type: textOf(first['type']),
    accounts: rest.length > 0 ? rest : own ? [own] : [],
    count: typeof count === 'number' ? count : 1,
  }
}
