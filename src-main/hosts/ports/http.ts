import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import { connect } from 'node:tls'
import type { Http, HttpRequest, HttpResponse, Sockets } from '#ports/index.ts'
import { ProblemError } from '#shared/model/index.ts'
import { openSocket } from './socket.ts'

const DEFAULT_REDIRECTS = 5
const redirects = new Set([301, 302, 303, 307, 308])

/** HTTP by the runtime's own `fetch`: no cookies, no credentials, redirects followed here so that each step is checked. */
export const systemHttp: Http = {
  async fetch(request) {
    const timeout = AbortSignal.timeout(request.timeoutMs)
    const signal = request.signal ? AbortSignal.any([timeout, request.signal]) : timeout
    let at = address(request.url)
    let step: Step = {
      method: request.method ?? 'GET',
      headers: { 'user-agent': 'Dispatch-Box', ...request.headers },
      body: request.body ?? null,
    }
    try {
      for (let followed = 0; ; followed++) {
        if (request.outside) await refusePrivate(at)
        const response = await fetch(at, { ...step, signal, redirect: 'manual', credentials: 'omit', cache: 'no-store' })
        const location = redirects.has(response.status) ? response.headers.get('location') : null
        const most = request.maxRedirects ?? DEFAULT_REDIRECTS
        if (location === null || most === 0) return await read(response, at, request, step.method)
        await response.body?.cancel()
        if (followed >= most) throw new ProblemError('protocol', { host: at.host, detail: 'too many redirects' })
        const next = address(new URL(location, at).href)
        if (at.protocol === 'https:' && next.protocol === 'http:') {
          throw new ProblemError('protocol', { host: at.host, detail: 'a redirect to an address without encryption' })
        }
        step = nextStep(step, response.status, at.origin === next.origin)
        at = next
      }
    } catch (error) {
      if (error instanceof ProblemError) throw error
      if (request.signal?.aborted) throw request.signal.reason
      if (timeout.aborted) throw new ProblemError('timed_out', { host: at.host }, { cause: error })
      throw await problemOf(error, at)
    }
  },
}

/** WebSockets, with the same words for what goes wrong. */
export const systemSockets: Sockets = {
  async connect(request) {
    const url = URL.canParse(request.url) ? new URL(request.url) : null
    const safe = url?.protocol === 'wss:' || (url?.protocol === 'ws:' && isLoopback(url.hostname))
    if (url === null || !safe || url.username || url.password) {
      throw new ProblemError('address_invalid', { address: url?.host ?? request.url.slice(0, 100) })
    }
    try {
      return await openSocket(request)
    } catch (error) {
      if (error instanceof ProblemError) throw error
      if (request.signal?.aborted) throw request.signal.reason
      throw await problemOf(error, url)
    }
  },
}

/** Addresses that are not of the public internet (the IANA special-purpose registries, RFC 6890). */
const inside = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  inside.addSubnet(net, bits, 'ipv4')
for (const [net, bits] of [
  ['::', 127],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  inside.addSubnet(net, bits, 'ipv6')

/** Whether an address in numbers is of a private network or of this computer; IPv4 inside IPv6 counts as what it is. */
export function isPrivate(ip: string): boolean {
  return inside.check(ip, isIP(ip) === 6 ? 'ipv6' : 'ipv4')
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}

/** @throws `address_private` where any of a name's addresses is. What cannot be looked up is left to the request itself to tell. */
async function refusePrivate(at: URL): Promise<void> {
  const name = at.hostname.replace(/^\[|\]$/g, '')
  const found = isIP(name) ? [{ address: name }] : await lookup(name, { all: true }).catch(() => [])
  if (found.some(({ address }) => isPrivate(address))) throw new ProblemError('address_private', { host: at.host })
}

interface Step {
  method: string
  headers: Record<string, string>
  body: string | Uint8Array<ArrayBuffer> | null
}

function address(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.username || url.password) {
    throw new ProblemError('address_invalid', { address: url?.host ?? text.slice(0, 100) })
  }
  return url
}

/** The next request after a redirect, as the Fetch standard has it (HTTP-redirect fetch, steps 11 to 13). */
function nextStep(step: Step, status: number, sameOrigin: boolean): Step {
  const dropBody = status === 303 || ((status === 301 || status === 302) && step.method === 'POST')
  const private_ = /^(authorization|cookie|proxy-authorization)$/i
  const headers = sameOrigin
    ? step.headers
    : Object.fromEntries(Object.entries(step.headers).filter(([name]) => !private_.test(name)))
  if (!dropBody || step.method === 'HEAD') return { ...step, headers }
  const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => !/^content-/i.test(name)))
  return { method: 'GET', headers: kept, body: null }
}

