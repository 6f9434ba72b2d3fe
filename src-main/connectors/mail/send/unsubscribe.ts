import type { Http } from '#ports/index.ts'
import { ProblemError } from '#shared/model/index.ts'
import type { SourceMessage } from '../../connector.ts'
import { ConnectorFault } from '../../fault.ts'
import { readable } from '../message.ts'
import { asBuffer } from '../mime/bytes.ts'
import { cleanLine, readHeaders } from '../mime/header.ts'

/** The ways out of a list that a mail offers. */
export interface Unsubscribe {
  /** Takes one POST and no further question (RFC 8058); https. */
  oneClick: string | null
  /** A mail that does it, to be sent through the outbox (RFC 2369). */
  mail: { to: string; subject: string; text: string } | null
  /** A page to open in the browser. */
  page: string | null
}

const names = new Set(['list-unsubscribe', 'list-unsubscribe-post'])
const LONGEST_URL = 4000
const TIMEOUT_MS = 30_000

/** Reads `List-Unsubscribe` and `List-Unsubscribe-Post`. @returns null where the mail offers no way out. */
export function readUnsubscribe(source: Pick<SourceMessage, 'raw' | 'mediaType'>): Unsubscribe | null {
  const bytes = asBuffer(readable(source.raw, source.mediaType))
  const { fields } = readHeaders(bytes, 0, bytes.length, names)
  const offers = [...(fields.get('list-unsubscribe') ?? '').matchAll(/<([^<>]+)>/g)].flatMap(([, text]) => {
    const url = URL.parse((text as string).replace(/\s+/g, ''))
    return url === null || url.href.length > LONGEST_URL ? [] : [url]
  })
  const page = offers.find(({ protocol }) => protocol === 'https:') ?? offers.find(({ protocol }) => protocol === 'http:')
  const post = /^\s*List-Unsubscribe=One-Click\s*$/i.test(fields.get('list-unsubscribe-post') ?? '')
  const mail = offers.map(toMail).find((one) => one !== null) ?? null
  if (page === undefined && mail === null) return null
  return { oneClick: post && page?.protocol === 'https:' ? page.href : null, mail, page: page?.href ?? null }
}

/** A mailto address (RFC 6068) with its subject and text; other fields are not taken from a stranger. */
function toMail(url: URL): Unsubscribe['mail'] {
  if (url.protocol !== 'mailto:') return null
  const to = decode(url.pathname)
  // one recipient: a list needs no more, and a mail to many is something else
  if (to === null || !/^[^\s@,;<>]+@[^\s@,;<>]+$/.test(to)) return null
  return {
    to,
    subject: cleanLine(url.searchParams.get('subject') ?? '') || 'unsubscribe',
    text: url.searchParams.get('body') ?? '',
  }
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch (error) {
    if (error instanceof URIError) return null
    throw error
  }
}

/**
 * Leaves a list with one POST (RFC 8058 section 3.2): nothing of this office goes along, and no redirect is followed.
 * @param url `oneClick` of a mail.
 * @throws ConnectorFault `server_error` when the list does not say that it is done; why it could not be reached.
 */
export async function unsubscribeByPost(http: Http, url: string, signal: AbortSignal): Promise<void> {
  const { hostname: host } = new URL(url)
  const answer = await http
    .fetch({
      url,
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'List-Unsubscribe=One-Click',
      maxBytes: 1024 * 1024,
      timeoutMs: TIMEOUT_MS,
      maxRedirects: 0,
      outside: true,
      signal,
    })
    .catch((error: unknown) => {
      if (error instanceof ProblemError) throw new ConnectorFault('transient', error.code, error.params)
      throw error
    })
  if (answer.status < 200 || answer.status > 299)
    throw new ConnectorFault('transient', 'server_error', { host, detail: `HTTP ${answer.status}` })
}
