import { parseValue } from '#connectors/kit/json.ts'
import { fieldsOf, listOf, textOf } from '#connectors/kit/shape.ts'
import type { Socket, SocketRequest } from '#ports/index.ts'
import { type MastodonSettings, ProblemError } from '#shared/model/index.ts'
import type { Context } from '../connector.ts'
import type { List } from './cursor.ts'
import { limits, times } from './limits.ts'
import type { Piece } from './pages.ts'
import type { Session } from './session.ts'

/** What the stream told since it was last asked. */
export interface News {
  lists: Set<List>
  /** Posts that were changed, as the stream told them. */
  edited: Piece[]
  /** The server's ids of posts that were removed. */
  deleted: string[]
  /** Something that somebody may want to see now. */
  urgent: boolean
}
const none = (): News => ({ lists: new Set(), edited: [], deleted: [], urgent: false })

/** Edits and deletions kept until they are asked for; beyond it the lists are looked at. */
const MOST_KEPT = 1000
/** Kinds of notifications that somebody may want to answer. */
const speaking = new Set([
  'mention',
  'quote',
  'update',
  'quoted_update',
  'status',
  'poll',
  'moderation_warning',
  'follow_request',
])

/** The stream of one account (docs.joinmastodon.org/methods/streaming, WebSocket). */
export class Push {
  readonly #context: Context<MastodonSettings>
  readonly #session: Session
  #socket: Socket | null = null
  #news = none()
  #wake: () => void = () => undefined

  constructor(context: Context<MastodonSettings>, session: Session) {
    this.#context = context
    this.#session = session
  }

  get open(): boolean {
    return this.#socket !== null
  }

  /**
   * Opens the stream. What came before is not told: the lists are to be looked at afterwards.
   * @returns false where the server has none.
   */
  async connect(signal: AbortSignal): Promise<boolean> {
    const url = streamOf(this.#session)
    const token = await this.#context.secret()
    if (url === null || token === null) return false
    const request: SocketRequest = { url, maxBytes: limits.pushBytes, timeoutMs: times.silence, signal }
    const headers = { authorization: `Bearer ${token}` }
    try {
      this.#socket = await this.#context.sockets.connect({ ...request, headers })
    } catch (error) {
      if (signal.aborted) throw signal.reason
      if (!(error instanceof ProblemError)) throw error
      this.#context.log.debug('mastodon.no_stream', { code: error.code, host: this.#session.api.host })
      return false
    }
    this.#news = none()
    void this.#listen(this.#socket)
    return true
  }

  /** Takes what was told. */
  take(): News {
    const news = this.#news
    this.#news = none()
    return news
  }

  /**
   * Resolves when something urgent was told, when the stream ended, or after `ms`; likes and boosts are gathered for a while first.
   * @throws the signal's reason.
   */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    const { clock } = this.#context
    const ending = clock.monotonic() + ms
    let gathered = Number.POSITIVE_INFINITY
    for (;;) {
      signal.throwIfAborted()
      const { urgent, lists, deleted } = this.#news
      const now = clock.monotonic()
      if (urgent || !this.open || now >= Math.min(ending, gathered)) return
      // many deletions are of posts that the account never had
      if (lists.size + deleted.length > 0 && gathered === Number.POSITIVE_INFINITY) gathered = now + times.gather
      const woken = new AbortController()
      this.#wake = () => woken.abort()
      const rest = Math.min(ending, gathered) - now
      // Woken or over: either way it is looked at again.
      await clock.sleep(rest, AbortSignal.any([signal, woken.signal])).catch(() => undefined)
    }
  }

  close(): void {
    this.#socket?.close()
    this.#socket = null
    this.#wake()
  }

  async #listen(socket: Socket): Promise<void> {
    try {
      for await (const text of socket.messages) this.#take(text)
    } catch (error) {
      const code = error instanceof ProblemError ? error.code : 'internal'
      this.#context.log.debug('mastodon.stream_ended', { code, host: this.#session.api.host })
    }
    if (this.#socket === socket) this.close()
  }

  #take(text: string): void {
    const event = fieldsOf(parseValue({ bytes: Buffer.from(text), deep: false }))
    const payload = textOf(event?.['payload'])
    const own = this.#session.own.id
    const news = this.#news
    switch (textOf(event?.['event'])) {
      case 'notification': {
        const type = textOf(fieldsOf(parseValue({ bytes: Buffer.from(payload), deep: false }))?.['type'])
        news.lists.add('notifications')
        if (speaking.has(type) || type === '') news.urgent = true
        break
      }
      case 'update': {
        const status = fieldsOf(parseValue({ bytes: Buffer.from(payload), deep: false }))
        if (textOf(fieldsOf(status?.['account'])?.['id']) !== own) return
        news.lists.add('posts')
        news.urgent = true
        break
      }
      case 'status.update': {
        const raw = new Uint8Array(Buffer.from(payload))
        const fields = fieldsOf(parseValue({ bytes: raw, deep: false }))
        if (!fields || !this.#concerns(fields)) return
        if (news.edited.length < MOST_KEPT) news.edited.push({ raw, fields })
        news.urgent = true
        break
      }
      case 'delete':
        if (news.deleted.length < MOST_KEPT && payload !== '') news.deleted.push(payload)
        break
      case 'conversation':
        news.lists.add('conversations')
        news.urgent = true
        break
      default:
        return
    }
    this.#wake()
  }

  /** By the account, or to it. Others that it follows are edited too. */
  #concerns(status: Record<string, unknown>): boolean {
    const { id } = this.#session.own
    const named = listOf(status['mentions']).map((entry) => textOf(fieldsOf(entry)?.['id']))
    return [textOf(fieldsOf(status['account'])?.['id']), textOf(status['in_reply_to_account_id']), ...named].includes(id)
  }
}

/**
 * Where the stream is. The token goes there, so it must be the server's own: the same name, or one beside or below it, and encrypted
 * where the server is.
 */
export function streamOf({ api, instance }: Pick<Session, 'api' | 'instance'>): string | null {
  const origin = new URL(api.origin)
  const url = new URL(instance.streaming ?? api.origin)
  url.protocol = url.protocol === 'https:' || url.protocol === 'wss:' ? 'wss:' : 'ws:'
  if (origin.protocol === 'https:' && url.protocol !== 'wss:') return null
  const parent = origin.hostname.split('.').slice(-2).join('.')
  const beside = origin.hostname.includes('.') && !/^[\d.]+$|:/.test(origin.hostname) && url.hostname.endsWith(`.${parent}`)
  if (url.hostname !== origin.hostname && !beside) return null
  url.pathname = '/api/v1/streaming'
  url.search = '?stream=user'
  return url.href
}
