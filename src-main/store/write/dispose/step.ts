import { type Instant, ProblemError } from '#shared/model/index.ts'
import { dropBlob } from '../../blobs.ts'
import { forget } from '../../forgotten.ts'
import type { WriteDb } from '../../handle.ts'
import { toNumber } from '../../ids.ts'
import { heldBy } from '../../read/retention.ts'
import { removeDocs } from '../../search/parts.ts'
import { BadgeChanges } from '../badges.ts'
import { disposeMedia } from '../media.ts'
import { Shrinking } from './conversations.ts'
import { disposeItems } from './outbox.ts'
import { type Cut, cutOut } from './packs.ts'

interface Doomed {
  id: number
  slot: number
  account_id: number
  identity_id: number
  conversation_id: number
  remote_id: string
}

/**
 * Carries out a part of a disposal: removes the next `limit` messages with all that is kept of them. What came under a hold since it was
 * proposed stays. Goes on after a kill where the last committed step ended.
 * @returns whether there are more.
 * @throws `not_found`; `disposal_closed`; `disposal_not_due` before its time, or without a second person.
 */
export function disposeStep(db: WriteDb, disposalId: string, at: Instant, limit: number): boolean {
  const disposal = begin(db, disposalId, at)
  if (disposal === null) return false
  const ids = db.column<number>(
    'SELECT message_id FROM disposal_item WHERE disposal_id = ? AND gone = 0 AND hold_id IS NULL ORDER BY message_id LIMIT ?',
    disposal,
    limit,
  )
  const doomed: Doomed[] = []
  for (const id of ids) {
    const hold = heldBy(db, id)
    if (hold !== null) {
      db.run('UPDATE disposal_item SET hold_id = ? WHERE disposal_id = ? AND message_id = ?', hold, disposal, id)
      continue
    }
    db.run('UPDATE disposal_item SET gone = 1 WHERE disposal_id = ? AND message_id = ?', disposal, id)
    const row = db.get<Doomed>(
      'SELECT id, slot, account_id, identity_id, conversation_id, remote_id FROM message WHERE id = ?',
      id,
    )
    // Another disposal may have been quicker.
    if (row) doomed.push(row)
  }
  remove(db, disposal, doomed)
  return ids.length === limit
}

/** @returns the disposal's number; null when its messages are removed already. */
function begin(db: WriteDb, disposalId: string, at: Instant): number | null {
  const id = toNumber(disposalId)
  const row = db.get<{ state: string; due_at: string }>('SELECT state, due_at FROM disposal WHERE id = ?', id)
  if (!row) throw new ProblemError('not_found', { what: 'disposal', id: disposalId })
  const { state, due_at: date } = row
  if (state === 'removed') return null
  if (state === 'withdrawn' || state === 'done') throw new ProblemError('disposal_closed', { state })
  if (state === 'proposed' || at < date) throw new ProblemError('disposal_not_due', { date })
  if (state === 'approved') db.run("UPDATE disposal SET state = 'running' WHERE id = ?", id)
  return id
}

function remove(db: WriteDb, disposal: number, doomed: Doomed[]): void {
  const badges = new BadgeChanges()
  const conversations = new Map<number, Shrinking>()
  for (const one of doomed) {
    const known = conversations.get(one.conversation_id)
    const conversation = known ?? new Shrinking(db, one.conversation_id)
    conversations.set(one.conversation_id, conversation)
    conversation.loses(one.id, one.remote_id)
  }
  const cuts: Cut[] = []
  for (const one of doomed) cuts.push(...removeRecords(db, disposal, one))
  cutOut(db, cuts)
  for (const one of doomed) removeRows(db, one)
  removeDocs(
    db,
    doomed.map(({ id }) => id),
  )
  const erasure = db.value('SELECT cause FROM disposal WHERE id = ?', disposal) === 'erasure'
  for (const conversation of conversations.values()) conversation.close(badges, erasure)
  badges.write(db)
}

/** Removes what was captured, and keeps the numbers of its entries. @returns what is to be cut out of packs. */
function removeRecords(db: WriteDb, disposal: number, one: Doomed): Cut[] {
  const records = db.all<{
    id: number
    seq: number | null
    sha256: Uint8Array
    size: number
    pack_id: number | null
    pack_at: number | null
    file: string | null
  }>('SELECT id, seq, sha256, size, pack_id, pack_at, file FROM record WHERE message_id = ?', one.id)
  forget(
    db,
    one.account_id,
    one.remote_id,
    records.map(({ sha256 }) => sha256),
  )
  for (const { id, seq, file } of records) {
    if (seq === null) throw new Error(`record ${id} is not in the ledger`)
    db.run('INSERT INTO disposed (identity_id, seq, disposal_id) VALUES (?, ?, ?)', one.identity_id, seq, disposal)
    // The key goes with the row. A file that a kill leaves behind is noise, and removed at the next start.
    if (file !== null) db.afterCommit.push(() => dropBlob(db.dir, file))
  }
  disposeMedia(db, one.id)
  keepNumbers(db, Math.max(0, ...records.map(({ id }) => id)))
  db.run('DELETE FROM record WHERE message_id = ?', one.id)
  return records.flatMap(({ size, pack_id, pack_at }) =>
    pack_id === null || pack_at === null ? [] : [{ pack: pack_id, at: pack_at, size }],
  )
}

/** The ledger names records by number, so a number is never given again. */
function keepNumbers(db: WriteDb, record: number): void {
  db.run(
    `INSERT INTO meta (name, value) VALUES ('last-record', ?)
     ON CONFLICT DO UPDATE SET value = max(CAST(value AS INTEGER), CAST(excluded.value AS INTEGER))`,
    String(record),
  )
}

function removeRows(db: WriteDb, { id, slot }: Doomed): void {
  db.run(
    `INSERT INTO forgotten_place (account_id, stream, place) SELECT account_id, stream, place FROM place WHERE message_id = ?
     ON CONFLICT DO NOTHING`,
    id,
  )
  disposeItems(db, id)
  for (const table of ['place', 'unsettled', 'pending_act', 'attachment', 'metric', 'reread'])
    db.run(`DELETE FROM ${table} WHERE message_id = ?`, id)
  // An answer under way speaks of what it answers, and often quotes it.
  db.run('DELETE FROM draft WHERE target_id = ?', id)
  db.run('DELETE FROM body WHERE slot = ?', slot)
  db.run('DELETE FROM message WHERE id = ?', id)
}
