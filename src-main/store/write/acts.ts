import { type TriageFields, triageEntry } from '#archive/entries.ts'
import type { Target } from '#shared/contract/index.ts'
import { type ActId, type ConversationId, type ConversationRow, type Instant, ProblemError } from '#shared/model/index.ts'
import { findConversation, networkOf, networksByAccount, toRow } from '../conversations.ts'
import type { WriteDb } from '../handle.ts'
import { toNumber } from '../ids.ts'
import { ledgerOf } from '../ledgers.ts'
import { BadgeChanges } from './badges.ts'
import { Working } from './working.ts'

/** Loads every target. @throws `not_found`, or `voice_mismatch` when one is named with another identity: then nothing is changed. */
export function load(db: WriteDb, targets: Target[]): Working[] {
  const found = new Map<number, Working>()
  for (const target of targets) {
    const record = findConversation(db, target.id)
    if (!record) throw new ProblemError('not_found', { what: 'conversation', id: target.id })
    if (record.identity_id !== toNumber(target.identityId)) throw new ProblemError('voice_mismatch', { what: 'conversation' })
    if (!found.has(record.id)) found.set(record.id, Working.load(db, record.id))
  }
  return [...found.values()]
}

/** Writes what changed of them. @returns the rows of those. */
export function save(db: WriteDb, conversations: Working[]): ConversationRow[] {
  const badges = new BadgeChanges()
  for (const conversation of conversations) conversation.write(db, badges)
  badges.write(db)
  const networks = networksByAccount(db)
  return conversations
    .filter((conversation) => conversation.changed)
    .map(({ now }) => toRow(now, networkOf(networks, now.account_id)))
}

/** Keeps what an act changed, so that it can be undone. */
export function keep<Undo extends { kind: string }>(db: WriteDb, undo: Undo, at: Instant): ActId {
  db.run('INSERT INTO act (kind, at, before) VALUES (?, ?, ?)', undo.kind, at, JSON.stringify(undo))
  return String(db.value<number>('SELECT last_insert_rowid()')) as ActId
}

/** Conversations that one entry names; an act on more makes several. */
const mostNamed = 500

/** Says in the ledger of each identity what was done to its conversations. */
export function enter(
  db: WriteDb,
  conversations: Iterable<Pick<Working, 'now'>>,
  entry: Omit<TriageFields, 'conversations' | 'seq'>,
): void {
  const byIdentity = new Map<number, ConversationId[]>()
  for (const { now } of conversations) {
    const ids = byIdentity.get(now.identity_id) ?? []
    ids.push(String(now.id) as ConversationId)
    byIdentity.set(now.identity_id, ids)
  }
  for (const [identity, ids] of byIdentity)
    for (let from = 0; from < ids.length; from += mostNamed)
      ledgerOf(db, identity).append((seq) => triageEntry({ ...entry, conversations: ids.slice(from, from + mostNamed), seq }))
}
