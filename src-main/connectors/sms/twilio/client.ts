import type { Checked, Client, Context, Outgoing, Sent } from '#connectors/connector.ts'
import { ConnectorFault } from '#connectors/fault.ts'
import { afterPage } from '../../kit/gaps.ts'
import { type JsonItem, readItems, readJsonBody } from '../../kit/json-items.ts'
import { parseInstant } from '../../kit/text.ts'
import { hostOf, protocolFault } from '../../kit/web.ts'
import { begin, type Cursor, follow, parseCursor } from '../cursor.ts'
import { limits, times } from '../limits.ts'
import { sideOf } from '../number.ts'
import { heed, optedOut, record, refuseOptedOut } from '../opt-out.ts'
import { sendLimits, textOf } from '../outgoing.ts'
import { save } from '../save.ts'
import { type Captured, toMessage } from '../sms.ts'
import { refusalOf, TwilioApi, type TwilioSettings } from './api.ts'
import { fetchFiles } from './files.ts'
import {
  capture,
  countOfMedia,
  isInbound,
  isOpen,
  readTwilio,
  said,
  type TwilioMessage,
  timeOf,
  twilioMessage,
} from './message.ts'

const streams = ['in', 'out'] as const
type Stream = (typeof streams)[number]

/** Twilio's own block: the person told the carrier or Twilio to stop. */
const BLOCKED = 21610
/** Codes for a number that cannot be written to. */
const badNumbers = new Set([21211, 21214, 21217, 21401, 21407, 21421, 21601, 21614])
/** Newest own messages to a number among which one is looked for. */
const LOOKED_AT = 100
/** How often own messages older than the overlap are read again. */
const DEEP_MS = 10 * 60_000

/** One number at Twilio. It is polled: a desktop program has no address that Twilio could call. */
export class TwilioClient implements Client {
  readonly #context: Context<TwilioSettings>
  readonly #api: TwilioApi
  readonly #closing = new AbortController()
  /** Messages that items of the outbox became, as far as this client saw it. */
  readonly #claimed = new Map<string, string>()
  /** When a request to send was last left without an answer, by the item's key. */
  readonly #unanswered = new Map<string, number>()
  #deepAt = -Infinity

  constructor(context: Context<TwilioSettings>) {
    this.#context = context
    this.#api = new TwilioApi(context)
  }

