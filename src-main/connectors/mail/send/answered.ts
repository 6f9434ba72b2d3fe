import type { Party } from '#shared/model/index.ts'
import type { SourceMessage } from '../../connector.ts'
import { readable } from '../message.ts'
import { messageIds } from '../message-ids.ts'
import { readAddresses } from '../mime/address.ts'
import { asBuffer } from '../mime/bytes.ts'
import { cleanLine, decodeHeader, readHeaders } from '../mime/header.ts'

/** What an answer takes from the mail that it answers. */
export interface Answered {
  /** Without brackets; null where the mail has none. */
  messageId: string | null
  /** The chain that leads to the mail, oldest first, without itself. */
  references: string[]
  subject: string
  from: Party[]
  /** Where its author wants answers; empty where it does not say. */
  replyTo: Party[]
  /** Where its author wants answers to all (Mail-Followup-To); null where it does not say. */
  followUp: Party[] | null
  to: Party[]
  cc: Party[]
}

const names = new Set([
  'from',
  'sender',
  'reply-to',
  'mail-reply-to',
  'mail-followup-to',
  'to',
  'cc',
  'subject',
  'message-id',
  'in-reply-to',
  'references',
])

/** Reads the header of a mail to be answered. Never throws. */
export function readAnswered(raw: Uint8Array, mediaType: string): Answered {
  const bytes = asBuffer(readable(raw, mediaType))
  const { fields } = readHeaders(bytes, 0, bytes.length, names)
  const parties = (name: string) => readAddresses(fields.get(name)).parties.filter((party) => party.handle.includes('@'))
  const chain = messageIds(fields.get('references'))
  const parents = messageIds(fields.get('in-reply-to'))
  const from = parties('from')
  const reply = parties('mail-reply-to')
  return {
    messageId: messageIds(fields.get('message-id'))[0] ?? null,
    // RFC 5322 section 3.6.4: a mail without References whose In-Reply-To names one mail
    references: chain.length > 0 ? chain : parents.length === 1 ? parents : [],
    subject: cleanLine(decodeHeader(fields.get('subject') ?? '')),
    from: from.length > 0 ? from : parties('sender'),
    replyTo: reply.length > 0 ? reply : parties('reply-to'),
    followUp: fields.has('mail-followup-to') ? parties('mail-followup-to') : null,
    to: parties('to'),
    cc: parties('cc'),
  }
}

/**
 * Whom an answer goes to (RFC 5322 section 3.6.3): where the author wants answers, else the author; `all` adds everybody else who got it, or
 * those whom the author named for it. Never the account's own addresses, unless nobody else is left. Answering an own mail goes to those that it went to.
 * @param own the account's addresses, lower case.
 */
export function replyRecipients(source: SourceMessage, own: ReadonlySet<string>, all: boolean): { to: Party[]; cc: Party[] } {
  const mail = readAnswered(source.raw, source.mediaType)
  const others = (parties: Party[], taken: Party[] = []) => {
    const seen = new Set(taken.map((party) => party.handle.toLowerCase()))
    return parties.filter((party) => {
      const handle = party.handle.toLowerCase()
      if (own.has(handle) || seen.has(handle)) return false
      seen.add(handle)
      return true
    })
  }
  const author = mail.replyTo.length > 0 ? mail.replyTo : mail.from
  const first = source.direction === 'outbound' ? mail.to : all ? (mail.followUp ?? author) : author
  const to = others(first)
  if (to.length === 0 && first.length > 0 && !all) return { to: first, cc: [] }
  if (!all) return { to, cc: [] }
  const rest = source.direction === 'outbound' ? mail.cc : mail.followUp === null ? [...mail.to, ...mail.cc] : []
  const cc = others(rest, to)
  if (to.length > 0) return { to, cc }
  return cc.length > 0 ? { to: cc, cc: [] } : { to: first, cc: [] }
}

/** Names of a chain that are written at most: the first, which names the thread, and the newest. */
const MOST_REFERENCES = 20
/** Characters of one Message-ID in a chain; longer ones are of no program that threads by them. */
const LONGEST_ID = 250

/** In-Reply-To and References of an answer (RFC 5322 section 3.6.4), without brackets. */
export function chainOf(mail: Answered): { inReplyTo: string | null; references: string[] } {
  const writable = (id: string) => id.length <= LONGEST_ID && /^[^\s<>\p{Cc}]+$/u.test(id)
  const own = mail.messageId !== null && writable(mail.messageId) ? mail.messageId : null
  const all = [...new Set([...mail.references.filter(writable), ...(own === null ? [] : [own])])]
  const references = all.length > MOST_REFERENCES ? [all[0] as string, ...all.slice(1 - MOST_REFERENCES)] : all
  return { inReplyTo: own, references }
}
