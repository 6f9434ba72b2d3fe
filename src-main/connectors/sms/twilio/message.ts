import type { KeptFile } from '#connectors/connector.ts'
import type { Attachment } from '#shared/model/index.ts'
import { readJsonBody } from '../../kit/json-items.ts'
import { type Fields, fieldsOf, listOf, textOf } from '../../kit/shape.ts'
import { oneLine, parseInstant } from '../../kit/text.ts'
import { limits } from '../limits.ts'
import type { Captured, Sms } from '../sms.ts'

/** A message resource as Twilio wrote it (<https://www.twilio.com/docs/messaging/api/message-resource>). */
export const plainType = 'application/json;gateway=twilio'
/** The same, and the list of its files, each exactly as Twilio wrote it: `{"message":...,"media":...}`. */
export const mediaType = 'application/json;gateway=twilio;media=listed'

/** A file of a message (<https://www.twilio.com/docs/messaging/api/media-resource>) that was fetched. */
export interface TwilioFile {
  sid: string
  contentType: string
  kept: KeptFile
}

/** States after which nothing changes any more; `sent` is none, although some carriers never tell more. */
const final = new Set(['delivered', 'undelivered', 'failed', 'canceled', 'read', 'received', 'partially_delivered'])

export interface TwilioMessage {
  sid: string
  fields: Fields
}

/** @returns null for what is no message. */
export function twilioMessage(value: unknown): TwilioMessage | null {
  const fields = fieldsOf(value)
  const sid = textOf(fields?.['sid'])
  return fields !== null && /^(?:SM|MM)[0-9a-fA-F]{32}$/.test(sid) ? { sid, fields } : null
}

/** When it was sent, or made where it is not sent yet, in ms since 1970; null where Twilio says neither. */
export function timeOf({ fields }: TwilioMessage): number | null {
  const at = parseInstant(fields['date_sent']) ?? parseInstant(fields['date_created'])
  return at === null ? null : Date.parse(at)
}

export function isInbound({ fields }: TwilioMessage): boolean {
  return fields['direction'] === 'inbound'
}

/** Whether its state may still change. */
export function isOpen({ fields }: TwilioMessage): boolean {
  return !final.has(textOf(fields['status']))
}

export function countOfMedia({ fields }: TwilioMessage): number {
  const count = Number(textOf(fields['num_media']))
  return Number.isInteger(count) && count > 0 ? count : 0
}

/** What makes it another version: its words and how far it got. Prices and times of change do not. */
export function said(sms: Sms | null): string {
  return sms === null ? '' : JSON.stringify([sms.text, sms.state])
}

/** What a message resource says. @param value parsed. */
function read(value: unknown, files: Attachment[]): Sms | null {
  const message = twilioMessage(value)
  if (message === null) return null
  const { fields } = message
  const at = timeOf(message)
  if (at === null) return null
  const inbound = isInbound(message)
  const code = typeof fields['error_code'] === 'number' ? `${fields['error_code']}` : ''
  const failed = [code, oneLine(textOf(fields['error_message']))].filter((part) => part !== '').join(' ')
  const state = inbound ? '' : textOf(fields['status'])
  return {
    direction: inbound ? 'inbound' : 'outbound',
    from: textOf(fields['from']),
    to: textOf(fields['to']),
    text: textOf(fields['body']),
    at: new Date(at).toISOString(),
    state: failed === '' || state === '' ? state : `${state}: ${failed}`,
    attachments: files,
  }
}

/** What kept bytes say; null for damaged ones. */
export function readTwilio(raw: Uint8Array, type: string): Sms | null {
  const value = readJsonBody(raw)
  if (type !== mediaType) return read(value, [])
  const both = fieldsOf(value)
  const listed = listOf(fieldsOf(both?.['media'])?.['media_list']).slice(0, limits.media)
  return read(
    both?.['message'],
    listed.map((file, index) => attachment(file, index, 0)),
  )
}

function attachment(value: unknown, index: number, size: number): Attachment {
  const fields = fieldsOf(value)
  const contentType = textOf(fields?.['content_type']).toLowerCase()
  const type = /^[a-z0-9.+-]+\/[a-z0-9.+-]+$/.test(contentType) ? contentType : 'application/octet-stream'
  const ending = type.split('/')[1]?.replace(/^x-|\+.*$/g, '') ?? 'bin'
  return {
    index,
    name: `${textOf(fields?.['sid']) || index + 1}.${ending}`,
    mediaType: type,
    size,
    contentId: null,
    inline: false,
  }
}

/** A message without files, with the bytes that Twilio wrote. @returns null when they do not say enough. */
export function capture(message: TwilioMessage, raw: Uint8Array): Captured | null {
  const sms = read(message.fields, [])
  return sms && { sms, remoteId: message.sid, raw, mediaType: plainType, media: [] }
}

/** A message with files. @param list Twilio's answer that lists them. */
export function captureWithFiles(raw: Uint8Array, sid: string, list: Uint8Array, files: (TwilioFile | null)[]): Captured | null {
  const both = Uint8Array.from(Buffer.concat([Buffer.from('{"message":'), raw, Buffer.from(',"media":'), list, Buffer.from('}')]))
  const sms = readTwilio(both, mediaType)
  if (sms === null) return null
  const attachments = sms.attachments.map((file) => ({ ...file, size: files[file.index]?.kept.size ?? 0 }))
  const media = files.flatMap((file, index) => (file === null ? [] : [{ index, ...file.kept }]))
  return { sms: { ...sms, attachments }, remoteId: sid, raw: both, mediaType, media }
}
