import type { Instant } from '#shared/model/index.ts'
import type { WriteDb } from '../handle.ts'

/** Queues a flag for the network. The newest wish for a message replaces an older one that is still waiting. */
export function queueFlag(
  db: WriteDb,
  kind: 'set_read' | 'set_answered',
  accountId: number,
  messageId: number,
  on: boolean,
  at: Instant,
): void {
  db.run('DELETE FROM pending_act WHERE message_id = ? AND kind = ?', messageId, kind)
  db.run(
    'INSERT INTO pending_act (account_id, message_id, kind, turn_on, tries, changed_at) VALUES (?, ?, ?, ?, 0, ?)',
    accountId,
    messageId,
    kind,
    on ? 1 : 0,
    at,
  )
}

/** The network has it: forget the act, and remember the flag as the network's own. */
export function finishAct(db: WriteDb, id: number): void {
  const act = db.get<{ message_id: number; kind: string; turn_on: number }>(
    'DELETE FROM pending_act WHERE id = ? RETURNING message_id, kind, turn_on',
    id,
  )
  if (!act) return
  const column = act.kind === 'set_read' ? 'is_read' : 'answered'
  db.run(`UPDATE place SET ${column} = ? WHERE message_id = ?`, act.turn_on, act.message_id)
}

/** The network did not take it this time. */
export function failAct(db: WriteDb, id: number, at: Instant): void {
  db.run('UPDATE pending_act SET tries = tries + 1, changed_at = ? WHERE id = ?', at, id)
}
