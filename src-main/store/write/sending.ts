import type { Instant, OutboxId, Problem } from '#shared/model/index.ts'
import { done, states } from '../conversations.ts'
import type { WriteDb } from '../handle.ts'
import { firstId, toNumber } from '../ids.ts'
import type { OutboxWrites, SentItem } from '../outbox.ts'
import { findAccount } from '../read/accounts.ts'
import { findItem, type ItemRow, toItem } from '../read/outbox.ts'
import type { StoreBatch } from '../store.ts'
import { enter } from './acts.ts'
import { applyBatch } from './batch.ts'
import { endItem, mustFind } from './outbox.ts'
import { queueFlag } from './pending.ts'
import type { Threads } from './threads.ts'
import type { Working } from './working.ts'

/** What may be done again without a second message: it only sets how something is. */
const repeatable = `content ->> 'do' IN ('edit', 'delete', 'act')`

export function beginItem(db: WriteDb, id: OutboxId, at: Instant): boolean {
  const changes = db.run(
    `UPDATE outbox SET state = 'sending', tries = tries + 1, tried_at = ?, next_try_at = NULL
     WHERE id = ? AND state = 'queued' AND to_confirm = 0
       AND (after_id IS NULL OR (SELECT a.state FROM outbox a WHERE a.id = outbox.after_id) = 'sent')`,
    at,
    toNumber(id),
  )
  return changes === 1
}

export function settleItem(db: WriteDb, input: Parameters<OutboxWrites['settleItem']>[0]): void {
  const row = findItem(db, toNumber(input.id))
  // Disposed of meanwhile, or a person was quicker.
  if (!row || (row.state !== 'sending' && row.state !== 'unknown')) return
  const reason = input.reason === null ? null : JSON.stringify(input.reason)
  if (input.state === 'failed') {
    endItem(db, row.id, 'failed', { at: input.at, by: row.by, reason })
    return
  }
  db.run(
    'UPDATE outbox SET state = ?, next_try_at = ?, reason = ?, tries = ? WHERE id = ?',
    input.state,
    input.nextTryAt,
    reason,
    Math.max(0, row.tries - (input.tried ? 0 : 1)),
    row.id,
  )
}

export function recoverItems(db: WriteDb, at: Instant): number {
  const again = db.run(
    `UPDATE outbox SET state = 'queued', next_try_at = NULL WHERE ended_at IS NULL AND state = 'sending' AND ${repeatable}`,
  )
  return again + db.run(`UPDATE outbox SET state = 'unknown', next_try_at = ? WHERE ended_at IS NULL AND state = 'sending'`, at)
}

export function ageItems(db: WriteDb, ids: OutboxId[]): void {
  for (const id of ids)
    db.run(`UPDATE outbox SET to_confirm = 1, next_try_at = NULL WHERE id = ? AND state = 'queued'`, toNumber(id))
}

export function holdItem(db: WriteDb, id: OutboxId, reason: Problem): void {
  db.run(
    `UPDATE outbox SET to_confirm = 1, next_try_at = NULL, reason = ? WHERE id = ? AND state = 'queued'`,
    JSON.stringify(reason),
    toNumber(id),
  )
}

/** The message that an item is about: the one it names, or what the part before it became. */
function aboutOf(db: WriteDb, row: ItemRow): number | null {
  if (row.target_id !== null || row.after_id === null) return row.target_id
  return db.value<number | null>('SELECT message_id FROM outbox WHERE id = ?', row.after_id) ?? null
}

/** An answer leaves its conversation in the state that it says, unless something came in after it was written. */
function leave(db: WriteDb, row: ItemRow, conversation: Working, at: Instant): void {
  const { now } = conversation
  if (now.in_key >= firstId(row.queued_at)) return
  const state = states.indexOf(row.leaves)
  Object.assign(now, { base_state: state, in_key: 0, out_key: 0, triaged: 1, snoozed_until: null })
  conversation.settle()
  if (state === done) enter(db, [conversation], { act: 'state', at, by: row.by, value: row.leaves })
}

export function sentItem(db: WriteDb, sent: SentItem): ReturnType<OutboxWrites['sentItem']> {
  const row = mustFind(db, toNumber(sent.id))
  const account = findAccount(db, String(row.account_id) as StoreBatch['accountId'])
  if (!account) throw new Error(`account ${row.account_id} is named but not there`)
  const does = toItem(row).content.do
  const about = aboutOf(db, row)
  const answers = does === 'publish' && about !== null
  const batch = applyBatch(
    db,
    {
      accountId: account.id,
      identityId: account.identityId,
      network: account.network,
      stream: '',
      cursor: null,
      // Where it lies is told by the stream that it lies in.
      messages: sent.message === null ? [] : [{ ...sent.message, place: null, direction: 'outbound', read: true }],
      marks: [],
      gone: [],
      reset: false,
      settled: false,
      capturedAt: sent.at,
      ...(sent.answer && { answer: sent.answer }),
      origin: 'sync',
      arrival: { kind: 'live' },
      moved: null,
      rereads: sent.rereads,
    },
    {
      joins: answers ? about : null,
      deleted: does === 'delete' ? about : null,
      finish: (threads: Threads) => {
        if (!answers) return
        const conversation = db.value<number>('SELECT conversation_id FROM message WHERE id = ?', about)
        if (conversation !== undefined) leave(db, row, threads.byId(conversation), sent.at)
        if (sent.flagsAnswered) markAnswered(db, row, about, sent.at)
      },
    },
  )
  const message = messageOf(db, row, sent)
  if (row.ended_at === null) endItem(db, row.id, 'sent', { at: sent.at, by: row.by, message })
  return { item: toItem(mustFind(db, row.id)), batch }
}

function messageOf(db: WriteDb, row: ItemRow, sent: SentItem): number | null {
  if (sent.message === null) return null
  const id = db.value<number>(
    'SELECT id FROM message WHERE account_id = ? AND remote_id = ?',
    row.account_id,
    sent.message.remoteId,
  )
  return id ?? null
}

function markAnswered(db: WriteDb, row: ItemRow, message: number, at: Instant): void {
  const changed = db.run('UPDATE message SET answered = 1 WHERE id = ? AND answered = 0', message)
  if (changed === 1) queueFlag(db, 'set_answered', row.account_id, message, true, at)
}
