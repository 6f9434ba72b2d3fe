import type { IncomingMessage } from '../connector.ts'
import { contentId, type ParsedMail, parseMail } from './parse.ts'

/** What the network said about a mail beside its bytes. */
export interface Envelope {
  /** The server's own id for the message (RFC 8474, Gmail), or null. */
  serverId: string | null
  /** The server's own id for the thread, or null. */
  threadId: string | null
  /** Only its beginning was taken; the size of the whole in bytes. Null for a complete mail. */
  cutFrom: number | null
  /** It begins with no header field. */
  bare?: boolean
  place: string | null
  read: boolean
  answered: boolean
  /** When the server took it in; null when unknown. */
  receivedAt: Date | null
  /** It lies in a folder of sent mail. */
  sent: boolean
  /** The account's own addresses, lower case. */
  own: ReadonlySet<string>
  endpoint: string
}

/** Media type of a complete mail, and of one whose end was over the limit and stayed on the server. */
export const MAIL = 'message/rfc822'
export const CUT_MAIL = 'message/rfc822; cut=yes'
/** Bytes from a mailbox file that begin with no header field: kept, and shown as text. */
export const BARE_MAIL = 'message/rfc822; header=no'

/** What is read of a mail: bytes without a header are all body. */
export function readable(raw: Uint8Array, mediaType: string): Uint8Array {
  return mediaType === BARE_MAIL ? Buffer.concat([EMPTY_HEADER, raw]) : raw
}
const EMPTY_HEADER = Buffer.from('\r\n')

/** A mail's bytes and envelope as the message that is saved. Never throws: what cannot be read is empty. */
export function toMessage(raw: Uint8Array, envelope: Envelope): IncomingMessage {
  const mediaType = envelope.bare === true ? BARE_MAIL : envelope.cutFrom === null ? MAIL : CUT_MAIL
  const mail = parseMail(readable(raw, mediaType))
  const remoteId = envelope.serverId === null ? contentId(raw) : remoteIdOf(envelope.serverId)
  const received =
    envelope.receivedAt !== null && !Number.isNaN(envelope.receivedAt.getTime()) && envelope.receivedAt.getTime() > 0
  const keys = envelope.threadId === null ? mail.threadKeys : [`thread:${envelope.threadId}`]
  return {
    remoteId,
    place: envelope.place,
    threadKeys: keys.length === 0 ? [remoteId] : keys,
    kind: 'mail',
    direction: envelope.sent || envelope.own.has(mail.from.handle.toLowerCase()) ? 'outbound' : 'inbound',
    from: mail.from,
    to: mail.to,
    cc: mail.cc,
    subject: mail.subject,
    at: received ? (envelope.receivedAt as Date).toISOString() : (mail.date ?? new Date(0).toISOString()),
    text: envelope.cutFrom === null ? mail.text : `${mail.text}\n[… ${envelope.cutFrom} bytes]`.trim(),
    read: envelope.read,
    answered: envelope.answered,
    attachments: mail.attachments,
    link: null,
    raw,
    mediaType,
    endpoint: envelope.endpoint,
    // an answer of a program, or a report of success, waits for nobody
    ...(mail.autoReplied || isSuccess(mail.report) ? { quiet: true } : {}),
  }
}

function isSuccess(report: ParsedMail['report']): boolean {
  return report !== null && report.deliveries.length > 0 && report.deliveries.every(({ action }) => action === 'delivered')
}

/** The remote id of a message that the server names itself. */
export function remoteIdOf(serverId: string): string {
  return `s:${serverId}`
}
