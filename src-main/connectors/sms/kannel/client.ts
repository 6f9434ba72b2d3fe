import type { Checked, Client, Context, IncomingMessage, Outgoing, Sent } from '#connectors/connector.ts'
import { ConnectorFault } from '#connectors/fault.ts'
import type { HttpResponse } from '#ports/index.ts'
import type { SmsSettings } from '#shared/model/index.ts'
import { isGsm7 } from '#shared/text/sms.ts'
import { oneLine } from '../../kit/text.ts'
import { ask, clockOffset, headersOf, hostOf, passingFault, protocolFault } from '../../kit/web.ts'
import { limits, times } from '../limits.ts'
import { sideOf } from '../number.ts'
import { heed, refuseOptedOut } from '../opt-out.ts'
import { sendLimits, textOf } from '../outgoing.ts'
import { save } from '../save.ts'
import { type Captured, toMessage } from '../sms.ts'
import { type Handed, Listener } from './listener.ts'
import { captureInbound, captureOutbound, outboundId, readKannel, readReport, withReport } from './message.ts'

export type KannelSettings = Extract<SmsSettings, { provider: 'kannel' }>

const STREAM = 'kannel'
/** How often it is asked whether Kannel is there, in ms. */
const LOOK_MS = 60_000
/** How soon a report is looked at again whose message was not there yet, in ms. */
const UNPLACED_MS = 500
/** All that a message centre tells: delivered, undelivered, queued, accepted, refused. */
const REPORTS = '31'

/** One user of a Kannel smsbox. What arrives, Kannel hands over to a listener of ours: it keeps nothing that could be asked for. */
export class KannelClient implements Client {
  readonly #context: Context<KannelSettings>
  readonly #closing = new AbortController()
  readonly #listener: Listener | null
  #wake: (() => void) | null = null
  /** Reports of messages that are not in the office yet. */
  #unplaced: Handed[] = []

  constructor(context: Context<KannelSettings>) {
    this.#context = context
    const { receive } = context.settings
    this.#listener =
      receive &&
      new Listener(
        receive.port,
        receive.token,
        () => context.clock.now(),
        () => this.#wake?.(),
      )
  }

  async check(signal: AbortSignal): Promise<Checked> {
    await this.#look(this.#within(signal))
    return { label: this.#context.settings.number, streams: [STREAM] }
  }

  async sync(signal: AbortSignal): Promise<null> {
    await this.#listener?.open()
    await this.#look(this.#within(signal))
    await this.#saveWaiting()
    this.#context.limits(sendLimits)
    return null
  }

  async wait(signal: AbortSignal): Promise<void> {
    const within = this.#within(signal)
    const woken = new AbortController()
    this.#wake = () => woken.abort()
    try {
      if (this.#listener?.waiting) return
      await this.#context.clock.sleep(this.#unplaced.length > 0 ? UNPLACED_MS : LOOK_MS, AbortSignal.any([within, woken.signal]))
    } catch (error) {
      if (within.aborted || !woken.signal.aborted) throw error
    } finally {
      this.#wake = null
    }
  }

  act(): Promise<void> {
    // Kannel knows neither read nor answered; the engine asks only for what `capabilities` offers.
    return Promise.resolve()
  }

  async send(item: Outgoing, signal: AbortSignal): Promise<Sent> {
    const { settings, clock } = this.#context
    const { to, text } = await textOf(item, settings.country, readKannel)
    await refuseOptedOut(this.#context, to)
    const fields: [string, string][] = [
      ['from', settings.number],
      ['to', to],
      ['text', text],
      ['charset', 'UTF-8'],
      ['coding', isGsm7(text) ? '0' : '2'],
    ]
    const response = await this.#ask([...fields, ...this.#reporting(item.key)], this.#within(signal))
    const answer = oneLine(Buffer.from(response.body).toString('utf8')).slice(0, 200)
    // `0: Accepted for delivery`, `3: Queued for later delivery` (Kannel User's Guide, "Using the HTTP interface to send SMS messages").
    if (response.status !== 202 || !/^[03]: /.test(answer)) {
      const untaken = response.status >= 400 && response.status < 500
      if (!untaken) throw protocolFault(settings.url, `HTTP ${response.status}`)
      throw new ConnectorFault(
        'decision',
        'send_refused',
        { host: hostOf(settings.url), detail: answer || `HTTP ${response.status}` },
        { untaken },
      )
    }
    const captured = captureOutbound(item.key, fields, new Date(clock.now()).toISOString(), answer)
    if (captured === null) throw new Error('a text that was sent cannot be read')
    return {
      message: this.#incoming(captured),
      answer: {
        headers: headersOf(response, ['content-type', 'date', 'server']),
        clockOffsetMs: clockOffset(response.headers, clock.now()),
      },
    }
  }

  async close(): Promise<void> {
    this.#closing.abort(new ConnectorFault('transient', 'connection_lost', { host: hostOf(this.#context.settings.url) }))
    for (const one of this.#unplaced.splice(0)) one.answer(false)
    await this.#listener?.close()
  }

  #within(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, this.#closing.signal])
  }

  #incoming(captured: Captured): IncomingMessage {
    const { url, country } = this.#context.settings
    return toMessage(captured, url, country)
  }

  /** Where reports are to be sent, when there is somebody to take them. */
  #reporting(key: string): [string, string][] {
    const { receive } = this.#context.settings
    if (receive === null) return []
    const query = `token=${receive.token}&key=${key}&type=%d&said=%A`
    return [
      ['dlr-mask', REPORTS],
      ['dlr-url', `http://127.0.0.1:${receive.port}/report?${query}`],
    ]
  }

  async #ask(fields: [string, string][], signal: AbortSignal): Promise<HttpResponse> {
    const { http, settings, clock } = this.#context
    const password = await this.#context.secret()
    if (password === null) throw new ConnectorFault('login', 'secret_missing', {}, { untaken: true })
    const query = new URLSearchParams([['username', settings.user], ['password', password], ...fields])
    const url = new URL(settings.url)
    url.search = query.toString()
    const response = await ask(http, { url: url.href, maxBytes: limits.answerBytes, timeoutMs: times.request, signal })
    if (response.status === 401 || response.status === 403) {
      throw new ConnectorFault('login', 'login_failed', { host: url.host }, { untaken: true })
    }
    // 503 is also how Kannel says that it took nothing: the queue is full, or no message centre can be reached.
    const passing = passingFault(response, clock)
    if (passing !== null) throw passing
    return response
  }

