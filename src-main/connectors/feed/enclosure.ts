import type { NamedAttachment } from '#connectors/connector.ts'
import { ConnectorFault } from '#connectors/fault.ts'
import type { Http } from '#ports/index.ts'
import { fetchDocument, hostOf, isInside } from './fetch.ts'
import { parseItem } from './item.ts'
import { limits } from './limits.ts'

/**
 * Fetches a file that an item names, by the rules of a poll: redirects are followed step by step, and a feed from the open web
 * cannot make this computer ask its own network.
 * @returns null when the item names no such file.
 * @throws ConnectorFault `attachment_unavailable`, `too_large`, and what a connection can meet; the signal's reason when aborted.
 */
export async function fetchEnclosure(named: NamedAttachment, http: Http, signal: AbortSignal): Promise<Uint8Array | null> {
  const file = parseItem(named).enclosures[named.index]
  if (!file) return null
  const unavailable = (url: string, detail: string) =>
    new ConnectorFault('transient', 'attachment_unavailable', { name: file.name, host: hostOf(url), detail })
  const to = new URL(file.url)
  const from = URL.canParse(named.endpoint) ? new URL(named.endpoint).hostname : ''
  if (isInside(to.hostname) && !isInside(from)) throw unavailable(file.url, 'an address in the local network')
  to.username = ''
  to.password = ''
  const { response, url } = await fetchDocument(http, {
    url: to.href,
    headers: { accept: '*/*' },
    maxBytes: limits.enclosureBytes,
    timeoutMs: limits.enclosureMs,
    signal,
  })
  if (response.status !== 200) throw unavailable(url, `HTTP ${response.status}`)
  return response.body
}
