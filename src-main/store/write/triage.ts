import type { Target } from '#shared/contract/index.ts'
import type { AccountId, ActId, ConversationRow, ConversationState, Instant } from '#shared/model/index.ts'
import { ProblemError } from '#shared/model/index.ts'
import { needsReply, states } from '../conversations.ts'
import type { WriteDb } from '../handle.ts'
import { toNumber } from '../ids.ts'
import type { Undone } from '../labels.ts'
import type { ActResult } from '../store.ts'
import { enter, keep, load, save } from './acts.ts'
import { isLabelUndo, type LabelUndo, undoLabels } from './labels.ts'
import { type NoteUndo, undoNote } from './notes.ts'
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

type Undo =
  | { kind: 'state' | 'snooze'; conversations: Before[] }
  | { kind: 'read'; read: boolean; messages: number[] }
  | LabelUndo
  | NoteUndo

function before({ now }: Working): Before {
  const { id, base_state, in_key, out_key, triaged, snoozed_until } = now
  return { id, base_state, in_key, out_key, triaged, snoozed_until }
}

/** Puts conversations into a state; ends a snooze. */
export function setState(db: WriteDb, targets: Target[], state: ConversationState, at: Instant): ActResult {
  const conversations = load(db, targets)
  const act = keep<Undo>(db, { kind: 'state', conversations: conversations.map(before) }, at)
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
  const act = keep<Undo>(db, { kind: 'snooze', conversations: conversations.map(before) }, at)
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
  const act = keep<Undo>(db, { kind: 'read', read, messages: changed }, at)
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
 * @throws `not_found` for an act that there is not, or that was undone; `name_taken` for a label whose name another one has now.
 */
export function undo(db: WriteDb, act: ActId, queueFor: AccountId[], at: Instant): Undone {
  const stored = db.value<string>(
    'UPDATE act SET undone_at = ? WHERE id = ? AND undone_at IS NULL RETURNING before',
    at,
    toNumber(act),
  )
  if (stored === undefined) throw new ProblemError('not_found', { what: 'act', id: act })
  const kept = JSON.parse(stored) as Undo
  if (isLabelUndo(kept)) return undoLabels(db, kept, at)
  if (kept.kind === 'note') return plainly(undoNote(db, kept, at))
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
  return plainly(save(db, [...loaded.values()]))
}

const plainly = (changed: ConversationRow[]): Undone => ({ changed, count: changed.length, labels: false })
