import {
  type AccountId,
  type ConversationId,
  type Draft,
  type DraftId,
  DraftWords,
  type IdentityId,
} from '#shared/model/index.ts'
import type { ReadDb } from '../handle.ts'
import { toNumber } from '../ids.ts'

interface Row {
  id: number
  identity_id: number
  account_id: number
  target_id: number | null
  conversation_id: number | null
  words: string
  version: number
  by: string
  saved_at: string
}

const select = `SELECT d.*, m.conversation_id FROM draft d LEFT JOIN message m ON m.id = d.target_id`

function toDraft(row: Row): Draft {
  return {
    id: String(row.id) as DraftId,
    identityId: String(row.identity_id) as IdentityId,
    accountId: String(row.account_id) as AccountId,
    target: row.target_id === null ? null : (String(row.target_id) as Draft['target']),
    targetConversation: row.conversation_id === null ? null : (String(row.conversation_id) as ConversationId),
    words: DraftWords.parse(JSON.parse(row.words)),
    version: row.version,
    by: row.by,
    savedAt: row.saved_at,
  }
}

export function drafts(db: ReadDb, identityId: IdentityId | null): Draft[] {
  const rows =
    identityId === null
      ? db.all<Row>(`${select} ORDER BY d.saved_at DESC, d.id DESC`)
      : db.all<Row>(`${select} WHERE d.identity_id = ? ORDER BY d.saved_at DESC, d.id DESC`, toNumber(identityId))
  return rows.map(toDraft)
}

export function draft(db: ReadDb, id: DraftId): Draft | null {
  const row = db.get<Row>(`${select} WHERE d.id = ?`, toNumber(id))
  return row ? toDraft(row) : null
}
