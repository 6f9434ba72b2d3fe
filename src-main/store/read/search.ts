import type {
  AccountId,
  ConversationId,
  Direction,
  IdentityId,
  MessageId,
  MessageKind,
  Network,
  SearchHit,
  SortKey,
} from '#shared/model/index.ts'
import { networkOf, networksByAccount } from '../conversations.ts'
import type { ReadDb } from '../handle.ts'
import { endOfIds, toNumber } from '../ids.ts'
import { partitions, tableOf } from '../search/partitions.ts'
import { type MatchQuery, toMatch } from '../search/query.ts'
import { snippet } from '../search/snippet.ts'

interface HitRow {
  id: number
  conversation_id: number
  identity_id: number
  account_id: number
  kind: MessageKind
  direction: Direction
  at: string
  from_name: string
  from_handle: string
  subject: string
  text: string
}

/** The newest messages that match, one page at a time; partitions are asked newest first until the page is full. */
export function search(
  db: ReadDb,
  text: string,
  limit: number,
  before: SortKey | null,
): { hits: SearchHit[]; next: SortKey | null } {
  const query = toMatch(text)
  if (!query) return { hits: [], next: null }
  const ids = matching(db, query.match, limit + 1, before === null ? endOfIds : toNumber(before))
  const networks = networksByAccount(db)
  const hits = ids.slice(0, limit).flatMap((id) => hit(db, id, query, networks))
  const last = hits.at(-1)
  return { hits, next: ids.length > limit && last ? (String(last.id) as SortKey) : null }
}

/** Ids below `before` that match, newest first, at most `limit`. */
export function matching(db: ReadDb, match: string, limit: number, before: number): number[] {
  const ids: number[] = []
  for (const partition of partitions(db)) {
    if (partition.low >= before || partition.rows === 0) continue
    const table = tableOf(partition)
    // FTS5 only seeks by integers, and numbers are bound as doubles: hence the cast.
    const found = db.column<number>(
      `SELECT rowid FROM ${table} WHERE ${table} MATCH ? AND rowid < CAST(? AS INTEGER) ORDER BY rowid DESC LIMIT ?`,
      match,
      before,
      limit - ids.length,
    )
    ids.push(...found)
    if (ids.length >= limit) break
  }
  return ids
}

function hit(db: ReadDb, id: number, query: MatchQuery, networks: Map<number, Network>): SearchHit[] {
  const row = db.get<HitRow>(
    `SELECT m.id, m.conversation_id, m.identity_id, m.account_id, m.kind, m.direction, m.at, m.from_name, m.from_handle, m.subject, b.text
     FROM message m JOIN body b ON b.slot = m.slot WHERE m.id = ?`,
    id,
  )
  if (!row) return []
  return [
    {
      id: String(row.id) as MessageId,
      conversationId: String(row.conversation_id) as ConversationId,
      identityId: String(row.identity_id) as IdentityId,
      accountId: String(row.account_id) as AccountId,
      network: networkOf(networks, row.account_id),
      kind: row.kind,
      direction: row.direction,
      at: row.at,
      from: row.from_name || row.from_handle,
      subject: row.subject,
      snippet: snippet(row.text, query.marks),
    },
  ]
}
