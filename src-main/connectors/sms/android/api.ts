import type { Answer, Context, IncomingMedia } from '#connectors/connector.ts'
import { ConnectorFault } from '#connectors/fault.ts'
import type { HttpRequest, HttpResponse } from '#ports/index.ts'
import type { SmsSettings } from '#shared/model/index.ts'
import { readJsonBody } from '../../kit/json-items.ts'
import { fieldsOf, listOf, textOf } from '../../kit/shape.ts'
import { oneLine } from '../../kit/text.ts'
import { ask, basicAuth, clockOffset, headersOf, hostOf, passingFault } from '../../kit/web.ts'
import { limits, times } from '../limits.ts'
import type { Captured } from '../sms.ts'
import type { AndroidRequest } from './message.ts'

export type AndroidSettings = Extract<SmsSettings, { provider: 'android' }>

/**
 * The interface of "SMS Gateway for Android" (<https://docs.sms-gate.app/integration/api/>), the same on the phone (`http://PHONE:8080`) and at
 * a relay (`https://api.sms-gate.app/3rdparty/v1`).
 */
export class AndroidApi {
  readonly #context: Context<AndroidSettings>

  constructor(context: Context<AndroidSettings>) {
    this.#context = context
  }

  get(path: string, signal: AbortSignal): Promise<HttpResponse> {
    return this.#ask(path, { signal })
  }

  post(path: string, request: AndroidRequest, signal: AbortSignal): Promise<HttpResponse> {
    const headers = { 'content-type': 'application/json' }
    return this.#ask(path, { method: 'POST', body: JSON.stringify(request), headers, signal })
  }

  /** What the answer said of itself. */
  answer(response: HttpResponse): Answer {
    return {
      headers: headersOf(response, ['content-type', 'date', 'server', 'x-request-id']),
      clockOffsetMs: clockOffset(response.headers, this.#context.clock.now()),
    }
  }

  /** A message with its files put into the office. One that the phone has no more, or that is too large, is left out; its name stays. */
  async withFiles(captured: Captured, value: unknown, signal: AbortSignal): Promise<Captured> {
    const fields = fieldsOf(value)
    const media: IncomingMedia[] = []
    for (const [index, file] of listOf(fields?.['attachments']).slice(0, limits.media).entries()) {
      const part = fieldsOf(file)?.['partId']
      const path = `/inbox/${encodeURIComponent(textOf(fields?.['id']))}/attachments/${encodeURIComponent(String(part))}`
      const response = await this.#ask(path, { signal, maxBytes: limits.mediaBytes, timeoutMs: times.media }).catch(tooLarge)
      if (response === null || response.status === 404) continue
      if (response.status !== 200) {
        throw new ConnectorFault('transient', 'server_error', { host: hostOf(response.url), detail: detailOf(response) })
      }
      media.push({ index, ...(await this.#context.keep(oneOf(response.body))) })
    }
    return { ...captured, media }
  }

  async #ask(path: string, request: Partial<HttpRequest>): Promise<HttpResponse> {
    const { http, clock, settings } = this.#context
    const password = await this.#context.secret()
    if (password === null) throw new ConnectorFault('login', 'secret_missing', {}, { untaken: true })
    const url = settings.url.replace(/\/+$/, '') + path
    const authorization = basicAuth(settings.user, password)
    const response = await ask(http, {
      maxBytes: limits.answerBytes,
      timeoutMs: times.request,
      ...request,
      url,
      headers: { ...request.headers, authorization },
    })
    if (response.status === 401 || response.status === 403) {
      throw new ConnectorFault('login', 'login_failed', { host: hostOf(url) }, { untaken: true })
    }
    const passing = passingFault(response, clock)
    if (passing !== null && response.status !== 501) throw passing
    return response
  }
}

/** Why the gateway refused a request, in its own words. */
export function detailOf(response: HttpResponse): string {
  const words = oneLine(textOf(fieldsOf(readJsonBody(response.body))?.['message'])).slice(0, 200)
  return words === '' ? `HTTP ${response.status}` : words
}

/** Waiting makes a file no smaller: the message comes without it. */
function tooLarge(error: unknown): null {
  if (error instanceof ConnectorFault && error.code === 'too_large') return null
  throw error
}

async function* oneOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
