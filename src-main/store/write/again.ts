import type { WriteDb } from '../handle.ts'
import type { StoreMessage } from '../store.ts'
import { snippetOf } from '../text.ts'
import { hasMedia } from './media.ts'
import { addAttachments, otherSide, packRecipients } from './message.ts'
import type { People } from './people.ts'
import type { Places } from './places.ts'
import type { Records } from './record.ts'
import type { Threads } from './threads.ts'

/** What is needed of a message that the office already has. */
export interface KnownMessage {
  id: number
  slot: number
  versions: number
}

/**
 * A message that is there already was seen again: at another place, undeleted, with other flags or edited.
 * @returns `edited` when it has a new version, `changed` when something else is new.
 */
export function applyAgain(
  db: WriteDb,
  known: KnownMessage,
  message: StoreMessage,
  sha256: Uint8Array,
  parts: { places: Places; people: People; threads: Threads; records: Records },
): 'same' | 'changed' | 'edited' {
  let changed = parts.places.seen(known.id, message.deletedAt)
  // Only where the network keeps flags, and those have places: a feed's item seen again is not unread again.
  if (message.place !== null) {
    parts.places.put(message.place, known.id, message.read, message.answered)
    if (parts.places.flags(known.id, message.read, message.answered)) changed = true
  }
  if (hasVersion(db, known, message, sha256)) {
    if (joinNewKeys(db, known, message, parts.threads)) changed = true
    return changed ? 'changed' : 'same'
  }
  edit(db, known, message, sha256, parts)
  return 'edited'
}

/** A message may be told of in other words of its network than before (an export, then its server), by which others name it. */
function joinNewKeys(db: WriteDb, known: KnownMessage, message: StoreMessage, threads: Threads): boolean {
  const row = db.get<{ account_id: number; conversation_id: number }>(
    'SELECT account_id, conversation_id FROM message WHERE id = ?',
    known.id,
  )
  if (!row) throw new Error(`message ${known.id} is named but not there`)
  const isOther = (key: string) =>
    db.value('SELECT conversation_id FROM thread_key WHERE account_id = ? AND key = ?', row.account_id, key) !==
    row.conversation_id
  if (!message.threadKeys.some(isOther)) return false
  const conversation = threads.byId(row.conversation_id)
  const before = conversation.now.messages
  const joined = threads.join(message.threadKeys, conversation)
  if (joined === conversation && joined.now.messages === before) return false
  joined.touch()
  return true
}

/**
 * Whether these bytes are a version that is there. A mail never changes, but copies of it may differ (a list's footer), so
 * any version will do; elsewhere only the newest, because going back to an earlier text is an edit too.
 */
function hasVersion(db: WriteDb, known: KnownMessage, message: StoreMessage, sha256: Uint8Array): boolean {
  if (!hasMedia(db, known.id, known.versions, message)) return false
  const oldest = message.mediaType === 'message/rfc822' ? 1 : known.versions
  if (db.value('SELECT 1 FROM record WHERE message_id = ? AND version >= ? AND sha256 = ?', known.id, oldest, sha256) === 1)
    return true
  return message.volatile === true && saysTheSame(db, known.id, message)
}

/** Whether a person would read the same, and find the same files. */
function saysTheSame(db: WriteDb, id: number, message: StoreMessage): boolean {
  const same = db.value(
    'SELECT 1 FROM message m JOIN body b ON b.slot = m.slot WHERE m.id = ? AND m.subject = ? AND b.text = ? AND m.link IS ?',
    id,
    message.subject,
    message.text,
    message.link,
  )
  if (same !== 1) return false
  const names = db.column<string>('SELECT name FROM attachment WHERE message_id = ? ORDER BY idx', id)
  return JSON.stringify(names) === JSON.stringify(message.attachments.map(({ name }) => name))
}

function edit(
  db: WriteDb,
  known: KnownMessage,
  message: StoreMessage,
  sha256: Uint8Array,
  { people, threads, records }: { people: People; threads: Threads; records: Records },
): void {
  const version = known.versions + 1
  const snippet = snippetOf(message.text)
  const row = db.get<{ conversation_id: number; at: string; direction: string; attachments: number }>(
    'SELECT conversation_id, at, direction, EXISTS (SELECT 1 FROM attachment t WHERE t.message_id = m.id AND NOT t.is_inline) AS attachments FROM message m WHERE id = ?',
    known.id,
  )
  if (!row) throw new Error(`message ${known.id} is named but not there`)
  records.add(known.id, version, message, sha256)
  db.run(
    `UPDATE message SET versions = ?, person_id = ?, attachments = ?, from_name = ?, from_handle = ?, recipients = ?, subject = ?,
       snippet = ?, link = ? WHERE id = ?`,
    version,
    people.of(message.from, known.id),
    message.attachments.length,
    message.from.name,
    message.from.handle,
    packRecipients(message),
    message.subject,
    snippet,
    message.link,
    known.id,
  )
  db.run('UPDATE body SET text = ? WHERE slot = (SELECT slot FROM message WHERE id = ?)', message.text, known.id)
  db.run('DELETE FROM attachment WHERE message_id = ?', known.id)
  addAttachments(db, known.id, message)

  const conversation = threads.join(message.threadKeys, threads.byId(row.conversation_id))
  const now = conversation.now
  // The message keeps its place in time, so only what the list shows of it can change.
  if (now.key === known.id) conversation.describe({ at: row.at, subject: message.subject, snippet })
  if (now.latest_in === known.id || (now.latest_in === 0 && now.key === known.id)) now.from_name = otherSide(message)
  now.attachments += Number(message.attachments.some((attachment) => !attachment.inline)) - row.attachments
  conversation.touch()
}
