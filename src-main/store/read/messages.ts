import { inflateRawSync } from 'node:zlib'
import {
  type AccountId,
  type Attachment,
  type ConversationId,
  type ConversationRow,
  Direction,
  type IdentityId,
  type Message,
  type MessageId,
  MessageKind,
  type Network,
  type Party,
} from '#shared/model/index.ts'
import { readBlob } from '../blobs.ts'
import { findConversation, networkOf, networksByAccount, toRow } from '../conversations.ts'
import type { ReadDb } from '../handle.ts'
import { toNumber } from '../ids.ts'
import type { Source } from '../store.ts'

interface MessageRow {
  id: number
  conversation_id: number
  account_id: number
  identity_id: number
  kind: string
  direction: string
  is_read: number
  answered: number
  versions: number
  attachments: number
  at: string
  deleted_at: string | null
  from_name: string
  from_handle: string
  recipients: string
  subject: string
  snippet: string
  link: string | null
}

const select = `SELECT id, conversation_id, account_id, identity_id, kind, direction, is_read, answered, versions, attachments, at,
  deleted_at, from_name, from_handle, recipients, subject, snippet, link FROM message`

function attachmentsOf(db: ReadDb, id: number): Attachment[] {
  return db
    .all<{ idx: number; name: string; media_type: string; size: number; content_id: string | null; is_inline: number }>(
      'SELECT idx, name, media_type, size, content_id, is_inline FROM attachment WHERE message_id = ? ORDER BY idx',
      id,
    )
    .map((row) => ({
      index: row.idx,
      name: row.name,
      mediaType: row.media_type,
      size: row.size,
      contentId: row.content_id,
      inline: row.is_inline === 1,
    }))
}

function toMessage(db: ReadDb, row: MessageRow, network: Network): Message {
  const [to, cc] = JSON.parse(row.recipients) as [[string, string][], [string, string][]]
  const party = ([name, handle]: [string, string]): Party => ({ name, handle })
  return {
    id: String(row.id) as MessageId,
    conversationId: String(row.conversation_id) as ConversationId,
    identityId: String(row.identity_id) as IdentityId,
    accountId: String(row.account_id) as AccountId,
    network,
    kind: MessageKind.parse(row.kind),
    direction: Direction.parse(row.direction),
    from: { name: row.from_name, handle: row.from_handle },
    to: to.map(party),
    cc: cc.map(party),
    subject: row.subject,
    snippet: row.snippet,
    at: row.at,
    read: row.is_read === 1,
    answered: row.answered === 1,
    deletedAt: row.deleted_at,
    versions: row.versions,
    attachments: row.attachments > 0 ? attachmentsOf(db, row.id) : [],
    link: row.link,
  }
}

export function conversation(
  db: ReadDb,
  id: ConversationId,
  limit: number,
): { row: ConversationRow; messages: Message[]; older: number } | null {
  const record = findConversation(db, id)
  if (!record) return null
  const network = networkOf(networksByAccount(db), record.account_id)
  const newest = db.all<MessageRow>(`${select} WHERE conversation_id = ? ORDER BY id DESC LIMIT ?`, record.id, limit)
  return {
    row: toRow(record, network),
    messages: newest.reverse().map((row) => toMessage(db, row, network)),
    older: record.messages - newest.length,
  }
}

export function message(db: ReadDb, id: MessageId): Message | null {
  const row = db.get<MessageRow>(`${select} WHERE id = ?`, toNumber(id))
  return row ? toMessage(db, row, networkOf(networksByAccount(db), row.account_id)) : null
}

export function source(db: ReadDb, id: MessageId): Source | null {
  const row = db.get<{
    version: number
    media_type: string
    endpoint: string
    captured_at: string
    codec: number
    file: string | null
    file_key: Uint8Array | null
    content: Uint8Array | null
    account_id: number
  }>(
    `SELECT r.version, r.media_type, r.endpoint, r.captured_at, r.codec, r.file, r.file_key, r.content, m.account_id
     FROM record r JOIN message m ON m.id = r.message_id WHERE r.message_id = ? ORDER BY r.version DESC LIMIT 1`,
    toNumber(id),
  )
  if (!row) return null
  return {
    mediaType: row.media_type,
    raw: recordBytes(db.dir, row),
    capturedAt: row.captured_at,
    endpoint: row.endpoint,
    version: row.version,
    network: networkOf(networksByAccount(db), row.account_id),
    accountId: String(row.account_id) as AccountId,
  }
}

/** A record's bytes as they were captured. @throws `office_corrupt` when its file is missing or changed. */
export function recordBytes(
  dir: string,
  row: { codec: number; file: string | null; file_key: Uint8Array | null; content: Uint8Array | null },
): Uint8Array {
  if (row.file !== null && row.file_key !== null) return readBlob(dir, row.file, row.file_key)
  const content = row.content ?? new Uint8Array()
  return row.codec === 1 ? inflateRawSync(content) : content
}
