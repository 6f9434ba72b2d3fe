import type { Answer, Context } from '#connectors/connector.ts'
import { ConnectorFault } from '#connectors/fault.ts'
import type { HttpRequest, HttpResponse } from '#ports/index.ts'
import type { SmsSettings } from '#shared/model/index.ts'
import { readJsonBody } from '../../kit/json-items.ts'
import { fieldsOf, textOf } from '../../kit/shape.ts'
import { oneLine } from '../../kit/text.ts'
import { ask, basicAuth, clockOffset, headersOf, hostOf, passingFault } from '../../kit/web.ts'
import { limits, times } from '../limits.ts'

export type TwilioSettings = Extract<SmsSettings, { provider: 'twilio' }>

/** Twilio's own number for what it refused, and its sentence (<https://www.twilio.com/docs/api/errors>). */
export interface Refusal {
  code: number
  detail: string
}

const keptHeaders = ['content-type', 'date', 'twilio-request-id', 'x-twilio-error-code'] as const

/** Requests to Twilio's REST API 2010-04-01 (<https://www.twilio.com/docs/usage/api>). */
export class TwilioApi {
  readonly #context: Context<TwilioSettings>

  constructor(context: Context<TwilioSettings>) {
    this.#context = context
  }

  /** Where messages are listed and made. */
  get messages(): string {
    return `${this.#account}/Messages.json`
  }

  /** One message, or what lies below it. */
  message(sid: string, below = ''): string {
    return `${this.#account}/Messages/${sid}${below}.json`
  }

  get #account(): string {
    const { server, accountSid } = this.#context.settings
    return `${server.replace(/\/+$/, '')}/2010-04-01/Accounts/${accountSid}`
  }

  /** The address of a page that Twilio named, relative to the server. @returns null when it leads anywhere else. */
  page(uri: string): string | null {
    const { server } = this.#context.settings
    if (!URL.canParse(uri, server)) return null
    const url = new URL(uri, server)
    return url.origin === new URL(server).origin ? url.href : null
  }

  /** @throws ConnectorFault for every answer but a 2xx and a 4xx that is about the request itself. */
  async ask(url: string, signal: AbortSignal, request: Partial<HttpRequest> = {}): Promise<HttpResponse> {
    const { http, clock, settings } = this.#context
    const secret = await this.#context.secret()
    if (secret === null) throw new ConnectorFault('login', 'secret_missing', {}, { untaken: true })
    const response = await ask(http, {
      maxBytes: limits.answerBytes,
      timeoutMs: times.request,
      signal,
      ...request,
      url,
      headers: { authorization: basicAuth(settings.keySid ?? settings.accountSid, secret), ...request.headers },
    })
    if (response.status === 401 || response.status === 403) {
      throw new ConnectorFault('login', 'login_failed', { host: hostOf(url) }, { untaken: true })
    }
    const passing = passingFault(response, clock)
    if (passing !== null) throw passing
    return response
  }

  /** A file of a message; a redirect is the caller's to judge. */
  async fetchFile(
    url: string,
    request: Pick<HttpRequest, 'maxBytes' | 'timeoutMs'> & { signal: AbortSignal },
  ): Promise<HttpResponse> {
    const { http, settings } = this.#context
    const authorization = basicAuth(settings.keySid ?? settings.accountSid, (await this.#context.secret()) ?? '')
    return http.fetch({ ...request, url, headers: { authorization }, maxRedirects: 0 })
  }

  /** What the answer said of itself. */
  answer(response: HttpResponse): Answer {
    return {
      headers: headersOf(response, keptHeaders),
      clockOffsetMs: clockOffset(response.headers, this.#context.clock.now()),
    }
  }
}

/** Why Twilio refused a request. */
export function refusalOf(response: HttpResponse): Refusal {
  const fields = fieldsOf(readJsonBody(response.body))
  const code = typeof fields?.['code'] === 'number' ? fields['code'] : 0
  const words = oneLine(textOf(fields?.['message'])).slice(0, 200)
  return { code, detail: words === '' ? `HTTP ${response.status}` : code === 0 ? words : `${code} ${words}` }
}
