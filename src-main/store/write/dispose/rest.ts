import { ProblemError } from '#shared/model/index.ts'
import type { WriteDb } from '../../handle.ts'
import { toNumber } from '../../ids.ts'
import { mergeWords, partsOf, tableOf } from '../../search/parts.ts'
import { disposeLoose } from './outbox.ts'

/**
 * Removes what is left of messages that are gone: persons and handles without a message, names taken from one, requests that brought
 * nothing else, how far imports got (the names of their files may say whom they are from), what lifted holds and the disposal itself say of a person. The indexes are there for as long as this takes: without
 * them every row removed would have all messages looked through.
 * @throws `not_found`; `conflict` while there are messages to be removed.
 */
export function disposeRest(db: WriteDb, disposalId: string): void {
  const id = toNumber(disposalId)
  const row = db.get<{ state: string; identity_id: number; cause: string; handle: string | null; proposed_at: string }>(
    'SELECT state, identity_id, cause, handle, proposed_at FROM disposal WHERE id = ?',
    id,
  )
  if (!row) throw new ProblemError('not_found', { what: 'disposal', id: disposalId })
  if (row.state === 'removed') return
  const waiting = db.value('SELECT 1 FROM disposal_item WHERE disposal_id = ? AND gone = 0 AND hold_id IS NULL LIMIT 1', id)
  if (row.state !== 'running' || waiting === 1) throw new ProblemError('disposal_closed', { state: row.state })
  db.exec('CREATE INDEX passing_person ON message (person_id); CREATE INDEX passing_request ON record (request_id);')
  forgetPeople(db, row.identity_id)
  forgetProfiles(db, row.identity_id)
  disposeLoose(db, row.identity_id, row.cause === 'erasure' ? row.handle : null, row.proposed_at)
  db.run(
    `DELETE FROM request WHERE account_id IN (SELECT id FROM account WHERE identity_id = ?)
       AND NOT EXISTS (SELECT 1 FROM record r WHERE r.request_id = request.id)`,
    row.identity_id,
  )
  // An import that goes on, or is made again, begins anew and doubles nothing.
  db.run(
    "DELETE FROM stream WHERE name LIKE 'import:%' AND account_id IN (SELECT id FROM account WHERE identity_id = ?)",
    row.identity_id,
  )
  db.exec('DROP INDEX passing_person; DROP INDEX passing_request;')
  db.run(
    `UPDATE hold SET handle = NULL, reason = '', lifted_reason = '', detail = NULL, salt = NULL, lifted_salt = NULL
     WHERE identity_id = ? AND scope = 'person' AND lifted_at IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM handle x WHERE x.identity_id = hold.identity_id AND x.handle = hold.handle)`,
    row.identity_id,
  )
  db.run("UPDATE disposal SET state = 'removed', handle = NULL WHERE id = ?", id)
}

function forgetPeople(db: WriteDb, identity: number): void {
  db.run(
    `DELETE FROM handle WHERE identity_id = ? AND NOT EXISTS (SELECT 1 FROM message m WHERE m.person_id = handle.person_id)`,
    identity,
  )
  db.run(
    `DELETE FROM person WHERE identity_id = ? AND NOT EXISTS (SELECT 1 FROM message m WHERE m.person_id = person.id)
       AND NOT EXISTS (SELECT 1 FROM handle h WHERE h.person_id = person.id)`,
    identity,
  )
  db.run(
    `UPDATE person SET (name, named_by) = (
       SELECT coalesce(max(m.from_name), ''), coalesce(max(m.id), 0) FROM message m WHERE m.id = (
         SELECT max(n.id) FROM message n WHERE n.person_id = person.id AND n.from_name <> ''))
     WHERE identity_id = ? AND named_by > 0 AND NOT EXISTS (SELECT 1 FROM message m WHERE m.id = person.named_by)`,
    identity,
  )
  // The writer remembers people between batches.
  for (const slot of db.memory.keys()) if (slot.startsWith('people:')) db.memory.delete(slot)
}

/** What networks said of people of whom nothing else is left. */
function forgetProfiles(db: WriteDb, identity: number): void {
  db.run(
    `DELETE FROM profile WHERE identity_id = ? AND NOT EXISTS (SELECT 1 FROM handle h
       WHERE h.identity_id = profile.identity_id AND h.network = profile.network AND h.handle = profile.handle)`,
    identity,
  )
}

/**
 * One step of taking removed words out of the search index. FTS5 only marks what is deleted (tombstones); the words go when the runs
 * of words that hold them are merged, and the marks go last. So when no mark is left, no word is.
 * @returns whether there is more to do.
 */
export function disposeWords(db: WriteDb): boolean {
  const marked = partsOf(db).find(({ id }) => hasMarks(db, id))
  if (!marked) return false
  mergeWords(db, marked)
  return true
}

/** Pages of tombstones have numbers from 2^53 on: FTS5 keeps them under the number of their run plus 2^16, shifted by 37 bits. */
function hasMarks(db: WriteDb, part: number): boolean {
  return db.value(`SELECT 1 FROM ${tableOf(part)}_data WHERE id >= 9007199254740992 LIMIT 1`) === 1
}
