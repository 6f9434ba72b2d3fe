import { z } from 'zod'
import type { Answer, Checked, Client, Context, IncomingMessage, Outgoing, Sent } from '#connectors/connector.ts'
import { ConnectorFault } from '#connectors/fault.ts'
import type { BlogSettings } from '#shared/model/index.ts'
import { readCursor } from '../kit/cursor.ts'
import { afterPage, beginReading, Reading } from '../kit/gaps.ts'
import { readJsonBody } from '../kit/json-items.ts'
import { fieldsOf } from '../kit/shape.ts'
import { hostOf, protocolFault } from '../kit/web.ts'
import { BlogApi, refusalOf } from './api.ts'
import { type Item, itemIn, type Kind, placeOf, readItem, said, toMessage, written } from './item.ts'
import { limits, times } from './limits.ts'
import { Listing, type Page } from './listing.ts'
import { type Request, requestOf, sendLimits } from './outgoing.ts'

const kinds = ['post', 'comment'] as const
const streams: Record<Kind, string> = { post: 'posts', comment: 'comments' }

const Cursor = Reading.extend({
  /** Of the first page of the list when all of it was saved. While it is the same, nothing is new. */
  hash: z.string().nullable(),
  /** When all of the list was last read, in ms since 1970. */
  swept: z.number(),
})
type Cursor = z.infer<typeof Cursor>
const nothing: Cursor = { reached: null, gaps: [], hash: null, swept: 0 }

type Found = Page['items'][number]

/** One WordPress site: its articles and the comments under them. It is polled; WordPress tells nobody. */
export class BlogClient implements Client {
  readonly #context: Context<BlogSettings>
  readonly #api: BlogApi
  readonly #listing: Listing
  readonly #closing = new AbortController()
  /** When a request to publish was last left without an answer, by the item's key. */
  readonly #unanswered = new Map<string, number>()
  /** What items of the outbox became, as far as this client saw it. */
  readonly #claimed = new Map<string, string>()
  #told = false

  constructor(context: Context<BlogSettings>) {
    this.#context = context
    this.#api = new BlogApi(context)
    this.#listing = new Listing(this.#api)
  }

  async check(signal: AbortSignal): Promise<Checked> {
    await this.#tellLimits(this.#within(signal))
    const { title, site } = this.#context.settings
    return { label: title || hostOf(site), streams: Object.values(streams) }
  }

  async sync(signal: AbortSignal): Promise<null> {
    const within = this.#within(signal)
    for (const kind of kinds) await this.#pass(kind, within)
    if (!this.#told) await this.#tellLimits(within)
    return null
  }

  async wait(signal: AbortSignal): Promise<void> {
    await this.#context.clock.sleep(this.#context.settings.every * 60_000, this.#within(signal))
  }

  act(): Promise<void> {
    // A blog knows neither read nor answered; the engine asks only for what `capabilities` offers.
    return Promise.resolve()
  }

  async send(item: Outgoing, signal: AbortSignal): Promise<Sent> {
    const { clock } = this.#context
    const request = requestOf(item)
    const within = this.#within(signal)
    this.#unanswered.set(item.key, clock.monotonic())
    const response = await this.#carryOut(request, within).catch((error: unknown) => {
      if (error instanceof ConnectorFault && error.untaken) this.#unanswered.delete(item.key)
      else this.#unanswered.set(item.key, clock.monotonic())
      throw error
    })
    this.#unanswered.delete(item.key)
    if (response.status >= 400) {
      const { code, detail } = refusalOf(response)
      // It has this comment already: this item, sent before.
      const there = code === 'comment_duplicate' ? await this.find(item, signal) : null
      if (there) return there
      // What is to be removed is not there any more.
      if (request.method === 'DELETE' && (response.status === 404 || response.status === 410)) return { message: null }
      throw new ConnectorFault('decision', 'send_refused', { host: hostOf(response.url), detail }, { untaken: true })
    }
    const answer = this.#api.answer(response)
    if (request.makes === null) return { message: null, answer }
    const raw = Uint8Array.from(response.body)
    const made = readItem(request.makes, readJsonBody(raw))
    if (made === null) throw protocolFault(response.url, 'an answer that is not what was sent')
    if (item.content.do === 'publish') this.#claimed.set(placeOf(made), item.key)
    const status = made.fields['status']
    return { message: status === 'trash' || status === 'spam' ? null : this.#incoming({ item: made, raw }), answer }
  }

