import { createHash, randomBytes } from 'node:crypto'
import type { Outgoing, SourceMessage } from '#connectors/connector.ts'
import { MAIL } from '#connectors/mail/message.ts'
import type { OutgoingContent, Party } from '#shared/model/index.ts'

export type MailContent = Extract<OutgoingContent, { do: 'publish' }>

export const party = (handle: string, name = ''): Party => ({ name, handle })

/** A mail to one citizen, with what a test changes of it. */
export function content(change: Partial<MailContent> = {}): MailContent {
  return {
    do: 'publish',
    kind: 'mail',
    text: 'Dear citizen,\n\nthank you for writing.\n',
    subject: 'Your question',
    warning: '',
    language: 'en',
    media: [],
    to: [party('ada@citizen.example', 'Ada Citizen')],
    cc: [],
    bcc: [],
    visibility: null,
    ...change,
  }
}

/** An item of the outbox, as a connector is given it. */
export function outgoing(
  change: Partial<MailContent> = {},
  files: Uint8Array[] = [],
  target: SourceMessage | null = null,
): Outgoing {
  const bySha = new Map(files.map((file) => [shaOf(file), file]))
  return {
    key: randomBytes(16).toString('hex'),
    queuedAt: '2026-01-05T10:00:00.000Z',
    content: content(change),
    target,
    quote: null,
    open: async function* (sha256) {
      const file = bySha.get(sha256)
      if (file === undefined) throw new Error(`no file ${sha256}`)
      for (let at = 0; at < file.length; at += 50_001) yield file.subarray(at, at + 50_001)
    },
  }
}

export const shaOf = (file: Uint8Array): string => createHash('sha256').update(file).digest('hex')

/** A file of an item. */
export function media(
  file: Uint8Array,
  name: string,
  mediaType = 'application/octet-stream',
  alt = '',
): MailContent['media'][number] {
  return { sha256: shaOf(file), size: file.length, name, mediaType, alt }
}

/** A mail that the office got, to be answered. */
export function received(raw: string, direction: SourceMessage['direction'] = 'inbound'): SourceMessage {
  return { remoteId: 'h:test', direction, places: [], raw: Buffer.from(raw), mediaType: MAIL }
}