  async check(signal: AbortSignal): Promise<Checked> {
    await this.#page(this.#listing('in', { PageSize: '1' }), this.#within(signal))
    return { label: this.#context.settings.number, streams: [...streams] }
  }

  async sync(signal: AbortSignal): Promise<null> {
    const now = this.#context.clock.monotonic()
    const deep = now - this.#deepAt >= DEEP_MS
    for (const stream of streams) await this.#pass(stream, deep, this.#within(signal))
    if (deep) this.#deepAt = now
    this.#context.limits(sendLimits)
    return null
  }

  async wait(signal: AbortSignal): Promise<void> {
    await this.#context.clock.sleep(this.#context.settings.every * 60_000, this.#within(signal))
  }

  act(): Promise<void> {
    // Twilio knows neither read nor answered; the engine asks only for what `capabilities` offers.
    return Promise.resolve()
  }

  async send(item: Outgoing, signal: AbortSignal): Promise<Sent> {
    const { settings, clock } = this.#context
    const { to, text } = await textOf(item, settings.country, readTwilio)
    await refuseOptedOut(this.#context, to)
    const body = new URLSearchParams({ To: to, From: settings.number, Body: text }).toString()
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    this.#unanswered.set(item.key, clock.monotonic())
    const response = await this.#api
      .ask(this.#api.messages, this.#within(signal), { method: 'POST', body, headers })
      .catch((error: unknown) => {
        if (error instanceof ConnectorFault && error.untaken) this.#unanswered.delete(item.key)
        else this.#unanswered.set(item.key, clock.monotonic())
        throw error
      })
    if (response.status >= 400) {
      this.#unanswered.delete(item.key)
      throw await this.#refused(response, to)
    }
    const message = twilioMessage(readJsonBody(response.body))
    const captured = message && capture(message, Uint8Array.from(response.body))
    if (message === null || captured === null) throw protocolFault(response.url, 'an answer that names no message')
    this.#unanswered.delete(item.key)
    this.#claimed.set(message.sid, item.key)
    return { message: this.#incoming(captured), answer: this.#api.answer(response) }
  }

  /** Looks through the newest own messages to that number: the one with those very words, made since the item was stored, is it. */
  async find(item: Outgoing, signal: AbortSignal): Promise<Sent | null> {
    const { settings, clock } = this.#context
    const { to, text } = await textOf(item, settings.country, readTwilio)
    const asked = this.#unanswered.get(item.key)
    const left = asked === undefined ? 0 : asked + times.settle - clock.monotonic()
    if (left > 0) {
      throw new ConnectorFault('transient', 'timed_out', { host: hostOf(settings.server) }, { retryAt: clock.now() + left })
    }
    const page = await this.#page(this.#listing('out', { To: to, PageSize: String(LOOKED_AT) }), this.#within(signal))
    const since = Date.parse(item.queuedAt) - times.clocks
    const made = page.items.flatMap(({ raw, value }) => {
      const message = twilioMessage(value)
      const at = message && parseInstant(message.fields['date_created'])
      return message !== null && at !== null && Date.parse(at) >= since ? [{ message, raw }] : []
    })
    const mine = made.filter(
      ({ message }) => message.fields['body'] === text && (this.#claimed.get(message.sid) ?? item.key) === item.key,
    )
    const [only] = mine
    if (mine.length > 1 || (only === undefined && made.length >= LOOKED_AT)) {
      throw new ConnectorFault('decision', 'sent_unclear', { host: hostOf(settings.server) })
    }
    this.#unanswered.delete(item.key)
    const captured = only && capture(only.message, only.raw)
    if (!only || !captured) return null
    this.#claimed.set(only.message.sid, item.key)
    return { message: this.#incoming(captured), answer: page.answer }
  }

  async reread(remoteIds: string[], signal: AbortSignal): Promise<void> {
    const { clock } = this.#context
    for (const sid of remoteIds) {
      const response = await this.#api.ask(this.#api.message(sid), this.#within(signal))
      const source = await this.#context.source(sid)
      if (source === null) continue
      const before = readTwilio(source.raw, source.mediaType)
      const message = twilioMessage(readJsonBody(response.body))
      const gone = response.status === 404
      if (!gone && message === null) throw protocolFault(response.url, 'an answer that names no message')
      const now = message === null ? null : capture(message, Uint8Array.from(response.body))
      const kept: Captured | null = before && { ...source, sms: before, media: [] }
      const captured = gone ? kept : now
      if (captured === null || (!gone && said(captured.sms) === said(before))) continue
      const deletedAt = gone ? { deletedAt: new Date(clock.now()).toISOString() } : {}
      const cursor = JSON.stringify(parseCursor(await this.#context.cursor('out')))
      await save(
        this.#context,
        'out',
        [{ ...this.#incoming(captured), ...deletedAt }],
        { before: cursor, after: cursor },
        this.#api.answer(response),
      )
    }
  }

  close(): Promise<void> {
    this.#closing.abort(new ConnectorFault('transient', 'connection_lost', { host: hostOf(this.#context.settings.server) }))
    return Promise.resolve()
  }

  #within(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, this.#closing.signal])
  }

  #incoming(captured: Captured) {
    const { settings } = this.#context
    return toMessage(captured, this.#api.messages, settings.country)
  }

  /** The first page of a list, newest first. */
  #listing(stream: Stream, more: Record<string, string>): string {
    const { number } = this.#context.settings
    const query = new URLSearchParams({ [stream === 'in' ? 'To' : 'From']: number, PageSize: String(limits.pageItems), ...more })
    return `${this.#api.messages}?${query}`
  }

  async #page(url: string, signal: AbortSignal) {
    const response = await this.#api.ask(url, signal)
    if (response.status >= 400) {
      const { detail } = refusalOf(response)
      throw new ConnectorFault('decision', 'server_error', { host: hostOf(url), detail })
    }
    const page = readItems(response.body, 'messages')
    if (page === null) throw protocolFault(url, 'an answer that is no list of messages')
    const uri = page.rest['next_page_uri']
    const next = typeof uri === 'string' ? this.#api.page(uri) : null
    if (typeof uri === 'string' && next === null) throw protocolFault(url, 'a next page at another server')
    return { items: page.items, next, answer: this.#api.answer(response) }
  }

  async #pass(stream: Stream, deep: boolean, signal: AbortSignal): Promise<void> {
    const stored = parseCursor(await this.#context.cursor(stream))
    let cursor = begin(stored, this.#context.clock.now(), deep)
    while (cursor.gaps.length > 0) cursor = await this.#fill(stream, cursor, signal)
  }

  /** Reads the first gap to its end. */
  async #fill(stream: Stream, from: Cursor, signal: AbortSignal): Promise<Cursor> {
    const [gap] = from.gaps
    const when = {
      ...(gap?.above != null && { 'DateSent>': new Date(gap.above).toISOString() }),
      ...(gap?.below != null && { 'DateSent<': new Date(gap.below).toISOString() }),
    }
    const seen = new Set<string>()
    let cursor = from
    let next: string | null = this.#listing(stream, when)
    while (next !== null) {
      const page = await this.#page(next, signal)
      const listed = this.#listed(stream, page.items, seen)
      if (page.items.length > 0 && listed.length === 0 && page.next !== null) throw protocolFault(next, 'a page that repeats')
      const before = JSON.stringify(parseCursor(await this.#context.cursor(stream)))
      cursor = afterPage(
        cursor,
        listed.flatMap(({ message }) => timeOf(message) ?? []),
        page.next !== null,
      )
      for (const { message } of listed) {
        if (stream === 'out') cursor = follow(cursor, message.sid, timeOf(message) ?? 0, isOpen(message))
      }
      const changed = await this.#changed(listed, signal)
      const after = JSON.stringify(cursor)
      if (changed.length > 0 || after !== before) {
        const said = changed.flatMap(({ sms }) => (sms.direction === 'inbound' ? [sms] : []))
        const { country } = this.#context.settings
        await heed(
          this.#context,
          said.map(({ from, text, at }) => ({ from: sideOf(from, country), text, at })),
        )
        signal.throwIfAborted()
        await save(
          this.#context,
          stream,
          changed.map((one) => this.#incoming(one)),
          { before, after },
          page.answer,
        )
        this.#context.progress({ done: seen.size, total: null })
      }
      next = page.next
    }
    return cursor
  }

  /** The messages of a page that belong to the stream and did not stand on a page before. */
  #listed(stream: Stream, items: JsonItem[], seen: Set<string>): (JsonItem & { message: TwilioMessage })[] {
    return items.flatMap((item) => {
      const message = twilioMessage(item.value)
      if (message === null || seen.has(message.sid)) return []
      seen.add(message.sid)
      return isInbound(message) === (stream === 'in') ? [{ ...item, message }] : []
    })
  }

  /** Those that the office does not have as they are now, with their files. */
  async #changed(listed: (JsonItem & { message: TwilioMessage })[], signal: AbortSignal): Promise<Captured[]> {
    const known = await this.#context.has(listed.map(({ message }) => message.sid))
    const changed: Captured[] = []
    for (const { message, raw } of listed) {
      const plain = capture(message, raw)
      if (plain === null) continue
      if (known.has(message.sid)) {
        const source = await this.#context.source(message.sid)
        // One that was disposed of is known and has no bytes: it does not come again.
        if (source === null || said(plain.sms) === said(readTwilio(source.raw, source.mediaType))) continue
      }
      changed.push(
        countOfMedia(message) === 0 ? plain : await fetchFiles(this.#context, this.#api, { message, raw, plain }, signal),
      )
    }
    return changed
  }

  async #refused(response: Parameters<typeof refusalOf>[0], to: string): Promise<ConnectorFault> {
    const { clock } = this.#context
    const { code, detail } = refusalOf(response)
    if (code === BLOCKED) {
      const standing = { out: true, at: new Date(clock.now()).toISOString(), word: String(BLOCKED) }
      await record(this.#context, to, standing)
      return optedOut(to, standing)
    }
    if (badNumbers.has(code)) return new ConnectorFault('decision', 'number_invalid', { number: to }, { untaken: true })
    return new ConnectorFault('decision', 'send_refused', { host: hostOf(response.url), detail }, { untaken: true })
  }
}
