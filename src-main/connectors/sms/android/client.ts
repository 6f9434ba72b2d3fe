import { z } from 'zod'
import type { Checked, Client, Context, IncomingMessage, Outgoing, Sent } from '#connectors/connector.ts'
import { ConnectorFault } from '#connectors/fault.ts'
import { type Problem, ProblemError } from '#shared/model/index.ts'
import { readCursor } from '../../kit/cursor.ts'
import { afterPage } from '../../kit/gaps.ts'
import { type JsonItem, readItems } from '../../kit/json-items.ts'
import { hostOf, protocolFault } from '../../kit/web.ts'
import { begin, type Cursor, parseCursor } from '../cursor.ts'
import { limits, times } from '../limits.ts'
import { sideOf } from '../number.ts'
import { heed, refuseOptedOut } from '../opt-out.ts'
import { sendLimits, textOf } from '../outgoing.ts'
import { save } from '../save.ts'
import { type Captured, toMessage } from '../sms.ts'
import { AndroidApi, type AndroidSettings, detailOf } from './api.ts'
import {
  type AndroidRequest,
  captureInbound,
  captureOutbound,
  captureSent,
  isOpen,
  outboundId,
  readAndroid,
  requestIn,
} from './message.ts'

const INBOX = 'in'
const OPEN = 'open'
/** Own messages whose state is followed, and when they were sent, in ms since 1970. */
const Open = z.record(z.string(), z.number())
type Open = z.infer<typeof Open>
/** Own messages that are asked for in one pass, the oldest first: each costs a request. */
const MOST_ASKED = 100

/** A phone that sends and receives, by the app "SMS Gateway for Android": its own server, or a relay in between. It is polled. */
export class AndroidClient implements Client {
  readonly #context: Context<AndroidSettings>
  readonly #api: AndroidApi
  readonly #closing = new AbortController()
  /** When a request to send was last left without an answer, by the item's key. */
  readonly #unanswered = new Map<string, number>()
  /** Changes of the list of open messages take turns. */
  #changing: Promise<unknown> = Promise.resolve()

  constructor(context: Context<AndroidSettings>) {
    this.#context = context
    this.#api = new AndroidApi(context)
  }

  async check(signal: AbortSignal): Promise<Checked> {
    await this.#inbox(new URLSearchParams({ limit: '1' }), this.#within(signal))
    return { label: this.#context.settings.number, streams: [INBOX] }
  }

  async sync(signal: AbortSignal): Promise<Problem | null> {
    const within = this.#within(signal)
    const received = await this.#receive(within)
    await this.#followOpen(within).catch((error: unknown) => this.#askLater(error))
    this.#context.limits(sendLimits)
    const { host } = new URL(this.#context.settings.url)
    return received ? null : new ProblemError('inbox_missing', { host }).toProblem()
  }

  async wait(signal: AbortSignal): Promise<void> {
    await this.#context.clock.sleep(this.#context.settings.every * 60_000, this.#within(signal))
  }

  act(): Promise<void> {
    // The gateway knows neither read nor answered; the engine asks only for what `capabilities` offers.
    return Promise.resolve()
  }

  async send(item: Outgoing, signal: AbortSignal): Promise<Sent> {
    const { clock, settings } = this.#context
    const request = await this.#requestOf(item)
    await refuseOptedOut(this.#context, request.phoneNumbers[0])
    this.#unanswered.set(item.key, clock.monotonic())
    const response = await this.#api.post('/message', request, this.#within(signal)).catch((error: unknown) => {
      if (error instanceof ConnectorFault && error.untaken) this.#unanswered.delete(item.key)
      else this.#unanswered.set(item.key, clock.monotonic())
      throw error
    })
    this.#unanswered.delete(item.key)
    // It has a message by that id: this item, sent before.
    const there = response.status === 409 ? await this.find(item, signal) : null
    if (there) return there
    if (response.status >= 400) {
      const detail = detailOf(response)
      throw new ConnectorFault('decision', 'send_refused', { host: hostOf(settings.url), detail }, { untaken: true })
    }
    return this.#sent(request, item, response)
  }

  async find(item: Outgoing, signal: AbortSignal): Promise<Sent | null> {
    const { clock, settings } = this.#context
    const request = await this.#requestOf(item)
    const response = await this.#api.get(`/message/${item.key}`, this.#within(signal))
    if (response.status === 200) {
      this.#unanswered.delete(item.key)
      return this.#sent(request, item, response)
    }
    if (response.status !== 404) throw protocolFault(response.url, `HTTP ${response.status}`)
    const asked = this.#unanswered.get(item.key)
    const left = asked === undefined ? 0 : asked + times.settle - clock.monotonic()
    if (left > 0) {
      throw new ConnectorFault('transient', 'timed_out', { host: hostOf(settings.url) }, { retryAt: clock.now() + left })
    }
    return null
  }

  async reread(remoteIds: string[], signal: AbortSignal): Promise<void> {
    for (const remoteId of remoteIds) await this.#askAfter(remoteId.replace(/^out:/, ''), this.#within(signal))
  }

  close(): Promise<void> {
    this.#closing.abort(new ConnectorFault('transient', 'connection_lost', { host: hostOf(this.#context.settings.url) }))
    return Promise.resolve()
  }

  #within(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, this.#closing.signal])
  }

