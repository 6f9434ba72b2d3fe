import type { Outline, Page, PageInput } from '#shared/contract/index.ts'
import type { ConversationId, ConversationRow, InboxFilter, Instant, SortKey } from '#shared/model/index.ts'
import {
  type ConversationRecord,
  conversationColumns,
  findConversation,
  networkOf,
  networksByAccount,
  toRow,
} from '../conversations.ts'
import type { ReadDb, Value } from '../handle.ts'
import { endOfIds, lastId, toNumber } from '../ids.ts'
import { shelvesOf, total } from './badges.ts'

/** The outline names every so many'th row. */
const outlineStep = 100

/** Which rows a filter is about, as SQL over one index: `heads` gives keys in order, newest first, between two keys. */
export interface ListQuery {
  sql: string
  /** Values for `sql`, which takes the newest and (exclusive) oldest key for each part. */
  values(newest: number, oldest: number): Value[]
}

/**
 * The keys of a filter's rows, each part one seek in one index; views of several shelves are merged as they are read.
 * `tail` ends the statement, e.g. `LIMIT ?`.
 */
export function listQuery(filter: InboxFilter, tail: string): ListQuery {
  const scope = scopeOf(filter)
  const index = `${scope.table}_${filter.unreadOnly ? 'unread_' : ''}${scope.index}`
  const named = scope.columns.map((column) => `${column} = ? AND `).join('')
  const where = `${named}shelf = ? AND key <= ? AND key > ?${filter.unreadOnly ? ' AND unread > 0' : ''}`
  const shelves = shelvesOf(filter.view)
  const part = `SELECT key, ${scope.id} AS id FROM ${scope.table} INDEXED BY ${index} WHERE ${where}`
  return {
    sql: `${shelves.map(() => part).join(' UNION ALL ')} ORDER BY key DESC ${tail}`,
    values: (newest, oldest) => shelves.flatMap((shelf) => [...scope.values, shelf, newest, oldest]),
  }
}

interface Scope {
  /** What has the keys: conversations, or what puts labels on them. */
  table: 'conversation' | 'conversation_label'
  id: 'id' | 'conversation_id'
  columns: string[]
  values: number[]
  index: 'account' | 'identity' | 'shelf'
}

function scopeOf(filter: InboxFilter): Scope {
  const conversations = { table: 'conversation', id: 'id' } as const
  const account = filter.accountId === null ? null : toNumber(filter.accountId)
  if (filter.labelId !== null) {
    // A label has one identity, so that beside it only the account narrows.
    const labelled = { table: 'conversation_label', id: 'conversation_id' } as const
    const label = toNumber(filter.labelId)
    return account === null
      ? { ...labelled, columns: ['label_id'], values: [label], index: 'shelf' }
      : { ...labelled, columns: ['label_id', 'account_id'], values: [label, account], index: 'account' }
  }
  if (account !== null) return { ...conversations, columns: ['account_id'], values: [account], index: 'account' }
  if (filter.identityId === null) return { ...conversations, columns: [], values: [], index: 'shelf' }
  return { ...conversations, columns: ['identity_id'], values: [toNumber(filter.identityId)], index: 'identity' }
}

/** An account has one identity, as has a label; naming several narrows to all of them, or to nothing when they do not fit. */
function contradicts(db: ReadDb, { identityId, accountId, labelId }: InboxFilter): boolean {
  const owners = [
    identityId === null ? null : toNumber(identityId),
    accountId === null ? null : db.value<number>('SELECT identity_id FROM account WHERE id = ?', toNumber(accountId)),
    labelId === null ? null : db.value<number>('SELECT identity_id FROM label WHERE id = ?', toNumber(labelId)),
  ].filter((owner) => owner !== null)
  return new Set(owners).size > 1
}

export function page(db: ReadDb, input: PageInput): Page {
  if (contradicts(db, input.filter)) return { rows: [], next: null }
  const list = listQuery(input.filter, 'LIMIT ?')
  const newest = input.from === null ? endOfIds : toNumber(input.from)
  const oldest = input.until === null ? -1 : toNumber(input.until)
  const heads = db.all<{ key: number; id: number }>(list.sql, ...list.values(newest, oldest), input.limit + 1)
  const networks = networksByAccount(db)
  const rows: ConversationRow[] = []
  for (const head of heads.slice(0, input.limit)) {
    const record = db.get<ConversationRecord>(`SELECT ${conversationColumns} FROM conversation c WHERE c.id = ?`, head.id)
    if (record) rows.push(toRow(record, networkOf(networks, record.account_id)))
  }
  const after = heads[input.limit]
  return { rows, next: after ? (String(after.key) as SortKey) : null }
}

export function outline(db: ReadDb, filter: InboxFilter): Outline {
  if (contradicts(db, filter)) return { total: 0, step: outlineStep, keys: [] }
  const keys: SortKey[] = []
  const first = listQuery(filter, 'LIMIT 1')
  const further = listQuery(filter, `LIMIT 1 OFFSET ${outlineStep}`)
  let key = db.value<number>(first.sql, ...first.values(endOfIds, -1))
  while (key !== undefined) {
    keys.push(String(key) as SortKey)
    // A short hop along the index from the last key, not an OFFSET from the top.
    key = db.value<number>(further.sql, ...further.values(key, -1))
  }
  return { total: total(db, filter), step: outlineStep, keys }
}

export function keyAt(db: ReadDb, filter: InboxFilter, at: Instant): SortKey | null {
  if (contradicts(db, filter)) return null
  const list = listQuery(filter, 'LIMIT 1')
  const key = db.value<number>(list.sql, ...list.values(lastId(at), -1))
  return key === undefined ? null : (String(key) as SortKey)
}

/** Rows by id, in the order asked for; those that are not there are left out. */
export function rows(db: ReadDb, ids: ConversationId[]): ConversationRow[] {
  const networks = networksByAccount(db)
  return ids.flatMap((id) => {
    const record = findConversation(db, id)
    return record ? [toRow(record, networkOf(networks, record.account_id))] : []
  })
}