  /** Looks through the newest own items: the one with these very words, made since the item was stored, is it. */
  async find(item: Outgoing, signal: AbortSignal): Promise<Sent | null> {
    const { settings, clock } = this.#context
    const request = requestOf(item)
    // Everything else can be done again without harm.
    if (item.content.do !== 'publish' || request.method !== 'POST' || request.makes === null) return null
    const asked = this.#unanswered.get(item.key)
    const left = asked === undefined ? 0 : asked + times.settle - clock.monotonic()
    if (left > 0) {
      throw new ConnectorFault('transient', 'timed_out', { host: hostOf(settings.api) }, { retryAt: clock.now() + left })
    }
    const page = await this.#listing.page(request.makes, 1, null, this.#within(signal))
    const since = Date.parse(item.queuedAt) - times.clocks
    const mine = page.items.filter(
      (found) =>
        found.item.fields['author'] === settings.userId &&
        Date.parse(found.item.at) >= since &&
        (this.#claimed.get(placeOf(found.item)) ?? item.key) === item.key &&
        isSame(found.item, request.body),
    )
    const [only] = mine
    const full = page.more && page.items.every((found) => Date.parse(found.item.at) >= since)
    if (mine.length > 1 || (only === undefined && full)) {
      throw new ConnectorFault('decision', 'sent_unclear', { host: hostOf(settings.api) })
    }
    this.#unanswered.delete(item.key)
    if (only === undefined) return null
    this.#claimed.set(placeOf(only.item), item.key)
    return { message: this.#incoming(only), answer: page.answer }
  }

  async reread(remoteIds: string[], signal: AbortSignal): Promise<void> {
    for (const remoteId of remoteIds) {
      const [, kind, id] = /^(post|comment):(\d+)$/.exec(remoteId) ?? []
      if (kind !== 'post' && kind !== 'comment') continue
      const found = await this.#listing.one(kind, Number(id), this.#within(signal))
      const source = await this.#context.source(remoteId)
      const same = found && source && said(itemIn(source.raw, source.mediaType)) === said(found.item)
      if (source === null || same) continue
      const cursor = (await this.#context.cursor(streams[kind])) ?? JSON.stringify(nothing)
      await this.#commit(kind, found ? [found] : [], found ? [] : [remoteId], cursor, found?.answer ?? null)
    }
  }

  close(): Promise<void> {
    this.#closing.abort(new ConnectorFault('transient', 'connection_lost', { host: hostOf(this.#context.settings.api) }))
    return Promise.resolve()
  }

  #within(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, this.#closing.signal])
  }

  #incoming({ item, raw }: Found): IncomingMessage {
    return toMessage(item, raw, this.#context.settings)
  }

  #carryOut(request: Request, signal: AbortSignal) {
    return request.method === 'DELETE'
      ? this.#api.remove(request.route, signal)
      : this.#api.post(request.route, request.body, signal)
  }

  /** What the user may do there, as the site says. */
  async #tellLimits(signal: AbortSignal): Promise<void> {
    const me = await this.#api.get('wp/v2/users/me', { context: 'edit' }, signal)
    const fields = me.status === 200 ? fieldsOf(readJsonBody(me.body)) : null
    if (fields === null) throw protocolFault(me.url, refusalOf(me).detail || 'an answer that is no user')
    this.#context.limits(sendLimits(fieldsOf(fields['capabilities'])?.['moderate_comments'] === true))
    this.#told = true
  }

