import type { Instant } from '#shared/model/index.ts'
import { instantOf, parseInstant } from '../../kit/text.ts'
import { type Captured, digest, type Sms } from '../sms.ts'

/**
 * A message by Kannel. One that came in: the query of the address that Kannel called, exactly. An own one: the fields of `sendsms` without
 * user and password, then `queued`, `answer`, and what delivery reports said (`report`, `reported`) in the order in which they came.
 */
export const kannelType = 'application/x-www-form-urlencoded;gateway=kannel'

/** Kinds of delivery reports (Kannel User's Guide, "Delivery Reports"). */
const reports: Record<string, string> = {
  '1': 'delivered',
  '2': 'undelivered',
  '4': 'queued at the message centre',
  '8': 'accepted by the message centre',
  '16': 'refused by the message centre',
}

/** What kept bytes say; null for damaged ones. */
export function readKannel(raw: Uint8Array): Sms | null {
  const query = Buffer.from(raw).toString('latin1')
  const fields = new URLSearchParams(query)
  const from = fields.get('from')
  const to = fields.get('to')
  const text = textIn(query, fields.get('charset') ?? '')
  if (from === null || to === null || text === null) return null
  const queued = parseInstant(fields.get('queued'))
  if (queued !== null) {
    return { direction: 'outbound', from, to, text, at: queued, state: stateOf(fields), attachments: [] }
  }
  const at = timeOf(fields)
  return at === null ? null : { direction: 'inbound', from, to, text, at, state: '', attachments: [] }
}

/** The text as it was written: Kannel hands it over in the encoding that it names (`%b`, `%C`), UTF-8 unless it is UTF-16. */
function textIn(query: string, charset: string): string | null {
  const part = query.split('&').find((one) => one.startsWith('text='))
  if (part === undefined) return null
  const plain = part.slice('text='.length).replaceAll('+', ' ')
  const bytes = Buffer.from(
    plain.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  )
  return new TextDecoder(/^utf-?16/i.test(charset) ? 'utf-16be' : 'utf-8').decode(bytes)
}

function stateOf(fields: URLSearchParams): string {
  const last = fields.getAll('report').at(-1)
  if (last === undefined) return fields.get('answer') ?? ''
  const words = fields.getAll('said').at(-1) ?? ''
  const state = reports[last] ?? last
  return words === '' ? state : `${state}: ${words}`
}

/** `%T` is in seconds since 1970. The time at which it was taken in stands in the bytes where Kannel gave none. */
function timeOf(fields: URLSearchParams): Instant | null {
  const seconds = fields.get('ts') ?? ''
  const given = /^\d{1,12}$/.test(seconds) && seconds !== '0' ? instantOf(Number(seconds) * 1000) : null
  return given ?? parseInstant(fields.get('taken'))
}

/**
 * A text that Kannel handed over, from the query of its request. A retry of the same has the same id (`%I`).
 * @param taken when it came. @returns null for what is no text.
 */
export function captureInbound(query: string, taken: Instant): Captured | null {
  const fields = new URLSearchParams(query)
  fields.delete('token')
  const whole = timeOf(fields) === null ? `${without(query)}&taken=${encodeURIComponent(taken)}` : without(query)
  const raw = Uint8Array.from(Buffer.from(whole, 'latin1'))
  const sms = readKannel(raw)
  if (sms === null || sms.direction !== 'inbound') return null
  const id = fields.get('id')?.trim()
  return { sms, remoteId: `in:${id || digest(raw)}`.slice(0, 200), raw, mediaType: kannelType, media: [] }
}

/** The query without the token, which is a secret; all else stays byte for byte. */
function without(query: string): string {
  return query
    .split('&')
    .filter((part) => !part.startsWith('token='))
    .join('&')
}

/** An own text. @param fields those of `sendsms` that are no secret. @param answer what Kannel answered. */
export function captureOutbound(key: string, fields: [string, string][], queued: Instant, answer: string): Captured | null {
  const kept = new URLSearchParams([...fields, ['queued', queued], ['answer', answer]]).toString()
  const raw = Uint8Array.from(Buffer.from(kept, 'latin1'))
  const sms = readKannel(raw)
  return sms && { sms, remoteId: outboundId(key), raw, mediaType: kannelType, media: [] }
}

export function outboundId(key: string): string {
  return `out:${key}`
}

/** A delivery report. */
export interface Report {
  key: string
  type: string
  /** What the message centre said (`%A`). */
  said: string
  at: Instant
}

/** @returns null when there is no such report in the query. */
export function readReport(query: string, at: Instant): Report | null {
  const fields = new URLSearchParams(query)
  const key = fields.get('key') ?? ''
  const type = fields.get('type') ?? ''
  if (!/^[0-9a-f]{32}$/.test(key) || !/^\d{1,2}$/.test(type)) return null
  return { key, type, said: (fields.get('said') ?? '').trim().slice(0, 200), at }
}

/** The message with a report added; null when it has that very report, or is damaged. */
export function withReport(raw: Uint8Array, report: Report): Captured | null {
  const text = Buffer.from(raw).toString('latin1')
  if (new URLSearchParams(text).has('report', report.type)) return null
  const added = new URLSearchParams({ report: report.type, said: report.said, reported: report.at })
  const whole = Uint8Array.from(Buffer.from(`${text}&${added}`, 'latin1'))
  const sms = readKannel(whole)
  return sms && { sms, remoteId: outboundId(report.key), raw: whole, mediaType: kannelType, media: [] }
}