  /** Whether Kannel is there and knows us: a request that names nobody is refused, and for a wrong password in another way. */
  async #look(signal: AbortSignal): Promise<void> {
    const response = await this.#ask([], signal)
    if (response.status !== 400) throw protocolFault(this.#context.settings.url, `no sendsms (HTTP ${response.status})`)
  }

  /** Saves what was handed over, then says so to Kannel. */
  async #saveWaiting(): Promise<void> {
    const handed = [...this.#unplaced.splice(0), ...(this.#listener?.take() ?? [])]
    if (handed.length === 0) return
    const settled: Handed[] = []
    const unplaced: Handed[] = []
    try {
      const found = new Map<string, Captured>()
      const texts: Captured[] = []
      for (const one of handed) {
        const captured = one.kind === 'text' ? this.#text(one) : await this.#report(one, found)
        if (captured === 'later') unplaced.push(one)
        else settled.push(one)
        if (captured === null || captured === 'later') continue
        found.set(captured.remoteId, captured)
        if (one.kind === 'text') texts.push(captured)
      }
      const { country } = this.#context.settings
      await heed(
        this.#context,
        texts.map(({ sms }) => ({ from: sideOf(sms.from, country), text: sms.text, at: sms.at })),
      )
      const cursor = (await this.#context.cursor(STREAM)) ?? '{}'
      const messages = [...found.values()].map((captured) => this.#incoming(captured))
      if (messages.length > 0) await save(this.#context, STREAM, messages, { before: cursor, after: cursor }, null)
    } catch (error) {
      for (const one of handed) one.answer(false)
      throw error
    }
    for (const one of settled) one.answer(true)
    this.#keepUnplaced(unplaced)
  }

  #text({ query, at }: Handed): Captured | null {
    const captured = captureInbound(query, new Date(at).toISOString())
    if (captured === null) this.#context.log.warn('sms.not_understood', { gateway: 'kannel' })
    return captured
  }

  /** The message with what the report says; `later` when the message is not there yet. */
  async #report({ query, at }: Handed, found: Map<string, Captured>): Promise<Captured | null | 'later'> {
    const report = readReport(query, new Date(at).toISOString())
    if (report === null) return null
    const id = outboundId(report.key)
    const raw = found.get(id)?.raw ?? (await this.#context.source(id))?.raw
    return raw === undefined ? 'later' : withReport(raw, report)
  }

  /** A report can overtake the saving of what it is about: it waits a little, then Kannel is asked to come again. */
  #keepUnplaced(reports: Handed[]): void {
    const oldest = this.#context.clock.now() - times.report
    for (const one of reports) if (one.at < oldest) one.answer(false)
    this.#unplaced = reports.filter(({ at }) => at >= oldest)
  }
}