  async #pass(kind: Kind, signal: AbortSignal): Promise<void> {
    const { clock } = this.#context
    const stored = readCursor(Cursor, await this.#context.cursor(streams[kind])) ?? nothing
    const sweep = clock.now() - stored.swept >= times.sweep
    const first = await this.#listing.page(kind, 1, null, signal)
    if (!sweep && first.hash === stored.hash && stored.gaps.length === 0) return
    const above = sweep || stored.reached === null ? null : stored.reached - times.overlap
    let cursor = { ...beginReading(stored, above), hash: null }
    const known = new Set((await this.#context.known(streams[kind])).map(({ place }) => place))
    for (let page: Page | null = first; cursor.gaps.length > 0; page = null) {
      cursor = await this.#fill(kind, cursor, page, known, signal)
    }
    const gone = first.total === known.size && !sweep ? [] : await this.#gone(kind, known, signal)
    const swept = sweep ? clock.now() : stored.swept
    await this.#commit(kind, [], gone, JSON.stringify({ ...cursor, hash: first.hash, swept }), null)
  }

  /** Reads the first gap to its end. @param known places; those that are found are added. */
  async #fill<Part extends Cursor>(
    kind: Kind,
    from: Part,
    firstPage: Page | null,
    known: Set<string>,
    signal: AbortSignal,
  ): Promise<Part> {
    const [gap] = from.gaps
    const seen = new Set<number>()
    let cursor = from
    for (let number = 1, more = true; more; number++) {
      const page = number === 1 && firstPage ? firstPage : await this.#listing.page(kind, number, gap?.below ?? null, signal)
      const fresh = page.items.filter(({ item }) => !seen.has(item.id))
      if (page.more && page.items.length > 0 && fresh.length === 0) {
        throw protocolFault(this.#context.settings.api, 'a page that repeats')
      }
      for (const { item } of fresh) seen.add(item.id)
      const ages = fresh.map(({ item }) => Date.parse(item.modified))
      more = page.more && !(gap?.above != null && Math.min(...ages) < gap.above) && number < limits.pages
      cursor = afterPage(cursor, ages, more)
      const changed = await this.#changed(fresh, known)
      signal.throwIfAborted()
      await this.#commit(kind, changed, [], JSON.stringify(cursor), page.answer)
      for (const { item } of changed) known.add(placeOf(item))
      this.#context.progress({ done: seen.size, total: page.total })
    }
    return cursor
  }

  /** Those that the office does not have as they are now. */
  async #changed(found: Found[], known: Set<string>): Promise<Found[]> {
    const changed: Found[] = []
    const taken = new Set<string>()
    for (const one of found) {
      const place = placeOf(one.item)
      if (taken.has(place)) continue
      taken.add(place)
      const source = known.has(place) ? await this.#context.source(place) : null
      // What was disposed of is known and has no bytes: it does not come again.
      if (source === null ? !known.has(place) : said(itemIn(source.raw, source.mediaType)) !== said(one.item)) changed.push(one)
    }
    return changed
  }

  /** Known places that are not there any more; each was asked for by itself. */
  async #gone(kind: Kind, known: Set<string>, signal: AbortSignal): Promise<string[]> {
    const ids = await this.#listing.ids(kind, signal)
    const gone: string[] = []
    for (const place of known) {
      const id = Number(place.slice(kind.length + 1))
      if (!ids.has(id) && (await this.#listing.one(kind, id, signal)) === null) gone.push(place)
    }
    return gone
  }

  async #commit(kind: Kind, found: Found[], gone: string[], cursor: string, answer: Answer | null): Promise<void> {
    const stream = streams[kind]
    const before = await this.#context.cursor(stream)
    if (found.length === 0 && gone.length === 0 && cursor === before) return
    let messages: IncomingMessage[] = []
    let bytes = 0
    for (const one of found) {
      if (messages.length > 0 && bytes + one.raw.byteLength > limits.batchBytes) {
        const partly = before ?? JSON.stringify(nothing)
        await this.#context.commit({ stream, cursor: partly, messages, marks: [], gone: [], ...(answer && { answer }) })
        messages = []
        bytes = 0
      }
      messages.push(this.#incoming(one))
      bytes += one.raw.byteLength
    }
    await this.#context.commit({ stream, cursor, messages, marks: [], gone, ...(answer && { answer }) })
  }
}

/** Whether an item of the site says what was sent, as it was typed or, where we may not see that, as it is shown. */
function isSame({ fields, kind }: Item, body: Record<string, unknown>): boolean {
  const content = written(fields, 'content').raw
  if (kind === 'post') return content === body['content'] && written(fields, 'title').raw === body['title']
  return content === body['content'] && fields['post'] === body['post'] && fields['parent'] === (body['parent'] ?? 0)
}
