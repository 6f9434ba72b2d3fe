import type { Party } from '#shared/model/index.ts'
import type { WriteDb } from '../handle.ts'
import type { StoreMessage } from '../store.ts'
import { clean } from '../text.ts'
import type { People } from './people.ts'
import type { Records } from './record.ts'
import { finalOf, type Working } from './working.ts'

/** A message that is about to be written, with the conversation it was found to belong to. */
export interface NewMessage {
  id: number
  conversation: Working
  message: StoreMessage
  sha256: Uint8Array
  snippet: string
}

/** The message with texts as they are stored: without the two characters that mark search results. */
export function tidyMessage(message: StoreMessage): StoreMessage {
  const subject = clean(message.subject)
  const text = clean(message.text)
  return subject === message.subject && text === message.text ? message : { ...message, subject, text }
}

/** Who a list names: the sender, or for our own messages whom they were for. */
export function otherSide(message: StoreMessage): string {
  const party = message.direction === 'inbound' ? message.from : (message.to[0] ?? message.from)
  return clean(party.name || party.handle)
}

export function packRecipients(message: StoreMessage): string {
  const pack = (parties: Party[]) => parties.map(({ name, handle }) => [name, handle])
  return JSON.stringify([pack(message.to), pack(message.cc)])
}

/** Gives messages and their texts places in the order they come. */
export class Slots {
  #next: number

  constructor(db: WriteDb) {
    this.#next = (db.value<number>('SELECT max(slot) FROM message') ?? 0) + 1
  }

  take(): number {
    return this.#next++
  }
}

/** Writes a message, its text, attachments and first record. Its conversation is there already. @returns its slot. */
export function insertMessage(
  db: WriteDb,
  item: NewMessage,
  { people, records, slots }: { people: People; records: Records; slots: Slots },
): number {
  const { id, message } = item
  const conversation = finalOf(item.conversation).now
  const slot = slots.take()
  db.run(
    `INSERT INTO message (slot, id, conversation_id, account_id, identity_id, remote_id, kind, direction, person_id, is_read, answered,
       versions, attachments, at, from_name, from_handle, recipients, subject, snippet, link, quiet)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    slot,
    id,
    conversation.id,
    conversation.account_id,
    conversation.identity_id,
    message.remoteId,
    message.kind,
    message.direction,
    people.of(message.from, id),
    message.read || message.quiet ? 1 : 0,
    message.answered ? 1 : 0,
    message.attachments.length,
    message.at,
    message.from.name,
    message.from.handle,
    packRecipients(message),
    message.subject,
    item.snippet,
    message.link,
    message.quiet ? 1 : 0,
  )
  db.run('INSERT INTO body (slot, text) VALUES (?, ?)', slot, message.text)
  addAttachments(db, id, message)
  records.add(id, 1, message, item.sha256)
  return slot
}

/** What is known of attachments; their bytes are in the record. */
export function addAttachments(db: WriteDb, id: number, message: StoreMessage): void {
  for (const attachment of message.attachments) {
    db.run(
      'INSERT INTO attachment (message_id, idx, name, media_type, size, content_id, is_inline, alt) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      id,
      attachment.index,
      attachment.name,
      attachment.mediaType,
      attachment.size,
      attachment.contentId,
      attachment.inline ? 1 : 0,
      attachment.alt || null,
    )
  }
}
