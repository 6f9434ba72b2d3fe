import type { Attachment, Instant } from '#shared/model/index.ts'
import { readJsonBody } from '../../kit/json-items.ts'
import { fieldsOf, listOf, textOf } from '../../kit/shape.ts'
import { oneLine, parseInstant } from '../../kit/text.ts'
import { type Captured, digest, type Sms } from '../sms.ts'

/**
 * A message by the Android gateway, in JSON. One that came in: the entry of `GET /inbox`, exactly. An own one, since the gateway's answers do
 * not hold its words: `{"request":...,"answer":...}`, what was asked for (with the own number and the time) and the newest answer, exactly.
 */
export const androidType = 'application/json;gateway=android'

/** States after which nothing changes any more. */
const final = new Set(['Delivered', 'Failed', 'Cancelled'])

/** What kept bytes say; null for damaged ones. */
export function readAndroid(raw: Uint8Array): Sms | null {
  const fields = fieldsOf(readJsonBody(raw))
  if (fields === null) return null
  const request = fieldsOf(fields['request'])
  return request === null ? inbound(fields) : outbound(request, fields['answer'])
}

function inbound(fields: Record<string, unknown>): Sms | null {
  const at = parseInstant(fields['createdAt'])
  const from = textOf(fields['sender'])
  if (at === null || from === '' || typeof fields['contentPreview'] !== 'string') return null
  const attachments = listOf(fields['attachments']).map((file, index): Attachment => {
    const about = fieldsOf(file)
    const size = Number(about?.['size'])
    return {
      index,
      name: oneLine(textOf(about?.['name'])) || String(index + 1),
      mediaType: textOf(about?.['contentType']).toLowerCase() || 'application/octet-stream',
      size: Number.isSafeInteger(size) && size > 0 ? size : 0,
      contentId: null,
      inline: false,
    }
  })
  const to = textOf(fields['recipient'])
  return { direction: 'inbound', from, to, text: fields['contentPreview'], at, state: '', attachments }
}

function outbound(request: Record<string, unknown>, answer: unknown): Sms | null {
  const text = textOf(fieldsOf(request['textMessage'])?.['text'])
  const at = parseInstant(request['at'])
  const to = textOf(listOf(request['phoneNumbers'])[0])
  if (at === null || to === '') return null
  return { direction: 'outbound', from: textOf(request['from']), to, text, at, state: stateOf(answer), attachments: [] }
}

function stateOf(answer: unknown): string {
  const fields = fieldsOf(answer)
  const recipient = fieldsOf(listOf(fields?.['recipients'])[0])
  const state = textOf(recipient?.['state']) || textOf(fields?.['state'])
  const error = oneLine(textOf(recipient?.['error'])).slice(0, 200)
  return error === '' ? state : `${state}: ${error}`
}

/** A message of the inbox. Its id is a short hash of its words, so that it counts together with the time. @returns null for what is none. */
export function captureInbound(value: unknown, raw: Uint8Array, own: string): Captured | null {
  const sms = readAndroid(raw)
  const id = textOf(fieldsOf(value)?.['id'])
  if (sms === null || sms.direction !== 'inbound') return null
  return {
    sms: sms.to === '' ? { ...sms, to: own } : sms,
    remoteId: `in:${id.slice(0, 100) || digest(raw)}@${sms.at}`,
    raw,
    mediaType: androidType,
    media: [],
  }
}

/** What is asked of the gateway for an own message (`smsgateway.Message` of its description). */
export interface AndroidRequest {
  /** The item's key: asked twice, the gateway still has one message. */
  id: string
  textMessage: { text: string }
  phoneNumbers: [string]
  withDeliveryReport: true
  simNumber?: number
}

/** An own message with the newest answer about it. @param own The own number. @param at When it was stored to be sent. */
export function captureSent(request: AndroidRequest, own: string, at: Instant, answer: Uint8Array): Captured | null {
  return captureOutbound(JSON.stringify({ ...request, from: own, at }), answer, request.id)
}

/** An own message with a newer answer. @param request As it stands in its bytes. */
export function captureOutbound(request: string, answer: Uint8Array, id: string): Captured | null {
  const raw = Uint8Array.from(Buffer.concat([Buffer.from(`{"request":${request},"answer":`), answer, Buffer.from('}')]))
  const sms = readAndroid(raw)
  return sms && { sms, remoteId: outboundId(id), raw, mediaType: androidType, media: [] }
}

export function outboundId(id: string): string {
  return `out:${id}`
}

/** The request of an own message as it stands in its bytes; null for damaged ones. */
export function requestIn(raw: Uint8Array): string | null {
  const request = fieldsOf(fieldsOf(readJsonBody(raw))?.['request'])
  return request && JSON.stringify(request)
}

/** Whether the state of an own message may still change. */
export function isOpen(sms: Sms): boolean {
  return !final.has(sms.state.split(':', 1)[0] ?? '')
}
