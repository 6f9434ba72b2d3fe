import { canonical, type Json } from '#archive/canonical.ts'
import {
  type AccountId,
  type IdentityId,
  type MessageId,
  OutboxId,
  OutboxItem,
  OutgoingContent,
  Problem,
  ProblemError,
} from '#shared/model/index.ts'
import type { StoredFile } from '../files.ts'
import type { ReadDb } from '../handle.ts'
import { toNumber } from '../ids.ts'
import type { LaneItem, OutboxQuery, OutgoingItem } from '../outbox.ts'
import type { SourceOf } from '../store.ts'
import { source } from './records.ts'

/** An item as the database has it. */
export interface ItemRow {
  id: number
  identity_id: number
  account_id: number
  target_id: number | null
  quote_id: number | null
  after_id: number | null
  key: Uint8Array
  content: string
  salt: Uint8Array
  leaves: OutboxItem['leaves']
  by: string
  queued_at: string
  state: OutboxItem['state']
  not_before: string
  to_confirm: number
  tries: number
  tried_at: string | null
  next_try_at: string | null
  reason: string | null
  ended_at: string | null
  message_id: number | null
  target_conversation: number | null
  before: string | null
}

const columns = `o.id, o.identity_id, o.account_id, o.target_id, o.quote_id, o.after_id, o.key, o.content, o.salt, o.leaves, o.by, o.queued_at,
  o.state, o.not_before, o.to_confirm, o.tries, o.tried_at, o.next_try_at, o.reason, o.ended_at, o.message_id,
  (SELECT m.conversation_id FROM message m WHERE m.id = o.target_id) AS target_conversation,
  (SELECT a.state FROM outbox a WHERE a.id = o.after_id) AS before`

const idOf = (id: number | null): string | null => (id === null ? null : String(id))

const problemOf = (reason: string | null): Problem | null => (reason === null ? null : Problem.parse(JSON.parse(reason)))

/** What the ledger commits to of an item: docs/formats.md. */
export function statementOf(
  row: Pick<ItemRow, 'id' | 'identity_id' | 'account_id' | 'target_id' | 'quote_id' | 'after_id' | 'content'>,
): string {
  const id = (number: number | null) => (number === null ? null : String(number))
  return canonical({
    account: String(row.account_id),
    after: id(row.after_id),
    content: JSON.parse(row.content) as Json,
    identity: String(row.identity_id),
    item: String(row.id),
    quote: id(row.quote_id),
    target: id(row.target_id),
    v: 1,
  })
}

/** Why an item is not sent: what its last try met, or whom it waits for. */
function reasonOf(row: ItemRow): Problem | null {
  if (row.to_confirm === 1) {
    const held = problemOf(row.reason)
    return held?.code.startsWith('calendar_') ? held : { code: 'outbox_waited', params: {} }
  }
  if (row.ended_at === null && row.before === 'failed') return { code: 'outbox_before', params: {} }
  return problemOf(row.reason)
}

export function toItem(row: ItemRow): OutboxItem {
  return OutboxItem.parse({
    id: String(row.id),
    identityId: String(row.identity_id),
    accountId: String(row.account_id),
    state: row.state,
    content: JSON.parse(row.content),
    target: idOf(row.target_id),
    targetConversation: idOf(row.target_conversation),
    quote: idOf(row.quote_id),
    after: idOf(row.after_id),
    leaves: row.leaves,
    by: row.by,
    queuedAt: row.queued_at,
    notBefore: row.not_before,
    toConfirm: row.to_confirm === 1,
    tries: row.tries,
    nextTryAt: row.next_try_at,
    reason: reasonOf(row),
    endedAt: row.ended_at,
    message: idOf(row.message_id),
  })
}

/** An item by its number, or null. */
export function findItem(db: ReadDb, id: number): ItemRow | null {
  return db.get<ItemRow>(`SELECT ${columns} FROM outbox o WHERE o.id = ?`, id) ?? null
}

/** An item that is named together with its identity. @throws `not_found`, `voice_mismatch` */
export function itemOf(db: ReadDb, id: OutboxId, identityId: IdentityId): ItemRow {
  const row = findItem(db, toNumber(id))
  if (!row) throw new ProblemError('not_found', { what: 'outbox', id })
  if (row.identity_id !== toNumber(identityId)) throw new ProblemError('voice_mismatch', { what: 'outbox' })
  return row
}

export function outboxItem(db: ReadDb, id: OutboxId, identityId: IdentityId): OutboxItem {
  return toItem(itemOf(db, id, identityId))
}

export function outboxContent(db: ReadDb, id: OutboxId): Pick<OutboxItem, 'identityId' | 'content'> | null {
  const row = findItem(db, toNumber(id))
  return row && toItem(row)
}