async function read(response: Response, at: URL, request: HttpRequest, method: string): Promise<HttpResponse> {
  const head = { status: response.status, headers: Object.fromEntries(response.headers), url: at.href }
  if (response.body === null || method === 'HEAD') return { ...head, body: new Uint8Array(0) }
  const chunks: Uint8Array[] = []
  let size = 0
  // `fetch` has already undone the compression, so this counts what it grows to.
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength
    if (size > request.maxBytes)
      throw new ProblemError('too_large', { size: `over ${request.maxBytes}`, limit: request.maxBytes })
    chunks.push(chunk)
  }
  return { ...head, body: Buffer.concat(chunks) }
}

const unreachable = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'EACCES', 'EAI_AGAIN', 'EPERM'])
const slow = new Set(['ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'])
const lost = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_ABORTED', 'UND_ERR_CLOSED'])
const untrusted = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_UNTRUSTED',
  'CERT_REVOKED',
  'CERT_REJECTED',
  'INVALID_CA',
  'CERT_SIGNATURE_FAILURE',
])

/** The problem that a failed request stands for. Looks at the server's certificate again where the sentence names it. */
async function problemOf(error: unknown, at: URL): Promise<ProblemError> {
  const code = codeOf(error)
  const host = at.host
  const options = { cause: error }
  if (code === 'ENOTFOUND') return new ProblemError('host_unknown', { host }, options)
  if (slow.has(code)) return new ProblemError('timed_out', { host }, options)
  if (unreachable.has(code)) return new ProblemError('host_unreachable', { host }, options)
  if (lost.has(code)) return new ProblemError('connection_lost', { host }, options)
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return new ProblemError('tls_mismatch', { host }, options)
  if (code === 'CERT_HAS_EXPIRED')
    return new ProblemError('tls_expired', { host, date: (await certificate(at)).validTo }, options)
  if (code === 'CERT_NOT_YET_VALID' || untrusted.has(code)) {
    return new ProblemError('tls_untrusted', { host, fingerprint: (await certificate(at)).fingerprint }, options)
  }
  const tls = code.startsWith('ERR_SSL') || code === 'EPROTO'
  return new ProblemError('protocol', { host, detail: tls ? 'the encryption could not be agreed' : code || 'not HTTP' }, options)
}

/** The code of the first cause that has one: `fetch` wraps what really happened, and joins one error per address. */
function codeOf(error: unknown): string {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; depth++) {
    if ('code' in at && typeof at.code === 'string') return at.code
    const first: unknown = at instanceof AggregateError ? at.errors[0] : undefined
    at = at.cause ?? first
  }
  return ''
}

const LOOK_MS = 5000

/** What the server shows, only to name it in a sentence; nothing is sent over this connection. */
function certificate(at: URL): Promise<{ validTo: string; fingerprint: string }> {
  const unknown = { validTo: '?', fingerprint: '?' }
  return new Promise((resolve) => {
    const name = at.hostname.replace(/^\[|\]$/g, '')
    const socket = connect({
      host: name,
      port: Number(at.port || 443),
      rejectUnauthorized: false,
      ...(isIP(name) ? {} : { servername: name }),
    })
    const finish = (found: { validTo: string; fingerprint: string }) => {
      socket.destroy()
      resolve(found)
    }
    socket.setTimeout(LOOK_MS, () => finish(unknown))
    socket.once('error', () => finish(unknown))
    socket.once('secureConnect', () => {
      const shown = socket.getPeerCertificate()
      if (!shown.fingerprint256) return finish(unknown)
      const fingerprint = shown.fingerprint256.replaceAll(':', '').toLowerCase()
      finish({ validTo: new Date(shown.valid_to).toISOString().slice(0, 10), fingerprint })
    })
  })
}
