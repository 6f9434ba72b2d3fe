import type { SourceMessage } from '../../connector.ts'
import { readable } from '../message.ts'
import { readAddresses } from '../mime/address.ts'
import { asBuffer } from '../mime/bytes.ts'
import { readHeaders } from '../mime/header.ts'

/** Why a mail gets no automatic answer. */
export type NoAnswer = 'automatic' | 'list' | 'bounce' | 'no_sender' | 'role' | 'own' | 'suppressed' | 'not_addressed'

const names = new Set([
  'from',
  'sender',
  'reply-to',
  'to',
  'cc',
  'return-path',
  'auto-submitted',
  'precedence',
  'list-id',
  'list-post',
  'list-help',
  'list-unsubscribe',
  'mailing-list',
  'x-loop',
  'x-autoreply',
  'x-autorespond',
  'x-auto-response-suppress',
  'x-failed-recipients',
  'content-type',
])

/** Addresses that no person reads, or that answer by themselves (RFC 3834 section 2). */
const roles =
  /^(?:owner-.*|.*-(?:owner|request|bounces?)(?:\+.*)?|mailer-daemon|postmaster|no-?reply.*|do-?not-?reply.*|bounces?(?:[+-].*)?)@/i

/**
 * Whether a program may answer this mail without a person having read it: what an automatic reply or a campaign's answer must ask for each mail
 * (RFC 3834 section 2, RFC 5230 section 4.6). Answers to automatic mail make loops, answers to lists reach strangers, answers to bounces reach nobody.
 * @param own the account's addresses, lower case.
 * @returns null when it may, else why not.
 */
export function noAutomaticAnswer(
  source: Pick<SourceMessage, 'raw' | 'mediaType' | 'direction'>,
  own: ReadonlySet<string>,
): NoAnswer | null {
  const bytes = asBuffer(readable(source.raw, source.mediaType))
  const { fields } = readHeaders(bytes, 0, bytes.length, names)
  const value = (name: string) => (fields.get(name) ?? '').trim().toLowerCase()
  const from = readAddresses(fields.get('from') ?? fields.get('sender')).parties[0]?.handle.toLowerCase() ?? ''
  if (source.direction === 'outbound' || own.has(from)) return 'own'
  // the envelope's sender, written down at delivery: empty for reports (RFC 5321 section 4.5.5)
  if (
    /^<\s*>/.test(value('return-path')) ||
    fields.has('x-failed-recipients') ||
    value('content-type').startsWith('multipart/report')
  )
    return 'bounce'
  const submitted = value('auto-submitted').split(/[\s;(]/, 1)[0] ?? ''
  if (submitted !== '' && submitted !== 'no') return 'automatic'
  if (fields.has('x-autoreply') || fields.has('x-autorespond') || value('precedence').startsWith('auto')) return 'automatic'
  const listed = ['list-id', 'list-post', 'list-help', 'list-unsubscribe', 'mailing-list'].some((name) => fields.has(name))
  if (listed || /^(?:bulk|list|junk)\b/.test(value('precedence'))) return 'list'
  if (/\b(?:all|oof|autoreply)\b/.test(value('x-auto-response-suppress'))) return 'suppressed'
  if (!from.includes('@')) return 'no_sender'
  if (roles.test(from)) return 'role'
  const addressed = ['to', 'cc'].flatMap((name) => readAddresses(fields.get(name)).parties)
  return addressed.some((party) => own.has(party.handle.toLowerCase())) ? null : 'not_addressed'
}
