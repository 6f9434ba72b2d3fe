import { triageEntry } from '#archive/entries.ts'
import type { Target } from '#shared/contract/index.ts'
import type { AccountId, ActId, ConversationId, ConversationRow, ConversationState, Instant } from '#shared/model/index.ts'
import { ProblemError } from '#shared/model/index.ts'
import { findConversation, needsReply, networkOf, networksByAccount, states, toRow } from '../conversations.ts'
import type { WriteDb } from '../handle.ts'
import { toNumber } from '../ids.ts'
import { ledgerOf } from '../ledgers.ts'
import type { ActResult } from '../store.ts'
import { BadgeChanges } from './badges.ts'
import { queueFlag } from './pending.ts'
import { Working } from './working.ts'

/** The part of a conversation that triage changes, kept so that an act can be undone. */
interface Before {
  id: number
  base_state: number
  in_key: number
  out_key: number
  triaged: number
  snoozed_until: string | null
}

type Undo = { kind: 'state' | 'snooze'; conversations: Before[] } | { kind: 'read'; read: boolean; messages: number[] }

/** Loads every target. @throws `not_found`, or `voice_mismatch` when one is named with another identity: then nothing is changed. */
function load(db: WriteDb, targets: Target[]): Working[] {
  const found = new Map<number, Working>()
  for (const target of targets) {
    const record = findConversation(db, target.id)
    if (!record) throw new ProblemError('not_found', { what: 'conversation', id: target.id })
    if (record.identity_id !== toNumber(target.identityId)) throw new ProblemError('voice_mismatch', { what: 'conversation' })
    if (!found.has(record.id)) found.set(record.id, Working.load(db, record.id))
  }
  return [...found.values()]
}

function save(db: WriteDb, conversations: Working[]): ConversationRow[] {
  const badges = new BadgeChanges()
  for (const conversation of conversations) conversation.write(db, badges)
  badges.write(db)
  const networks = networksByAccount(db)
  return conversations
    .filter((conversation) => conversation.changed)
    .map(({ now }) => toRow(now, networkOf(networks, now.account_id)))
}

function keep(db: WriteDb, undo: Undo, at: Instant): ActId {
  db.run('INSERT INTO act (kind, at, before) VALUES (?, ?, ?)', undo.kind, at, JSON.stringify(undo))
  return String(db.value<number>('SELECT last_insert_rowid()')) as ActId
}

