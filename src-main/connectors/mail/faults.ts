import type { ProblemCode } from '#shared/model/index.ts'
import { ConnectorFault } from '../fault.ts'

/** What imapflow, sockets and TLS put on their errors. */
interface Clues {
  code: string | undefined
  responseStatus: string | undefined
  responseCode: string | undefined
  text: string
  authentication: boolean
  tlsFailed: boolean
  throttleReset: number | undefined
}

/** Asked to wait without being told how long. */
const RATE_PAUSE_MS = 5 * 60_000

const unreachable = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN', 'EADDRNOTAVAIL'])
const slow = new Set(['ETIMEDOUT', 'ETIMEOUT', 'CONNECT_TIMEOUT', 'GREETING_TIMEOUT', 'UPGRADE_TIMEOUT', 'LockTimeout'])
const lost = new Set([
  'ECONNRESET',
  'EPIPE',
  'ECONNABORTED',
  'NoConnection',
  'EConnectionClosed',
  'StateLogout',
  'ClosedAfterConnectText',
  'ClosedAfterConnectTLS',
])
const rates = new Set(['LIMIT', 'OVERQUOTA', 'THROTTLED'])
const passing = new Set(['UNAVAILABLE', 'SERVERBUG', 'INUSE', 'CONTACTADMIN', 'EXPUNGEISSUED', 'CORRUPTION'])
const refused = new Set(['AUTHENTICATIONFAILED', 'AUTHORIZATIONFAILED', 'PRIVACYREQUIRED', 'WEBALERT'])

/**
 * The fault of a mail server in the program's words. Response codes are those of RFC 5530. Only an explicit refusal of
 * the credentials is a lost login; whatever may pass is `transient` or `rate`. Server text is never repeated, since it
 * can hold names and content. An error that is no fault of the network is returned as it is, to be seen as a bug.
 */
export function toFault(error: unknown, host: string, now: number): unknown {
  if (error instanceof ConnectorFault || !(error instanceof Error)) return error
  if (error instanceof TypeError || error instanceof RangeError || error.name === 'AbortError') return error
  const clues = readClues(error)
  const transient = (code: ProblemCode, detail?: string) =>
    new ConnectorFault('transient', code, detail === undefined ? { host } : { host, detail }, { cause: redact(error) })
  if (clues.code === 'ETHROTTLE') return rate(host, now + (clues.throttleReset ?? RATE_PAUSE_MS))
  if (clues.responseStatus !== undefined) return fromResponse(clues, host, now)
  const code = clues.code ?? ''
  if (code === 'ENOTFOUND') return transient('host_unknown')
  if (unreachable.has(code) || code === 'EAI_AGAIN') return transient('host_unreachable')
  if (slow.has(code)) return transient('timed_out')
  if (lost.has(code)) return transient('connection_lost')
  if (
    code === 'ERR_SSL_WRONG_VERSION_NUMBER' ||
    (clues.tlsFailed && code === '' && /does not support STARTTLS/.test(error.message))
  )
    return new ConnectorFault('decision', 'tls_missing', { host })
  if (clues.authentication) return new ConnectorFault('login', 'login_failed', { host })
  if (code.startsWith('ERR_SSL') || code === 'EPROTO' || clues.tlsFailed) return transient('protocol', 'TLS')
  if (/^E[A-Z]+$/.test(code)) return transient('connection_lost')
  return transient('protocol', code === '' ? 'unexpected answer' : code)
}

function fromResponse(clues: Clues, host: string, now: number): ConnectorFault {
  const code = clues.responseCode ?? ''
  if (rates.has(code) || /too many|throttl|rate limit|bandwidth|try again later/i.test(clues.text))
    return rate(host, now + RATE_PAUSE_MS)
  const detail = code === '' ? (clues.responseStatus ?? 'BAD') : code
  const server = new ConnectorFault('transient', 'server_error', { host, detail })
  if (passing.has(code)) return server
  if (!clues.authentication) return server
  if (code === 'EXPIRED') return new ConnectorFault('login', 'login_expired', { host })
  if (refused.has(code)) return new ConnectorFault('login', 'login_failed', { host })
  // no code (RFC 3501 servers): a plain NO is a refusal unless its words say that it will pass
  if (
    clues.responseStatus !== 'NO' ||
    /temporar|unavailable|internal|time(d )?out|server error|overload|maintenance/i.test(clues.text)
  )
    return server
  return new ConnectorFault('login', 'login_failed', { host })
}

function rate(host: string, retryAt: number): ConnectorFault {
  return new ConnectorFault('rate', 'rate_limited', { host }, { retryAt })
}

function readClues(error: Error): Clues {
  const fields = error as Error & Record<string, unknown>
  const text = (name: string): string | undefined => (typeof fields[name] === 'string' ? (fields[name] as string) : undefined)
  const words = text('responseText') ?? text('response') ?? ''
  return {
    code: text('code'),
    responseStatus: text('responseStatus')?.toUpperCase(),
    responseCode: (
      text('serverResponseCode') ??
      responseCode(fields['response']) ??
      /^\[([A-Z-]+)/.exec(words)?.[1]
    )?.toUpperCase(),
    text: words,
    authentication: fields['authenticationFailed'] === true,
    tlsFailed: fields['tlsFailed'] === true,
    throttleReset: typeof fields['throttleReset'] === 'number' ? fields['throttleReset'] : undefined,
  }
}

/** The bracketed code of a parsed tagged answer. */
function responseCode(response: unknown): string | undefined {
  if (typeof response !== 'object' || response === null || !('attributes' in response) || !Array.isArray(response.attributes))
    return undefined
  const first: unknown = response.attributes[0]
  if (typeof first !== 'object' || first === null || !('section' in first) || !Array.isArray(first.section)) return undefined
  const word: unknown = first.section[0]
  return typeof word === 'object' && word !== null && 'value' in word && typeof word.value === 'string' ? word.value : undefined
}

/** Name and code only: a cause is logged, and server text or commands in it would be too. */
function redact(error: Error): Error {
  const code = (error as Error & { code?: unknown }).code
  return new Error(`${error.name}${typeof code === 'string' ? ` ${code}` : ''}`)
}
