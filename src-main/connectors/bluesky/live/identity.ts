import { z } from 'zod'
import { ProblemError } from '#shared/model/index.ts'
import { live } from './limits.ts'
import { parseJson } from './values.ts'
import { fetchFrom, hostOf, type Parts } from './xrpc.ts'

/** The directory of `did:plc` (https://web.plc.directory), and a server that resolves handles by DNS too. */
const directory = 'https://plc.directory'
const resolver = 'https://public.api.bsky.app'

const handleShape = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/
const didShape = /^did:(?:plc:[a-z2-7]{24}|web:[a-z0-9.:%-]{1,250})$/i

export const isDid = (text: string): boolean => didShape.test(text)

/** A handle as it is compared and asked for: without `@`, in lower case; null for what is none (https://atproto.com/specs/handle). */
export function tidyHandle(text: string): string | null {
  const handle = text.trim().replace(/^@/, '').toLowerCase()
  return handle.length <= 253 && handleShape.test(handle) ? handle : null
}

/** Who somebody is, as their DID document says. */
export interface Whoever {
  did: string
  /** As the document claims it; whether the handle says the same is for the caller to see. Null where it claims none. */
  handle: string | null
  /** Scheme, host and port of the server that has the repository; null where there is none. */
  server: string | null
}

/**
 * Finds whose handle it is, and that it is still theirs: the handle leads to a DID, whose document must name the handle.
 * https://atproto.com/specs/handle#handle-resolution
 * @throws ProblemError `host_unknown` where nobody has it, `address_invalid` where it is none or the two do not fit together.
 */
export async function resolve(parts: Parts, who: string, signal: AbortSignal): Promise<Whoever> {
  if (isDid(who)) return readDocument(parts, who, signal)
  const handle = tidyHandle(who)
  if (handle === null) throw new ProblemError('address_invalid', { address: who.slice(0, 100) })
  const did = (await askHandle(parts, handle, signal)) ?? (await askResolver(parts, handle, signal))
  if (did === null) throw new ProblemError('host_unknown', { host: handle })
  const found = await readDocument(parts, did, signal)
  if (found.handle !== handle) throw new ProblemError('address_invalid', { address: handle })
  return found
}

/** The handle's own word, over HTTPS. Where it has none, DNS may, which the resolver knows. */
async function askHandle(parts: Parts, handle: string, signal: AbortSignal): Promise<string | null> {
  try {
    const { status, body } = await get(parts, `https://${handle}/.well-known/atproto-did`, signal)
    const did = Buffer.from(body).toString('utf8').trim()
    return status === 200 && isDid(did) ? did : null
  } catch (error) {
    if (error instanceof ProblemError) return null
    throw error
  }
}

async function askResolver(parts: Parts, handle: string, signal: AbortSignal): Promise<string | null> {
  const url = `${resolver}/xrpc/com.atproto.identity.resolveHandle?handle=${encodeURIComponent(handle)}`
  const { status, body } = await get(parts, url, signal)
  if (status >= 500) throw new ProblemError('server_error', { host: hostOf(resolver), detail: `HTTP ${status}` })
  const did = z.object({ did: z.string() }).safeParse(parseJson(body)).data?.did
  return did !== undefined && isDid(did) ? did : null
}

const Document = z.object({
  id: z.string(),
  alsoKnownAs: z.array(z.string()).max(100).default([]),
  service: z
    .array(z.object({ id: z.string(), type: z.string(), serviceEndpoint: z.unknown() }))
    .max(100)
    .default([]),
})

/** @throws ProblemError `not_found` where there is no such DID, `protocol` for a document that is none. */
async function readDocument(parts: Parts, did: string, signal: AbortSignal): Promise<Whoever> {
  const web = /^did:web:(.+)$/i.exec(did)?.[1]
  const url = web === undefined ? `${directory}/${did}` : `https://${decodeURIComponent(web)}/.well-known/did.json`
  const { status, body } = await get(parts, url, signal)
  if (status === 404 || status === 410) throw new ProblemError('not_found', { what: 'account', id: did })
  if (status !== 200) throw new ProblemError('server_error', { host: hostOf(url), detail: `HTTP ${status}` })
  const found = readDidDocument(parseJson(body))
  if (found?.did !== did) throw new ProblemError('protocol', { host: hostOf(url), detail: 'a DID document of another kind' })
  return found
}

/** What a DID document says (https://atproto.com/specs/did#did-documents); null for what is none. */
export function readDidDocument(value: unknown): Whoever | null {
  const document = Document.safeParse(value).data
  if (document === undefined) return null
  const service = document.service.find(({ id }) => id === '#atproto_pds' || id === `${document.id}#atproto_pds`)
  const at = typeof service?.serviceEndpoint === 'string' ? originOf(service.serviceEndpoint) : null
  const names = document.alsoKnownAs.flatMap((name) => (name.startsWith('at://') ? [tidyHandle(name.slice(5))] : []))
  return { did: document.id, handle: names.find((name) => name !== null) ?? null, server: at }
}

/** Scheme, host and port of an address of the web; null for what is none. */
export function originOf(text: string): string | null {
  const url = URL.canParse(text) ? new URL(text) : null
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' ? url.origin : null
}

/** Names out of documents lead anywhere: never into a private network. */
function get({ http }: Parts, url: string, signal: AbortSignal) {
  return fetchFrom(http, { url, maxBytes: live.documentBytes, timeoutMs: live.requestMs, outside: true, signal })
}