/** Says in the ledger of each identity what was done to its conversations. */
function enter(
  db: WriteDb,
  conversations: Working[],
  entry: { act: 'state' | 'snooze' | 'read' | 'wake' | 'undo'; at: Instant; by: 'person' | 'clock'; value: string | null },
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
/** Conversations that one entry names; an act on more makes several. */
const mostNamed = 500

function before({ now }: Working): Before {
  const { id, base_state, in_key, out_key, triaged, snoozed_until } = now
  return { id, base_state, in_key, out_key, triaged, snoozed_until }
}

/** Puts conversations into a state; ends a snooze. */
export function setState(db: WriteDb, targets: Target[], state: ConversationState, at: Instant): ActResult {
  const conversations = load(db, targets)
  const act = keep(db, { kind: 'state', conversations: conversations.map(before) }, at)
  for (const conversation of conversations) {
    Object.assign(conversation.now, { base_state: states.indexOf(state), in_key: 0, out_key: 0, triaged: 1, snoozed_until: null })
    conversation.settle()
  }
  enter(db, conversations, { act: 'state', at, by: 'person', value: state })
  return { act, changed: save(db, conversations) }
}

/** Hides conversations until a time; null shows them again in the state they were in. */
export function snooze(db: WriteDb, targets: Target[], until: Instant | null, at: Instant): ActResult {
  const conversations = load(db, targets)
  const act = keep(db, { kind: 'snooze', conversations: conversations.map(before) }, at)
  for (const conversation of conversations) {
    conversation.now.snoozed_until = until
    conversation.now.triaged = 1
    conversation.settle()
  }
  enter(db, conversations, { act: 'snooze', at, by: 'person', value: until })
  return { act, changed: save(db, conversations) }
}

/** Snoozed conversations whose time has come need a reply again; those no longer snoozed are left alone. */
export function wake(db: WriteDb, targets: Target[], at: Instant): { changed: ConversationRow[] } {
  const due = load(db, targets).filter(({ now }) => now.snoozed_until !== null && now.snoozed_until <= at)
  for (const conversation of due) {
    conversation.now.snoozed_until = null
    conversation.now.base_state = needsReply
    conversation.now.out_key = 0
    conversation.settle()
  }
  enter(db, due, { act: 'wake', at, by: 'clock', value: null })
  return { changed: save(db, due) }
}

/** Read: every inbound message. Unread: the newest inbound one. */
export function setRead(db: WriteDb, targets: Target[], read: boolean, queueFor: AccountId[], at: Instant): ActResult {
  const conversations = load(db, targets)
  const changed = conversations.flatMap(({ now }) =>
    read
      ? db.column<number>("SELECT id FROM message WHERE conversation_id = ? AND direction = 'inbound' AND is_read = 0", now.id)
      : db.column<number>('SELECT id FROM message WHERE id = ? AND is_read = 1', now.latest_in),
  )
  const act = keep(db, { kind: 'read', read, messages: changed }, at)
  const loaded = new Map(conversations.map((conversation) => [conversation.now.id, conversation]))
  flip(db, changed, read, queueFor, at, loaded)
  if (changed.length > 0) enter(db, conversations, { act: 'read', at, by: 'person', value: read ? 'read' : 'unread' })
  return { act, changed: save(db, conversations) }
}

/** Sets the read flag of messages and the counts of their conversations. */
function flip(
  db: WriteDb,
  messages: number[],
  read: boolean,
  queueFor: AccountId[],
  at: Instant,
  loaded: Map<number, Working>,
): void {
  const queued = new Set(queueFor.map(toNumber))
  for (const id of messages) {
    const row = db.get<{ conversation_id: number; account_id: number; is_read: number }>(
      'SELECT conversation_id, account_id, is_read FROM message WHERE id = ?',
      id,
    )
    if (!row || row.is_read === Number(read)) continue
    let conversation = loaded.get(row.conversation_id)
    if (!conversation) {
      conversation = Working.load(db, row.conversation_id)
      loaded.set(row.conversation_id, conversation)
    }
    db.run('UPDATE message SET is_read = ? WHERE id = ?', Number(read), id)
    conversation.now.unread += read ? -1 : 1
    conversation.touch()
    if (queued.has(row.account_id)) queueFlag(db, 'set_read', row.account_id, id, read, at)
  }
}

/**
 * Takes one act back: what it changed is as it was before, except where messages that arrived since say otherwise.
 * @throws `not_found` for an act that there is not, or that was undone.
 */
export function undo(db: WriteDb, act: ActId, queueFor: AccountId[], at: Instant): { changed: ConversationRow[] } {
  const stored = db.value<string>(
    'UPDATE act SET undone_at = ? WHERE id = ? AND undone_at IS NULL RETURNING before',
    at,
    toNumber(act),
  )
  if (stored === undefined) throw new ProblemError('not_found', { what: 'act', id: act })
  const kept = JSON.parse(stored) as Undo
  const loaded = new Map<number, Working>()
  if (kept.kind === 'read') flip(db, kept.messages, !kept.read, queueFor, at, loaded)
  else {
    for (const was of kept.conversations) {
      // One that has been joined into another since has no state of its own to go back to.
      if (db.value('SELECT 1 FROM conversation WHERE id = ?', was.id) !== 1) continue
      const conversation = Working.load(db, was.id)
      const { now } = conversation
      now.base_state = was.base_state
      now.triaged = was.triaged
      now.in_key = Math.max(now.in_key, was.in_key)
      now.out_key = Math.max(now.out_key, was.out_key)
      now.snoozed_until = was.snoozed_until
      conversation.settle()
      loaded.set(was.id, conversation)
    }
  }
  enter(db, [...loaded.values()], { act: 'undo', at, by: 'person', value: kept.kind })
  return { changed: save(db, [...loaded.values()]) }
}
