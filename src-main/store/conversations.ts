import type {
  AccountId,
  ConversationId,
  ConversationRow,
  ConversationState,
  IdentityId,
  LabelId,
  Network,
  SortKey,
} from '#shared/model/index.ts'
import { ProblemError } from '#shared/model/index.ts'
import type { ReadDb } from './handle.ts'
import { toNumber } from './ids.ts'

/** States by their number in the database: smaller is more open. Shelf 3 is snoozed. */
export const states: readonly ConversationState[] = ['needs_reply', 'waiting', 'done']
export const needsReply = 0
export const waiting = 1
export const done = 2
export const snoozed = 3

/** A conversation's row as the database has it. */
export interface ConversationRecord {
  id: number
  account_id: number
  identity_id: number
  /** Id of the newest message. */
  key: number
  /** The list it is in: its state, or 3 while snoozed. */
  shelf: number
  state: number
  snoozed_until: string | null
  /** The state that a person (or nobody: done) gave it; messages since then are in `in_key` and `out_key`. */
  base_state: number
  /** Newest inbound message since then that asks for a reply, or 0. */
  in_key: number
  /** Newest outbound message since then that came while watching, or 0. */
  out_key: number
  triaged: number
  unread: number
  messages: number
  attachments: number
  /** Newest inbound message, or 0. */
  latest_in: number
  outbound: number
  /** Whether it has a message that is not quiet: then quiet ones do not change what is shown of it. */
  loud: number
  at: string
  from_name: string
  subject: string
  /** Of its newest message; not stored with the conversation. */
  snippet: string
  /** Ids of its labels with commas between; null without one. Not stored with it either, nor the notes. */
  labels: string | null
  /** Notes that were not withdrawn. */
  notes: number
}

/** What hangs on conversation `c` and is not stored with it. */
export const conversationMarks = `
  (SELECT group_concat(l.label_id) FROM conversation_label l WHERE l.conversation_id = c.id) AS labels,
  (SELECT count(*) FROM note n WHERE n.conversation_id = c.id AND n.withdrawn = 0) AS notes`

export const conversationColumns = `c.id, c.account_id, c.identity_id, c.key, c.shelf, c.state, c.snoozed_until, c.base_state, c.in_key,
  c.out_key, c.triaged, c.unread, c.messages, c.attachments, c.latest_in, c.outbound, c.loud, c.at, c.from_name, c.subject,
  coalesce((SELECT m.snippet FROM message m WHERE m.id = c.key), '') AS snippet, ${conversationMarks}`

/**
 * The state that follows from what a person did last and what came since, in whatever order it came: an inbound message
 * asks for a reply; our own, when later, leaves us waiting.
 */
export function stateOf(base: number, inKey: number, outKey: number): number {
  if (inKey > 0) return outKey > inKey ? waiting : needsReply
  return base === needsReply && outKey > 0 ? waiting : base
}

export function shelfOf(conversation: { state: number; snoozed_until: string | null }): number {
  return conversation.snoozed_until === null ? conversation.state : snoozed
}

export function toRow(c: ConversationRecord, network: Network): ConversationRow {
  return {
    id: String(c.id) as ConversationId,
    sortKey: String(c.key) as SortKey,
    identityId: String(c.identity_id) as IdentityId,
    accountId: String(c.account_id) as AccountId,
    network,
    from: c.from_name,
    subject: c.subject,
    snippet: c.snippet,
    at: c.at,
    unread: c.unread,
    messages: c.messages,
    state: states[c.state] ?? 'done',
    snoozedUntil: c.snoozed_until,
    hasAttachment: c.attachments > 0,
    outbound: c.outbound === 1,
    labels: labelsOf(c.labels),
    notes: c.notes,
  }
}

/** Label ids as SQLite gathers them, in order. */
function labelsOf(gathered: string | null): LabelId[] {
  if (gathered === null) return []
  return gathered.split(',').sort((a, b) => Number(a) - Number(b)) as LabelId[]
}

/** Networks by account; a handful of rows, read once per call. */
export function networksByAccount(db: ReadDb): Map<number, Network> {
  return new Map(db.all<{ id: number; network: Network }>('SELECT id, network FROM account').map((row) => [row.id, row.network]))
}

export function networkOf(networks: Map<number, Network>, accountId: number): Network {
  const network = networks.get(accountId)
  if (!network) throw new ProblemError('not_found', { what: 'account', id: accountId })
  return network
}

/** One conversation by its id, also by the id it had before it was joined with another. */
export function findConversation(db: ReadDb, id: ConversationId): ConversationRecord | null {
  const number = toNumber(id)
  const sql = `SELECT ${conversationColumns} FROM conversation c WHERE c.id = ?`
  const row = db.get<ConversationRecord>(sql, number)
  if (row) return row
  const into = db.value<number>('SELECT into_id FROM merged WHERE id = ?', number)
  return into === undefined ? null : (db.get<ConversationRecord>(sql, into) ?? null)
}