export function outboxItems(db: ReadDb, { identityId, accountId, states, before, limit }: OutboxQuery): OutboxItem[] {
  const where: string[] = []
  const values: (string | number)[] = []
  const add = (sql: string, value: string | number | null) => {
    if (value === null) return
    where.push(sql)
    values.push(value)
  }
  add('o.identity_id = ?', identityId === null ? null : toNumber(identityId))
  add('o.account_id = ?', accountId === null ? null : toNumber(accountId))
  add('o.id < ?', before === null ? null : toNumber(before))
  add('o.state IN (SELECT value FROM json_each(?))', states === null ? null : JSON.stringify(states))
  const sql = `SELECT ${columns} FROM outbox o ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''} ORDER BY o.id DESC LIMIT ?`
  return db.all<ItemRow>(sql, ...values, limit).map(toItem)
}

export function outboxAccounts(db: ReadDb): AccountId[] {
  return db
    .column<number>('SELECT DISTINCT account_id FROM outbox INDEXED BY outbox_open WHERE ended_at IS NULL ORDER BY account_id')
    .map((id) => String(id) as AccountId)
}

export function outboxLane(db: ReadDb, accountId: AccountId, limit: number): LaneItem[] {
  return db
    .all<{
      id: number
      state: LaneItem['state']
      does: LaneItem['does']
      queued_at: string
      not_before: string
      next_try_at: string | null
      tried_at: string | null
      tries: number
      to_confirm: number
      after: LaneItem['after']
      reason: string | null
    }>(
      `SELECT o.id, o.state, o.content ->> 'do' AS does, o.queued_at, o.not_before, o.next_try_at, o.tried_at, o.tries, o.to_confirm, o.reason,
         (SELECT a.state FROM outbox a WHERE a.id = o.after_id) AS after
       FROM outbox o INDEXED BY outbox_open WHERE o.account_id = ? AND o.ended_at IS NULL AND o.to_confirm = 0
       ORDER BY o.not_before, o.id LIMIT ?`,
      toNumber(accountId),
      limit,
    )
    .map((row) => ({
      id: OutboxId.parse(String(row.id)),
      state: row.state,
      does: row.does,
      queuedAt: row.queued_at,
      notBefore: row.not_before,
      nextTryAt: row.next_try_at,
      triedAt: row.tried_at,
      tries: row.tries,
      toConfirm: row.to_confirm === 1,
      after: row.after,
      reason: problemOf(row.reason),
    }))
}

export function outboxCounts(db: ReadDb, accountId: AccountId): { sent: number; failed: number; left: number } {
  const counts = db.get<{ sent: number; failed: number; left: number }>(
    `SELECT count(*) FILTER (WHERE state = 'sent') AS sent, count(*) FILTER (WHERE state = 'failed') AS failed,
       count(*) FILTER (WHERE ended_at IS NULL) AS left FROM outbox WHERE account_id = ?`,
    toNumber(accountId),
  )
  return counts ?? { sent: 0, failed: 0, left: 0 }
}

/** A message as its connector sees it again. */
export function sourceOfMessage(db: ReadDb, id: number): SourceOf | null {
  const row = db.get<{ remote_id: string; direction: SourceOf['direction'] }>(
    'SELECT remote_id, direction FROM message WHERE id = ?',
    id,
  )
  const found = row && source(db, String(id) as MessageId)
  if (!row || !found) return null
  return {
    remoteId: row.remote_id,
    direction: row.direction,
    places: db.column<string>('SELECT place FROM place WHERE message_id = ? ORDER BY place', id),
    raw: found.raw,
    mediaType: found.mediaType,
  }
}

export function outgoing(db: ReadDb, id: OutboxId): OutgoingItem | null {
  const row = findItem(db, toNumber(id))
  if (!row) return null
  const before =
    row.after_id === null ? null : db.value<number | null>('SELECT message_id FROM outbox WHERE id = ?', row.after_id)
  const target = row.target_id ?? before ?? null
  const files = db.all<{ sha256: Uint8Array; file: string; file_key: Uint8Array; size: number }>(
    `SELECT f.sha256, f.file, f.file_key, f.size FROM outbox_media x JOIN media f ON f.id = x.media_id WHERE x.outbox_id = ?`,
    row.id,
  )
  return {
    id,
    key: Buffer.from(row.key).toString('hex'),
    queuedAt: row.queued_at,
    content: OutgoingContent.parse(JSON.parse(row.content)),
    target: target === null ? null : sourceOfMessage(db, target),
    quote: row.quote_id === null ? null : sourceOfMessage(db, row.quote_id),
    files: new Map(
      files.map((file): [string, StoredFile] => [
        Buffer.from(file.sha256).toString('hex'),
        { file: file.file, key: file.file_key, size: file.size },
      ]),
    ),
  }
}
