import type { Answer, Context } from '#connectors/connector.ts'
import { ConnectorFault } from '#connectors/fault.ts'
import type { HttpRequest, HttpResponse } from '#ports/index.ts'
import type { BlogSettings } from '#shared/model/index.ts'
import { readJsonBody } from '../kit/json-items.ts'
import { fieldsOf, textOf } from '../kit/shape.ts'
import { oneLine } from '../kit/text.ts'
import { ask, basicAuth, clockOffset, headersOf, hostOf, passingFault } from '../kit/web.ts'
import { limits, times } from './limits.ts'

/** What WordPress says of a refused request: a word for programs, and a sentence. */
export interface Refusal {
  code: string
  detail: string
}

const keptHeaders = ['content-type', 'date', 'server', 'x-wp-total', 'x-wp-totalpages'] as const

type Query = Record<string, string | number>

/**
 * The address of a route. With plain permalinks the route is a part of the query
 * (<https://developer.wordpress.org/rest-api/key-concepts/#routes-endpoints>).
 * @param root as the site names it. @param route such as `wp/v2/posts`.
 */
export function routeUrl(root: string, route: string, query: Query = {}): string {
  const url = new URL(root)
  const plain = url.searchParams.get('rest_route')
  if (plain === null) url.pathname = `${url.pathname.replace(/\/+$/, '')}/${route}`
  else url.searchParams.set('rest_route', `${plain.replace(/\/+$/, '')}/${route}`)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value))
  return url.href
}

/** Requests to one site's REST API, signed in by an application password. */
export class BlogApi {
  readonly #context: Pick<Context<BlogSettings>, 'settings' | 'secret' | 'http' | 'clock'>

  constructor(context: Pick<Context<BlogSettings>, 'settings' | 'secret' | 'http' | 'clock'>) {
    this.#context = context
  }

  get(route: string, query: Query, signal: AbortSignal): Promise<HttpResponse> {
    return this.#ask(route, query, { signal })
  }

  post(route: string, value: unknown, signal: AbortSignal): Promise<HttpResponse> {
    const headers = { 'content-type': 'application/json' }
    return this.#ask(route, {}, { method: 'POST', body: JSON.stringify(value), headers, signal })
  }

  /** Into the trash, out of which the site's own people can take it again. */
  remove(route: string, signal: AbortSignal): Promise<HttpResponse> {
    return this.#ask(route, {}, { method: 'DELETE', signal })
  }

  answer(response: HttpResponse): Answer {
    return {
      headers: headersOf(response, keptHeaders),
      clockOffsetMs: clockOffset(response.headers, this.#context.clock.now()),
    }
  }

  /** @throws ConnectorFault for every answer but a 2xx and a JSON refusal of the request itself. */
  async #ask(route: string, query: Query, request: Partial<HttpRequest>): Promise<HttpResponse> {
    const { http, clock, settings } = this.#context
    const password = await this.#context.secret()
    if (password === null) throw new ConnectorFault('login', 'secret_missing', {}, { untaken: true })
    const url = routeUrl(settings.api, route, query)
    const authorization = basicAuth(settings.user, password)
    const response = await ask(http, {
      maxBytes: limits.answerBytes,
      timeoutMs: times.request,
      ...request,
      url,
      headers: { accept: 'application/json', ...request.headers, authorization },
    })
    const passing = passingFault(response, clock)
    if (passing !== null) throw passing
    const { status } = response
    const { code } = refusalOf(response)
    if (status === 401) throw new ConnectorFault('login', 'login_failed', { host: hostOf(url) }, { untaken: true })
    // A page in the place of an answer is a plugin or a guard in between: it passes, or the site's people are to be asked.
    if (status >= 400 && (code === '' || code === 'rest_no_route')) {
      const options = { retryAt: clock.now() + times.missing, untaken: true }
      throw new ConnectorFault('transient', 'server_error', { host: hostOf(url), detail: `HTTP ${status}` }, options)
    }
    return response
  }
}

/** Why a site refused a request; without a code where something else than WordPress answered. */
export function refusalOf(response: HttpResponse): Refusal {
  if (response.status < 400) return { code: '', detail: '' }
  const fields = fieldsOf(readJsonBody(response.body))
  const words = oneLine(textOf(fields?.['message']).replace(/<[^>]*>/g, '')).slice(0, 200)
  return { code: textOf(fields?.['code']), detail: words || `HTTP ${response.status}` }
}
