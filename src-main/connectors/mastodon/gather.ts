import { parseValue } from '#connectors/kit/json.ts'
import { fieldsOf, textOf } from '#connectors/kit/shape.ts'
import { parseInstant } from '#connectors/kit/text.ts'
import type { MastodonSettings } from '#shared/model/index.ts'
import type { Answer, Batch, Context, IncomingMessage } from '../connector.ts'
import type { ApiAnswer } from './api.ts'
import { STREAM, type State } from './cursor.ts'
import { ancestorsOf, editsOf, type Item } from './lists.ts'
import { withFiles } from './media.ts'
import { noticeMessage } from './notice.ts'
import type { Piece } from './pages.ts'
import { countsOf, editMessage, postMessage, STATUS, type Standing } from './post.ts'
import type { Session } from './session.ts'

/** Messages and bytes after which a batch is saved while the next is read. */
const MOST_MESSAGES = 200
const MOST_BYTES = 4 * 1024 * 1024
/** What one batch may hold at most. */
const BATCH = { messages: 1000, bytes: 8 * 1024 * 1024 }

type Gathered = Required<Pick<Batch, 'messages' | 'gone' | 'profiles' | 'metrics'>>
const nothing = (): Gathered => ({ messages: [], gone: [], profiles: [], metrics: [] })

/** What one pass brings, saved as it goes: each batch with where the reading got to. */
export class Gather {
  readonly #context: Context<MastodonSettings>
  readonly #session: Session
  readonly #signal: AbortSignal
  #cursor: string
  #open = nothing()
  #bytes = 0
  #answer: Answer | null = null
  /** Notifications that were taken in this reading. */
  readonly #groups = new Set<string>()
  #saving: Promise<unknown> = Promise.resolve()

  /** @param state where the reading got to before. */
  constructor(context: Context<MastodonSettings>, session: Session, state: State, signal: AbortSignal) {
    this.#cursor = JSON.stringify(state)
    this.#context = context
    this.#session = session
    this.#signal = signal
  }

  get full(): boolean {
    return this.#open.messages.length >= MOST_MESSAGES || this.#bytes >= MOST_BYTES
  }

  /** Takes entries of a page. @param backfill history: what they answer is not asked for. */
  async take(items: readonly Item[], answer: ApiAnswer, backfill: boolean): Promise<void> {
    const { own, people } = this.#session
    const now = this.#context.clock.now()
    this.#answer = answerOf(answer, now)
    const { endpoint } = answer
    const told = items.flatMap(({ notice }) =>
      notice ? [noticeMessage(notice, own, new Date(now).toISOString(), endpoint)] : [],
    )
    // a group goes on over pages: what an older one says of it is older
    const known = backfill ? await this.#context.has(told.map(({ remoteId }) => remoteId)) : new Set<string>()
    for (const message of told) {
      if (known.has(message.remoteId) || this.#groups.has(message.remoteId)) continue
      this.#groups.add(message.remoteId)
      this.#push(message)
    }
    for (const { accounts } of items)
      for (const account of accounts) this.#open.profiles.push(...people.account(account, now, endpoint))
    const posts = items.flatMap(({ status, threadKeys }) => (status ? [{ status, standing: { endpoint, threadKeys } }] : []))
    await this.posts(posts, backfill)
  }

  /** Takes posts, each once. */
  async posts(posts: readonly { status: Piece; standing: Standing }[], backfill: boolean): Promise<void> {
    const { own, people, api } = this.#session
    const made = posts.flatMap(({ status, standing }) => {
      const message = postMessage(status, own, standing)
      return message ? [{ message, status, standing }] : []
    })
    const known = await this.#context.has([...new Set(made.map(({ message }) => message.remoteId))])
    const seen = new Set<string>()
    const now = this.#context.clock.now()
    for (const { message, status, standing } of made) {
      if (seen.has(message.remoteId)) continue
      seen.add(message.remoteId)
      const isKnown = known.has(message.remoteId)
      if (!isKnown && !backfill && message.direction === 'inbound') await this.#before(status)
      for (const version of await this.#versions(message, status, isKnown)) this.#push(version)
      this.#open.profiles.push(...people.author(status, now, standing.endpoint))
      if (message.direction === 'outbound' && message.kind !== 'act')
        this.#open.metrics.push({
          remoteId: message.remoteId,
          at: new Date(now).toISOString(),
          counts: countsOf(status.fields),
        })
    }
    if (made.length < posts.length)
      this.#context.log.warn('mastodon.post_left_out', { host: api.host, count: posts.length - made.length })
  }

  /** Posts that are no longer on the server, by its ids. */
  gone(ids: readonly string[]): void {
    this.#open.gone.push(...ids)
  }

  metrics(metrics: NonNullable<Batch['metrics']>): void {
    this.#open.metrics.push(...metrics)
  }

