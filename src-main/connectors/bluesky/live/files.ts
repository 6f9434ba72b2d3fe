import { z } from 'zod'
import type { NamedAttachment } from '#connectors/connector.ts'
import { ConnectorFault } from '#connectors/fault.ts'
import type { Clock, Http } from '#ports/index.ts'
import { type Blob, readPost } from '../record.ts'
import { fileNameOf } from '../render.ts'
import { recordOf } from './compose.ts'
import { isDid, originOf, resolve } from './identity.ts'
import { live } from './limits.ts'
import { isContent, parseJson } from './values.ts'
import { fetchFrom, hostOf } from './xrpc.ts'

/**
 * Fetches a picture or film that a post names, from the server that has its author's repository, and holds it against its content id:
 * what comes is what was posted, not what a cache made of it.
 * @returns null when there is none. @throws ConnectorFault `attachment_unavailable`, `too_large`, and what a connection can meet.
 */
export async function fetchFile(named: NamedAttachment, http: Http, signal: AbortSignal): Promise<Uint8Array | null> {
  const blob = readPost(recordOf(named))?.blobs[named.index]
  if (blob === undefined || blob.cid === '') return null
  const from = await repositoryOf(named, http, signal)
  if (from === null) return null
  const url = new URL('/xrpc/com.atproto.sync.getBlob', from.server)
  url.searchParams.set('did', from.did)
  url.searchParams.set('cid', blob.cid)
  const { outside } = from
  const response = await fetchFrom(http, { url: url.href, maxBytes: live.fileBytes, timeoutMs: live.fileMs, outside, signal })
  if (response.status !== 200) throw unavailable(blob, from.server, `HTTP ${response.status}`)
  if (!isContent(blob.cid, response.body)) throw unavailable(blob, from.server, 'other bytes than were posted')
  return response.body
}

interface Repository {
  did: string
  server: string
  outside: boolean
}

/** Own records came from the account's own server, which their address names; of others, only who wrote them is known. */
async function repositoryOf(named: NamedAttachment, http: Http, signal: AbortSignal): Promise<Repository | null> {
  const own = URL.canParse(named.endpoint) ? new URL(named.endpoint) : null
  const did = own?.searchParams.get('repo') ?? ''
  if (own !== null && isDid(did)) return { did, server: own.origin, outside: false }
  const author = z.object({ author: z.object({ did: z.string() }) }).safeParse(parseJson(named.raw)).data?.author.did
  if (author === undefined || !isDid(author)) return null
  const { server } = await resolve({ http, clock: noClock }, author, signal)
  const origin = server === null ? null : originOf(server)
  return origin === null ? null : { did: author, server: origin, outside: true }
}

/** Who somebody is does not depend on the time. */
const noClock: Clock = { now: () => 0, monotonic: () => 0, sleep: () => Promise.resolve() }

function unavailable(blob: Blob, server: string, detail: string): ConnectorFault {
  return new ConnectorFault('transient', 'attachment_unavailable', { name: fileNameOf(blob), host: hostOf(server), detail })
}
