import { randomBytes } from 'node:crypto'
import { canonical } from '#archive/canonical.ts'
import { commit } from '#archive/commitment.ts'
import { sendEntry } from '#archive/entries.ts'
import { newSalt } from '#archive/salt.ts'
import { nodeSha256 } from '#archive/sha256-node.ts'
import {
  type AccountId,
  type MessageId,
  type OutboxId,
  type OutboxItem,
  type OutgoingContent,
  ProblemError,
} from '#shared/model/index.ts'
import type { WriteDb } from '../handle.ts'
import { toNumber } from '../ids.ts'
import { ledgerOf } from '../ledgers.ts'
import type { NewItem, OutboxWrites } from '../outbox.ts'
import { findAccount } from '../read/accounts.ts'
import { findItem, type ItemRow, itemOf, statementOf, toItem } from '../read/outbox.ts'
import { discardDraft } from './drafts.ts'
import { lastId } from './policy.ts'

type Input<Name extends 'cancelItem' | 'judgeItem'> = Parameters<OutboxWrites[Name]>[0]

/** Says in the ledger what happened to an item, in the transaction in which it happens. */
export function enterSend(
  db: WriteDb,
  row: ItemRow,
  entry: { action: 'queued' | 'sent' | 'failed' | 'cancelled'; at: string; by: string },
): number {
  const commitment = commit(nodeSha256, row.salt, statementOf(row))
  const account = String(row.account_id) as AccountId
  const message = row.message_id === null ? null : (String(row.message_id) as MessageId)
  return ledgerOf(db, row.identity_id).append((seq) =>
    sendEntry({ ...entry, account, commitment, item: String(row.id), message, seq }),
  )
}

/** The item that there must be. */
export function mustFind(db: WriteDb, id: number): ItemRow {
  const row = findItem(db, id)
  if (!row) throw new ProblemError('not_found', { what: 'outbox', id })
  return row
}

/** A message that an item names: one of the same account. @throws `not_found`, `voice_mismatch`, `bad_request` */
function messageOf(db: WriteDb, account: { id: number; identity: number }, id: MessageId | null): number | null {
  if (id === null) return null
  const found = db.get<{ account_id: number; identity_id: number }>(
    'SELECT account_id, identity_id FROM message WHERE id = ?',
    toNumber(id),
  )
  if (!found) throw new ProblemError('not_found', { what: 'message', id })
  if (found.identity_id !== account.identity) throw new ProblemError('voice_mismatch', { what: 'message' })
  if (found.account_id !== account.id) throw new ProblemError('bad_request', { detail: 'the message is of another account' })
  return toNumber(id)
}

function afterOf(db: WriteDb, account: { id: number; identity: number }, id: OutboxId | null): number | null {
  if (id === null) return null
  const found = findItem(db, toNumber(id))
  if (!found) throw new ProblemError('not_found', { what: 'outbox', id })
  if (found.identity_id !== account.identity) throw new ProblemError('voice_mismatch', { what: 'outbox' })
  if (found.account_id !== account.id) throw new ProblemError('bad_request', { detail: 'the part before is of another account' })
  if (found.state === 'cancelled' || found.state === 'failed') throw new ProblemError('outbox_state', { state: found.state })
  return found.id
}

/** What does not fit together whatever the network. @throws `bad_request` */
function checkShape(db: WriteDb, content: OutgoingContent, target: number | null, after: number | null): void {
  const refuse = (detail: string): never => {
    throw new ProblemError('bad_request', { detail })
  }
  if (after !== null && (target !== null || content.do !== 'publish'))
    refuse('what continues another item answers that one, and nothing else')
  if (content.do === 'publish') {
    if ((content.kind === 'reply' || content.kind === 'comment') && target === null && after === null)
      refuse('an answer names what it answers')
    return
  }
  if (content.do === 'act') {
    if (target === null && content.handle === null) refuse('an act names a message or a handle')
    return
  }
  const direction = db.value<string>('SELECT direction FROM message WHERE id = ?', target)
  if (direction !== 'outbound') refuse('only an own message can be changed or taken off')
}

function bindFiles(db: WriteDb, item: number, identity: number, content: OutgoingContent): void {
  if (!('media' in content)) return
  content.media.forEach(({ sha256, name, size }, index) => {
    const file = db.get<{ id: number; size: number }>(
      'SELECT id, size FROM media WHERE identity_id = ? AND sha256 = ?',
      identity,
      Buffer.from(sha256, 'hex'),
    )
    if (file?.size !== size) throw new ProblemError('outbox_file_missing', { name })
    db.run('INSERT INTO outbox_media (outbox_id, idx, media_id) VALUES (?, ?, ?)', item, index, file.id)
    db.run('DELETE FROM attached WHERE media_id = ?', file.id)
  })
}

