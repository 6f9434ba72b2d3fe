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
import { findConversation, networkOf, networksByAccount, toRow } from '../conversations.ts'
import type { ReadDb } from '../handle.ts'
import { toNumber } from '../ids.ts'

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
    .all<{
      idx: number
      name: string
      media_type: string
      size: number
      content_id: string | null
      is_inline: number
      alt: string | null
    }>('SELECT idx, name, media_type, size, content_id, is_inline, alt FROM attachment WHERE message_id = ? ORDER BY idx', id)
    .map((row) => ({
      index: row.idx,
      name: row.name,
      mediaType: row.media_type,
      size: row.size,
      contentId: row.content_id,
      inline: row.is_inline === 1,
      ...(row.alt !== null && { alt: row.alt }),
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
