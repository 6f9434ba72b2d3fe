import { z } from 'zod'
import type { Batch, Context, IncomingMessage } from '#connectors/connector.ts'
import { ConnectorFault } from '#connectors/fault.ts'
import { readCursor } from '#connectors/kit/cursor.ts'
import type { BlueskySettings } from '#shared/model/index.ts'
import { live } from './limits.ts'
import type { Threads } from './threads.ts'
import { membersOf } from './values.ts'
import { Notification, notificationMessage, placeOf } from './view.ts'
import { type Answered, Refused, type Xrpc } from './xrpc.ts'

export const NOTIFICATIONS = 'notifications'
const METHOD = 'app.bsky.notification.listNotifications'

const Cursor = z.object({
  /** Time of the newest one that is known together with all after which it was asked; empty before the first pass. */
  newest: z.string(),
  /** Where the first reading of the list goes on; null once it came to its end. */
  fill: z.string().nullable(),
})
type Cursor = z.infer<typeof Cursor>

const Page = z.object({ notifications: z.array(z.unknown()), cursor: z.string().optional() })

interface Item {
  view: Notification
  raw: Uint8Array
}

/** What others do that is about the account: mentions, replies, quotes; likes, reposts, follows. */
export class Notifications {
  private readonly context: Context<BlueskySettings>
  private readonly xrpc: Xrpc
  private readonly did: string
  private readonly threads: Threads
  /** Places of the newest ones, to notice what is gone; null until it is needed. */
  private recent: Set<string> | null = null

  constructor(context: Context<BlueskySettings>, xrpc: Xrpc, did: string, threads: Threads) {
    this.context = context
    this.xrpc = xrpc
    this.did = did
    this.threads = threads
  }

  /** Brings what is new. One request when nothing is. @throws Refused where the server has no such service. */
  async sync(signal: AbortSignal): Promise<void> {
    const cursor = readCursor(Cursor, await this.context.cursor(NOTIFICATIONS))
    if (cursor === null || cursor.newest === '' || cursor.fill !== null) await this.fill(cursor, signal)
    else await this.poll(cursor, signal)
  }

  /** The first reading: the whole list as far as the network hands it out, a page and a batch at a time. */
  private async fill(before: Cursor | null, signal: AbortSignal): Promise<void> {
    let cursor = before ?? { newest: '', fill: null }
    let oldest: string | null = null
    let page = await this.first(cursor.fill, signal)
    for (;;) {
      const { items, after, from } = page
      const newest = cursor.newest || (items[0]?.view.indexedAt ?? '')
      const more = after !== undefined && items.length > 0 && after !== cursor.fill
      cursor = { newest: newest || new Date(this.context.clock.now()).toISOString(), fill: more ? after : null }
      const next = more ? this.page(live.page, after, signal) : null
      next?.catch(() => undefined)
      await this.save(items, [], cursor, from, signal)
      oldest = items.at(-1)?.view.indexedAt ?? oldest
      if (next === null) break
      page = await next
    }
    // Servers forget old notifications; how old, they do not say.
    if (oldest !== null && !Number.isNaN(Date.parse(oldest))) this.context.reaches(new Date(oldest).toISOString())
  }

  /** A place in the list may have expired: then the list is read anew from its beginning, which doubles nothing. */
  private async first(at: string | null, signal: AbortSignal): Promise<Listed> {
    try {
      return await this.page(live.page, at ?? undefined, signal)
    } catch (error) {
      if (at === null || !(error instanceof Refused) || error.status !== 400) throw error
      return this.page(live.page, undefined, signal)
    }
  }

  /** Down to what is known. The cursor moves once all of it is saved. */
  private async poll(cursor: Cursor, signal: AbortSignal): Promise<void> {
    let page = await this.page(live.pollPage, undefined, signal)
    // Never back: what is older than the newest may be all that is left.
    const newest = [page.items[0]?.view.indexedAt ?? '', cursor.newest].sort()[1] as string
    const gone = await this.missing(page, signal)
    for (;;) {
      const { items, after, from } = page
      const oldest = items.at(-1)?.view.indexedAt
      const reached = after === undefined || oldest === undefined || oldest < cursor.newest
      const recent = items.filter(({ view }) => view.indexedAt >= cursor.newest)
      const have = await this.context.has(recent.map(({ view }) => view.uri))
      const fresh = recent.filter(({ view }) => !have.has(view.uri))
      const then = reached ? { ...cursor, newest } : cursor
      if (fresh.length > 0 || gone.length > 0 || then.newest !== cursor.newest)
        await this.save(fresh, gone.splice(0), then, from, signal)
      if (reached) return
      page = await this.page(live.page, after, signal)
    }
  }

  /** Places that were in the list and are not any more, as far down as this page goes; looked up one by one, for a list also hides. */
  private async missing({ items, after }: Listed, signal: AbortSignal): Promise<string[]> {
    const listed = new Set(items.map(({ view }) => placeOf(view)))
    const oldest = after === undefined ? '' : (items.at(-1)?.view.indexedAt ?? '')
    this.recent ??= new Set((await this.context.known(NOTIFICATIONS)).map(({ place }) => place))
    const lost = [...this.recent].filter((place) => place.slice(0, place.indexOf(' ')) > oldest && !listed.has(place))
    const gone: string[] = []
    for (const place of lost.slice(0, live.lookups)) {
      if (await this.threads.isGone(place.slice(place.indexOf(' ') + 1), signal)) gone.push(place)
      // Hidden, by a block or a mute: it is not asked for at every poll.
      this.recent.delete(place)
    }
    return gone
  }

  private async save(items: Item[], gone: string[], cursor: Cursor, from: Answered, signal: AbortSignal): Promise<void> {
    const messages: IncomingMessage[] = []
    const seen = new Set<string>()
    for (const { view, raw } of items) {
      // One post may be a reply and a mention: one message.
      if (seen.has(view.uri)) continue
      seen.add(view.uri)
      messages.push(notificationMessage(view, raw, this.did, this.xrpc.address(METHOD, {})))
    }
    const { context, profiles } = await this.threads.around(
      messages,
      items.map(({ view }) => view),
      signal,
    )
    signal.throwIfAborted()
    const batch: Batch = {
      stream: NOTIFICATIONS,
      cursor: JSON.stringify(cursor),
      messages: [...messages, ...context],
      marks: [],
      gone,
      profiles,
      answer: from.answer,
    }
    await this.context.commit(batch)
    for (const { place } of messages) if (place !== null) this.recent?.add(place)
  }

  private async page(limit: number, cursor: string | undefined, signal: AbortSignal): Promise<Listed> {
    const from = await this.xrpc.query(METHOD, { params: { limit, cursor }, signal })
    const page = Page.safeParse(from.value).data
    if (page === undefined)
      throw new ConnectorFault('transient', 'protocol', { host: this.xrpc.host, detail: 'notifications of another shape' })
    const exact = membersOf(from.bytes, 'notifications')
    const items = page.notifications.flatMap((value, index): Item[] => {
      const view = Notification.safeParse(value).data
      const raw = exact[index]
      return view === undefined || raw === undefined ? [] : [{ view, raw }]
    })
    return { items, after: page.cursor, from }
  }
}

interface Listed {
  items: Item[]
  after: string | undefined
  from: Answered
}
