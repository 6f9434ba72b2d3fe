import { Parser } from 'htmlparser2'
import { ConnectorFault } from '#connectors/fault.ts'
import type { Http, HttpResponse } from '#ports/index.ts'
import { type AccountSettings, ProblemError } from '#shared/model/index.ts'
import { readJsonBody } from '../kit/json-items.ts'
import { fieldsOf, listOf, textOf } from '../kit/shape.ts'
import { oneLine } from '../kit/text.ts'
import { basicAuth, hostOf } from '../kit/web.ts'
import { routeUrl } from './api.ts'
import { limits, times } from './limits.ts'

/** Minutes between polls. */
const EVERY_MINUTES = 2
const RELATION = 'https://api.w.org/'

export interface BlogLogin {
  /** Address of the site or of any of its pages, as the person knows it. */
  site: string
  user: string
  /** An application password, as the site made it: in groups of four. */
  password: string
}

/**
 * Looks for a site's REST API and signs in to it (<https://developer.wordpress.org/rest-api/using-the-rest-api/discovery/>).
 * @throws ConnectorFault `not_a_server` where there is none, `server_elsewhere` where it lies at another host, `login_failed`.
 */
export async function blogLogin(
  http: Http,
  { site, user, password }: BlogLogin,
): Promise<{ settings: AccountSettings; secret: string; label: string | null }> {
  const address = /^https?:\/\//i.test(site.trim()) ? site.trim() : `https://${site.trim()}`
  if (!URL.canParse(address)) throw new ConnectorFault('decision', 'address_invalid', { address: site.slice(0, 100) })
  const page = await get(http, address)
  const api = rootOf(page)
  if (new URL(api).host !== new URL(page.url).host) {
    throw new ConnectorFault('decision', 'server_elsewhere', { host: hostOf(page.url), to: hostOf(api) })
  }
  const root = await get(http, api)
  const about = fieldsOf(readJsonBody(root.body))
  if (root.status !== 200 || !listOf(about?.['namespaces']).includes('wp/v2')) {
    throw new ConnectorFault('decision', 'not_a_server', { host: hostOf(api), network: 'WordPress' })
  }
  const secret = password.replace(/\s+/g, '')
  const headers = { authorization: basicAuth(user, secret) }
  const me = await get(http, routeUrl(api, 'wp/v2/users/me', { context: 'edit' }), headers)
  const id = fieldsOf(readJsonBody(me.body))?.['id']
  if (me.status !== 200 || typeof id !== 'number') throw new ConnectorFault('login', 'login_failed', { host: hostOf(api) })
  const title = oneLine(textOf(about?.['name'])).slice(0, 200)
  const home = textOf(about?.['home'])
  const known = URL.canParse(home) && new URL(home).host === new URL(api).host ? home : page.url
  const blog = { site: known, api, user, userId: id, title, every: EVERY_MINUTES }
  return { settings: { network: 'blog', blog }, secret, label: title.slice(0, 80) || null }
}

/** A person typed the address, so redirects are followed, but nothing secret goes with them: `fetch` drops it at another host. */
async function get(http: Http, url: string, headers: Record<string, string> = {}): Promise<HttpResponse> {
  try {
    const maxRedirects = Object.keys(headers).length === 0 ? 5 : 0
    return await http.fetch({ url, headers, maxBytes: limits.pageBytes, timeoutMs: times.request, maxRedirects })
  } catch (error) {
    if (!(error instanceof ProblemError) || error instanceof ConnectorFault) throw error
    throw new ConnectorFault('transient', error.code, error.params, { cause: error })
  }
}

/** Where the interface is: as the header says, else the page, else where it usually is. */
function rootOf(page: HttpResponse): string {
  const named = inHeader(page.headers['link'] ?? '') ?? inPage(new TextDecoder().decode(page.body))
  const url = named !== null && URL.canParse(named, page.url) ? new URL(named, page.url) : null
  if (url !== null && /^https?:$/.test(url.protocol)) return url.href
  return new URL('wp-json/', page.url.replace(/[?#].*$/, '').replace(/\/?$/, '/')).href
}

/** RFC 8288: `<https://example.org/wp-json/>; rel="https://api.w.org/"`. */
function inHeader(link: string): string | null {
  for (const [, target = '', rest = ''] of link.slice(0, 10_000).matchAll(/<([^<>]*)>([^<]*)/g)) {
    if (/;\s*rel="?([^";]*)"?/i.exec(rest)?.[1] === RELATION) return target
  }
  return null
}

function inPage(html: string): string | null {
  let found: string | null = null
  const parser = new Parser({
    onopentag: (name, { rel, href }) => {
      if (name === 'link' && rel === RELATION && href !== undefined) found ??= href
    },
  })
  parser.end(html)
  return found
}
