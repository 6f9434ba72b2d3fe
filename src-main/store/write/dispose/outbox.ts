import type { WriteDb } from '../../handle.ts'
import { dropUnused } from '../media.ts'
import { endItem } from '../outbox.ts'

/**
 * Removes what was sent, or was to be, about a message that goes: its content, its salt and its files. What has not been begun is taken back
 * first, so that the ledger says what became of it.
 */
export function disposeItems(db: WriteDb, message: number): void {
  const ids = db.column<number>(
    'SELECT id FROM outbox WHERE target_id = ? UNION SELECT id FROM outbox WHERE quote_id = ? UNION SELECT id FROM outbox WHERE message_id = ?',
    message,
    message,
    message,
  )
  removeItems(db, ids)
}

/** Words of an item that name somebody: whom it is for, or about. Takes the handle, in lower case, twice. */
const names = `(lower(o.content ->> 'handle') = ? OR EXISTS (
  SELECT 1 FROM json_each(o.content) part, json_each(part.value) party
  WHERE part.key IN ('to', 'cc', 'bcc') AND lower(trim(party.value ->> 'handle')) = ?))`

/**
 * Removes ended items that belong to no message: those that name a person who is to be forgotten, or, by schedule, those whose time is
 * up for everything of their network.
 */
export function disposeLoose(db: WriteDb, identity: number, handle: string | null, now: string): void {
  const ids =
    handle !== null
      ? db.column<number>(`SELECT o.id FROM outbox o WHERE o.identity_id = ? AND ${names}`, identity, handle, handle)
      : db.column<number>(
          `SELECT o.id FROM outbox o JOIN account a ON a.id = o.account_id
           WHERE o.identity_id = ? AND o.ended_at IS NOT NULL AND o.message_id IS NULL AND o.target_id IS NULL AND o.ended_at <
             strftime('%Y-%m-%dT%H:%M:%fZ', ?, '-' || (SELECT s.days FROM schedule s WHERE s.identity_id = o.identity_id
               AND s.kind IS NULL AND s.label_id IS NULL AND (s.network IS NULL OR s.network = a.network)
               ORDER BY s.network IS NOT NULL DESC, s.days DESC LIMIT 1) || ' days')`,
          identity,
          now,
        )
  removeItems(db, ids)
}

/** Removes items with all that continues them. */
function removeItems(db: WriteDb, ids: number[]): void {
  if (ids.length === 0) return
  const all = db.all<{ id: number; state: string; by: string }>(
    `WITH RECURSIVE chain (id) AS (
       SELECT value FROM json_each(?) UNION SELECT o.id FROM outbox o JOIN chain c ON o.after_id = c.id)
     SELECT o.id, o.state, o.by FROM chain c JOIN outbox o ON o.id = c.id ORDER BY o.id DESC`,
    JSON.stringify(ids),
  )
  const at = new Date().toISOString()
  // Followers first: they name what they continue.
  for (const { id, state, by } of all) {
    if (state === 'queued') endItem(db, id, 'cancelled', { at, by })
    const media = db.column<number>('DELETE FROM outbox_media WHERE outbox_id = ? RETURNING media_id', id)
    db.run('DELETE FROM outbox WHERE id = ?', id)
    dropUnused(db, media)
  }
}
