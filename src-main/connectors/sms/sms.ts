import { createHash } from 'node:crypto'
import type { IncomingMedia, IncomingMessage, Rendered } from '#connectors/connector.ts'
import type { Attachment, Direction, Instant } from '#shared/model/index.ts'
import { escapeHtml, paragraphs, searchText } from '../kit/plain.ts'
import { limits } from './limits.ts'
import { sideOf } from './number.ts'

/** A text message as a gateway's bytes tell it. */
export interface Sms {
  direction: Direction
  /** Both sides as the gateway wrote them. */
  from: string
  to: string
  text: string
  at: Instant
  /** How far an own message got, in the gateway's own word, and why it failed; empty where it does not say. */
  state: string
  attachments: Attachment[]
}

/** A message with the bytes that say it. */
export interface Captured {
  sms: Sms
  remoteId: string
  raw: Uint8Array
  mediaType: string
  media: IncomingMedia[]
}

/** Everything with one number is one conversation. */
export function toMessage(
  { sms, remoteId, raw, mediaType, media }: Captured,
  endpoint: string,
  country: string | null,
): IncomingMessage {
  const from = sideOf(sms.from, country)
  const to = sideOf(sms.to, country)
  const other = sms.direction === 'inbound' ? from : to
  return {
    remoteId,
    place: null,
    threadKeys: [`sms:${other}`],
    kind: 'sms',
    direction: sms.direction,
    from: { name: from, handle: from },
    to: [{ name: to, handle: to }],
    cc: [],
    subject: '',
    at: sms.at,
    text: searchText(sms.text.slice(0, limits.textChars)),
    read: sms.direction === 'outbound',
    answered: false,
    attachments: sms.attachments,
    link: null,
    raw,
    mediaType,
    endpoint,
    ...(media.length > 0 && { media }),
  }
}

/** What a person reads: the text, and below an own one how far it got. */
export function renderSms(sms: Sms | null): Rendered {
  if (sms === null) return { html: null, text: '', damaged: true, attachments: [] }
  const text = searchText(sms.text)
  const state = sms.state === '' ? '' : `<p><small>${escapeHtml(sms.state)}</small></p>`
  const html = state === '' ? null : paragraphs(text) + state
  return { html, text, damaged: false, attachments: sms.attachments }
}

/** An id for what a gateway gives none: the same for the same bytes. */
export function digest(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 32)
}