  /** Begins to save what was taken, once the batch before is saved: the next one is read meanwhile. */
  async save(state: State): Promise<void> {
    await this.#saving
    this.#signal.throwIfAborted()
    const open = this.#open
    const cursor = JSON.stringify(state)
    this.#open = nothing()
    this.#bytes = 0
    const answer = this.#answer && { answer: this.#answer }
    const parts = inBatches(open.messages)
    const last = parts.pop() ?? []
    // Where the reading got to is moved with the last of them.
    for (const messages of parts) {
      await this.#context.commit({ stream: STREAM, cursor: this.#cursor, marks: [], gone: [], messages, ...answer })
    }
    this.#saving = this.#context.commit({ stream: STREAM, cursor, marks: [], ...open, messages: last, ...answer })
    this.#cursor = cursor
    // met by the next save or at the end
    this.#saving.catch(() => undefined)
  }

  get empty(): boolean {
    const { messages, gone, profiles, metrics } = this.#open
    return messages.length + gone.length + profiles.length + metrics.length === 0
  }

  /** Waits until all that was saved is durable. */
  async end(): Promise<void> {
    await this.#saving
  }

  #push(message: IncomingMessage): void {
    this.#open.messages.push(message)
    this.#bytes += message.raw.byteLength
  }

  /** A post with its files, and the versions before it that the office does not have, oldest first. */
  async #versions(message: IncomingMessage, status: Piece, isKnown: boolean): Promise<IncomingMessage[]> {
    const { api, own } = this.#session
    const edited = parseInstant(status.fields['edited_at'])
    // an inbound post keeps the place and the flag that it has; an own one has its place also when it came from an export
    const placed = isKnown && message.direction === 'inbound' ? { ...message, place: null } : message
    const before = isKnown && edited !== null ? await this.#lastEdit(message.remoteId) : null
    if (isKnown && (edited === null || before === edited)) return [placed]
    const now =
      message.attachments.length > 0 ? await withFiles(placed, status.fields, this.#context, own.origin, this.#signal) : placed
    if (edited === null) return [now]
    const path = `/api/v1/statuses/${encodeURIComponent(textOf(status.fields['id']))}/history`
    const history = await api.find(path, this.#signal)
    if (!history) return [now]
    const earlier = editsOf(history, api.host).filter(({ fields }) => {
      const at = parseInstant(fields['created_at'])
      return at !== null && at < edited && (before === null ? !isKnown : at > before)
    })
    return [...earlier.map((edit) => editMessage(edit, { ...now, endpoint: history.endpoint })), now]
  }

  /** When the newest version that the office has was made; null where it does not say. */
  async #lastEdit(remoteId: string): Promise<string | null> {
    const source = await this.#context.source(remoteId)
    if (!source || source.mediaType !== STATUS) return null
    const fields = fieldsOf(parseValue({ bytes: source.raw, deep: false }))
    return parseInstant(fields?.['edited_at']) ?? parseInstant(fields?.['created_at'])
  }

  /** What a new post answers, where that is not of the account: without it nobody knows what it is about. */
  async #before({ fields }: Piece): Promise<void> {
    const { api, own } = this.#session
    const answers = textOf(fields['in_reply_to_id'])
    if (answers === '' || textOf(fields['in_reply_to_account_id']) === own.id) return
    const answer = await api.find(`/api/v1/statuses/${encodeURIComponent(textOf(fields['id']))}/context`, this.#signal)
    if (!answer) return
    const standing: Standing = { endpoint: answer.endpoint, background: true }
    const made = ancestorsOf(answer, api.host).flatMap((piece) => postMessage(piece, own, standing) ?? [])
    const known = await this.#context.has(made.map(({ remoteId }) => remoteId))
    for (const message of made) if (!known.has(message.remoteId)) this.#push(message)
  }
}

/** Messages in batches that are not too large; one that is too large for any goes alone. */
function inBatches(messages: readonly IncomingMessage[]): IncomingMessage[][] {
  const batches: IncomingMessage[][] = []
  let bytes = 0
  for (const message of messages) {
    const last = batches.at(-1)
    bytes += message.raw.byteLength
    if (last && last.length < BATCH.messages && bytes <= BATCH.bytes) last.push(message)
    else {
      batches.push([message])
      bytes = message.raw.byteLength
    }
  }
  return batches
}

/** What of an answer is worth keeping as proof. */
export function answerOf({ headers }: Pick<ApiAnswer, 'headers'>, now: number): Answer {
  const theirs = Date.parse(headers['date'] ?? '')
  const kept = ['date', 'etag', 'server', 'x-request-id'].flatMap((name): [string, string][] => {
    const value = headers[name]
    return value === undefined ? [] : [[name, value.slice(0, 1000)]]
  })
  return { headers: kept, clockOffsetMs: Number.isFinite(theirs) ? now - theirs : null }
}
