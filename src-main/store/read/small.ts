import type { Target } from '#shared/contract/index.ts'
import type { ConversationId, IdentityId, Instant } from '#shared/model/index.ts'
import type { ReadDb } from '../handle.ts'

export function preferences(db: ReadDb): Record<string, string> {
  return Object.fromEntries(
    db.all<{ name: string; value: string }>('SELECT name, value FROM preference').map((row) => [row.name, row.value]),
  )
}

export function meta(db: ReadDb, name: string): string | null {
  return db.value<string>('SELECT value FROM meta WHERE name = ?', name) ?? null
}

/** The most snoozed conversations named at once; the rest are due at the next look. */
const mostDue = 5000

export function due(db: ReadDb, now: Instant): { targets: Target[]; next: Instant | null } {
  const targets = db
    .all<{ id: number; identity_id: number }>(
      'SELECT id, identity_id FROM conversation INDEXED BY conversation_snoozed WHERE snoozed_until <= ? ORDER BY snoozed_until LIMIT ?',
      now,
      mostDue,
    )
    .map((row) => ({ id: String(row.id) as ConversationId, identityId: String(row.identity_id) as IdentityId }))
  const next = db.value<string>(
    'SELECT snoozed_until FROM conversation INDEXED BY conversation_snoozed WHERE snoozed_until > ? ORDER BY snoozed_until LIMIT 1',
    now,
  )
  return { targets, next: next ?? null }
}
