import { fieldsOf, textOf } from '#connectors/kit/shape.ts'
import type { ApiAnswer } from './api.ts'
import type { List } from './cursor.ts'
import { bringsPost, groupsOf, type Notice, noticesOf } from './notice.ts'
import { memberOf, nextQuery, type Piece, piecesOf } from './pages.ts'
import type { Session } from './session.ts'

/** One entry of a list. */
export interface Item {
  /** The list's own id of it. */
  id: string
  /** The server's id of the post that it brings; empty for none. */
  postId: string
  /** Its bytes, which say whether it is as before. */
  raw: Uint8Array
  status: Piece | null
  notice: Notice | null
  /** Accounts that were told with it. */
  accounts: Piece[]
  threadKeys: string[]
}

export interface Page {
  items: Item[]
  /** Query of the next older page; null at the end. */
  next: string | null
  leftOut: number
  answer: ApiAnswer
}

/** Entries asked for: when looking what is new, and when reading on. The server gives fewer if it wants. */
const sizes: Record<List, { look: number; page: number }> = {
  notifications: { look: 20, page: 80 },
  conversations: { look: 20, page: 40 },
  posts: { look: 40, page: 40 },
}

/** Reads the pages of an account's lists, in the way that its server has. */
export class Lists {
  readonly #session: Session
  /** Notifications in groups (since 4.3); null until it was tried. */
  #grouped: boolean | null = null

  constructor(session: Session) {
    this.#session = session
  }

  /** The newest page, or the one that `query` names. @returns null where the server has no such list. */
  async page(list: List, query: string | null, signal: AbortSignal): Promise<Page | null> {
    const { api, own } = this.#session
    const values = new URLSearchParams(query ?? '')
    values.set('limit', String(query === null ? sizes[list].look : sizes[list].page))
    if (list === 'conversations') {
      const path = '/api/v1/conversations'
      const answer = await api.find(`${path}?${values}`, signal)
      return answer && page(answer, path, conversationsOf(answer, api.host))
    }
    if (list === 'posts') {
      const path = `/api/v1/accounts/${encodeURIComponent(own.id)}/statuses`
      const answer = await api.get(`${path}?${values}`, signal)
      return page(answer, path, postsOf(answer, api.host))
    }
    const path = '/api/v2/notifications'
    const grouped = this.#grouped === false ? null : await api.find(`${path}?${values}`, signal)
    if (grouped && (this.#grouped === true || isGrouped(api.parse(grouped)))) {
      this.#grouped = true
      return page(grouped, path, ofNotices(groupsOf(grouped, api.host)))
    }
    this.#grouped = false
    const plain = '/api/v1/notifications'
    const answer = await api.get(`${plain}?${values}`, signal)
    return page(answer, plain, ofNotices(noticesOf(answer, api.host)))
  }
}

function page(answer: ApiAnswer, path: string, { items, leftOut }: { items: Item[]; leftOut: number }): Page {
  const seen = new Set<string>()
  const once = items.filter(({ id }) => id !== '' && !seen.has(id) && seen.add(id))
  return { items: once, next: items.length === 0 ? null : nextQuery(answer, path), leftOut, answer }
}

function isGrouped(value: unknown): boolean {
  return Array.isArray(fieldsOf(value)?.['notification_groups'])
}

function postsOf(answer: ApiAnswer, host: string): { items: Item[]; leftOut: number } {
  const { found, leftOut } = piecesOf(answer, host)
  return { items: found.map(({ piece }) => postItem(textOf(piece.fields['id']), piece, piece.raw)), leftOut }
}

function conversationsOf(answer: ApiAnswer, host: string): { items: Item[]; leftOut: number } {
  const { found, leftOut } = piecesOf(answer, host)
  const items = found.map(({ piece }) => {
    const id = textOf(piece.fields['id'])
    const status = memberOf(piece, 'last_status')
    // a conversation comes again with each post in it
    const entry = `${id} ${textOf(status?.fields['id'])}`
    return { ...postItem(entry, status, piece.raw), threadKeys: [`conversation:${id}`] }
  })
  return { items, leftOut }
}

function ofNotices({ notices, leftOut }: { notices: Notice[]; leftOut: number }): { items: Item[]; leftOut: number } {
  const items = notices.map((notice) => {
    const raw = Buffer.concat([notice.own.raw, notice.status?.raw ?? NOTHING])
    if (bringsPost(notice)) return postItem(notice.key, notice.status, raw)
    return { ...postItem(notice.key, null, raw), notice, accounts: notice.accounts }
  })
  return { items, leftOut }
}
const NOTHING = new Uint8Array(0)

function postItem(id: string, status: Piece | null, raw: Uint8Array): Item {
  return { id, postId: textOf(status?.fields['id']), raw, status, notice: null, accounts: [], threadKeys: [] }
}

/** Posts of an answer to `/statuses/:id/context` that come before the one asked about. */
export function ancestorsOf(answer: ApiAnswer, host: string): Piece[] {
  const { found } = piecesOf(answer, host, (path) => path.length === 0 || (path.length === 1 && path[0] === 'ancestors'))
  return found.filter(({ path }) => path[0] === 'ancestors').map(({ piece }) => piece)
}

/** Earlier versions of a post, oldest first, of an answer to `/statuses/:id/history`. */
export function editsOf(answer: ApiAnswer, host: string): Piece[] {
  return piecesOf(answer, host).found.map(({ piece }) => piece)
}