export function queueItem(db: WriteDb, input: NewItem): OutboxItem {
  const found = findAccount(db, input.accountId)
  if (!found) throw new ProblemError('not_found', { what: 'account', id: input.accountId })
  if (found.identityId !== input.identityId) throw new ProblemError('voice_mismatch', { what: 'account' })
  const account = { id: toNumber(found.id), identity: toNumber(found.identityId) }
  const target = messageOf(db, account, input.target)
  const quote = messageOf(db, account, input.quote)
  const after = afterOf(db, account, input.after)
  checkShape(db, input.content, target, after)
  const content = canonical(input.content)
  db.run(
    `INSERT INTO outbox (identity_id, account_id, target_id, quote_id, after_id, key, content, sha256, salt, seq, leaves, by, queued_at,
       state, not_before, to_confirm, tries)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, 'queued', ?, 0, 0)`,
    account.identity,
    account.id,
    target,
    quote,
    after,
    randomBytes(16),
    content,
    nodeSha256.digest(Buffer.from(content)),
    newSalt(),
    input.leaves,
    input.by,
    input.at,
    input.notBefore,
  )
  const id = lastId(db)
  bindFiles(db, id, account.identity, input.content)
  const seq = enterSend(db, mustFind(db, id), { action: 'queued', at: input.at, by: input.by })
  db.run('UPDATE outbox SET seq = ? WHERE id = ?', seq, id)
  // What is on its way is no draft any more; taken back, it is made one again.
  if (input.draft) discardDraft(db, { id: input.draft, identityId: input.identityId })
  return toItem(mustFind(db, id))
}

/** An item that may only be in one of these states. @throws `not_found`, `voice_mismatch`, `outbox_state` */
function inState(db: WriteDb, { id, identityId }: Input<'cancelItem'>, states: ItemRow['state'][]): ItemRow {
  const row = itemOf(db, id, identityId)
  if (!states.includes(row.state)) throw new ProblemError('outbox_state', { state: row.state })
  return row
}

/** An item and all that was to follow it and has not ended: itself first. */
const withFollowers = `WITH RECURSIVE chain (id) AS (
  SELECT ? UNION SELECT o.id FROM outbox o JOIN chain c ON o.after_id = c.id) SELECT c.id FROM chain c JOIN outbox o ON o.id = c.id
  WHERE o.ended_at IS NULL ORDER BY c.id`

export function cancelItem(db: WriteDb, input: Input<'cancelItem'>): OutboxItem {
  const { id } = inState(db, input, ['queued'])
  for (const one of db.column<number>(withFollowers, id)) endItem(db, one, 'cancelled', input)
  return toItem(mustFind(db, id))
}

/** Ends an item and says so in the ledger. */
export function endItem(
  db: WriteDb,
  id: number,
  state: 'sent' | 'failed' | 'cancelled',
  { at, by, reason = null, message = null }: { at: string; by: string; reason?: string | null; message?: number | null },
): void {
  db.run(
    `UPDATE outbox SET state = ?, ended_at = ?, reason = ?, message_id = ?, to_confirm = 0, next_try_at = NULL WHERE id = ?`,
    state,
    at,
    reason,
    message,
    id,
  )
  enterSend(db, mustFind(db, id), { action: state, at, by })
}

/** Puts an item into the queue anew, to be sent from now on. */
function requeue(db: WriteDb, id: number, at: string): void {
  db.run(
    `UPDATE outbox SET state = 'queued', ended_at = NULL, reason = NULL, next_try_at = NULL, to_confirm = 0, tries = 0, not_before = ?
     WHERE id = ?`,
    at,
    id,
  )
}

export function retryItem(db: WriteDb, input: Input<'cancelItem'>): OutboxItem {
  const row = inState(db, input, ['queued', 'failed', 'unknown'])
  if (row.state === 'unknown') db.run('UPDATE outbox SET next_try_at = NULL, reason = NULL WHERE id = ?', row.id)
  else {
    requeue(db, row.id, input.at)
    if (row.state === 'failed') enterSend(db, mustFind(db, row.id), { action: 'queued', at: input.at, by: input.by })
  }
  return toItem(mustFind(db, row.id))
}

export function confirmItem(db: WriteDb, input: Input<'cancelItem'>): OutboxItem {
  const row = inState(db, input, ['queued'])
  requeue(db, row.id, input.at)
  return toItem(mustFind(db, row.id))
}

export function judgeItem(db: WriteDb, input: Input<'judgeItem'>): OutboxItem {
  const row = inState(db, input, ['unknown'])
  if (input.outcome === 'sent') endItem(db, row.id, 'sent', input)
  else requeue(db, row.id, input.at)
  return toItem(mustFind(db, row.id))
}