  #incoming(captured: Captured): IncomingMessage {
    const { url, country } = this.#context.settings
    return toMessage(captured, url, country)
  }

  async #requestOf(item: Outgoing): Promise<AndroidRequest> {
    const { country, sim } = this.#context.settings
    const { to, text } = await textOf(item, country, readAndroid)
    return {
      id: item.key,
      textMessage: { text },
      phoneNumbers: [to],
      withDeliveryReport: true,
      ...(sim !== null && { simNumber: sim }),
    }
  }

  async #sent(request: AndroidRequest, item: Outgoing, response: Awaited<ReturnType<AndroidApi['get']>>): Promise<Sent> {
    const { settings, clock } = this.#context
    const answer = Uint8Array.from(response.body)
    const captured = captureSent(request, settings.number, item.queuedAt, answer)
    if (captured === null) throw protocolFault(response.url, 'an answer that is no state of a message')
    if (isOpen(captured.sms)) await this.#changeOpen((open) => ({ ...open, [item.key]: clock.now() }))
    return { message: this.#incoming(captured), answer: this.#api.answer(response) }
  }

  /** A page of the inbox; null where the app is too old to hand it out. */
  async #inbox(query: URLSearchParams, signal: AbortSignal) {
    const response = await this.#api.get(`/inbox?${query}`, signal)
    if (response.status === 404 || response.status === 405 || response.status === 501) {
      // Whether the password is right is only told by something that is there in every version.
      await this.#api.get('/message/none', signal)
      return null
    }
    if (response.status !== 200) throw protocolFault(response.url, detailOf(response))
    const page = readItems(response.body, null)
    if (page === null) throw protocolFault(response.url, 'an answer that is no list of messages')
    return { items: page.items, answer: this.#api.answer(response) }
  }

  /** @returns whether the gateway hands out what arrived. */
  async #receive(signal: AbortSignal): Promise<boolean> {
    const stored = parseCursor(await this.#context.cursor(INBOX))
    let cursor = begin(stored, this.#context.clock.now(), false)
    while (cursor.gaps.length > 0) {
      const next = await this.#fill(cursor, signal)
      if (next === null) return false
      cursor = next
    }
    return true
  }

  /** Reads the first gap to its end. `to` stands still meanwhile, so that what arrives moves nothing from page to page. */
  async #fill(from: Cursor, signal: AbortSignal): Promise<Cursor | null> {
    const [gap] = from.gaps
    const ahead = this.#context.clock.now() + times.clocks
    const query = new URLSearchParams({
      limit: String(limits.pageItems),
      includeAttachments: 'true',
      to: new Date(gap?.below ?? ahead).toISOString(),
      ...(gap?.above != null && { from: new Date(gap.above).toISOString() }),
    })
    const seen = new Set<string>()
    let cursor = from
    for (let offset = 0, more = true; more; offset += limits.pageItems) {
      query.set('offset', String(offset))
      const page = await this.#inbox(query, signal)
      if (page === null) return null
      more = page.items.length >= limits.pageItems
      const listed = this.#listed(page.items, seen)
      if (more && listed.length === 0) throw protocolFault(this.#context.settings.url, 'a page that repeats')
      const before = JSON.stringify(parseCursor(await this.#context.cursor(INBOX)))
      cursor = afterPage(
        cursor,
        listed.map(({ captured }) => Date.parse(captured.sms.at)),
        more,
      )
      const known = await this.#context.has(listed.map(({ captured }) => captured.remoteId))
      const fresh: Captured[] = []
      for (const { captured, item } of listed) {
        if (!known.has(captured.remoteId)) fresh.push(await this.#api.withFiles(captured, item.value, signal))
      }
      const after = JSON.stringify(cursor)
      if (fresh.length === 0 && after === before) continue
      const { country } = this.#context.settings
      await heed(
        this.#context,
        fresh.map(({ sms }) => ({ from: sideOf(sms.from, country), text: sms.text, at: sms.at })),
      )
      signal.throwIfAborted()
      await save(
        this.#context,
        INBOX,
        fresh.map((one) => this.#incoming(one)),
        { before, after },
        page.answer,
      )
      this.#context.progress({ done: seen.size, total: null })
    }
    return cursor
  }

  /** Texts and pictures of a page that did not stand on a page before; messages of programs (`DATA_SMS`) are nobody's to read. */
  #listed(items: JsonItem[], seen: Set<string>): { item: JsonItem; captured: Captured }[] {
    return items.flatMap((item) => {
      const captured = captureInbound(item.value, item.raw, this.#context.settings.number)
      if (captured === null || seen.has(captured.remoteId)) return []
      seen.add(captured.remoteId)
      return /"type"\s*:\s*"DATA_SMS"/.test(Buffer.from(item.raw).toString('utf8')) ? [] : [{ item, captured }]
    })
  }

  async #followOpen(signal: AbortSignal): Promise<void> {
    const open = Object.entries(await this.#open()).sort(([, one], [, other]) => one - other)
    const since = this.#context.clock.now() - times.open
    for (const [id, at] of open.slice(0, MOST_ASKED)) {
      const settled = at < since || !(await this.#askAfter(id, signal))
      if (settled) await this.#changeOpen(({ [id]: _, ...others }) => others)
    }
  }

  /** Asks how far an own message got, and saves what is new. @returns whether it can still change. */
  async #askAfter(id: string, signal: AbortSignal): Promise<boolean> {
    const response = await this.#api.get(`/message/${encodeURIComponent(id)}`, signal)
    if (response.status === 404) return false
    if (response.status !== 200) throw protocolFault(response.url, detailOf(response))
    const source = await this.#context.source(outboundId(id))
    const request = source && requestIn(source.raw)
    // What was sent is not saved yet: it comes with the next pass.
    if (!source || request === null) return true
    const captured = captureOutbound(request, Uint8Array.from(response.body), id)
    if (captured === null) throw protocolFault(response.url, 'an answer that is no state of a message')
    if (captured.sms.state !== readAndroid(source.raw)?.state) {
      const cursor = (await this.#context.cursor(OPEN)) ?? '{}'
      await save(this.#context, OPEN, [this.#incoming(captured)], { before: cursor, after: cursor }, this.#api.answer(response))
    }
    return isOpen(captured.sms)
  }

  /** How far own texts got can wait: each costs a request, and one that fails in passing does not make the whole pass fail. */
  #askLater(error: unknown): void {
    if (!(error instanceof ConnectorFault) || this.#closing.signal.aborted) throw error
    if (error.kind !== 'transient' && error.kind !== 'rate') throw error
    this.#context.log.warn('sms.state_later', { code: error.code })
  }

  async #open(): Promise<Open> {
    return readCursor(Open, await this.#context.cursor(OPEN)) ?? {}
  }

  #changeOpen(change: (open: Open) => Open): Promise<void> {
    const turn = this.#changing.then(async () => {
      const after = change(await this.#open())
      await this.#context.commit({ stream: OPEN, cursor: JSON.stringify(after), messages: [], marks: [], gone: [] })
    })
    this.#changing = turn.catch(() => undefined)
    return turn
  }
}
