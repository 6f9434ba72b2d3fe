import type { BadgeCounts, Badges } from '#shared/contract/index.ts'
import type { InboxFilter, LabelId, View } from '#shared/model/index.ts'
import { done, needsReply, snoozed, states, waiting } from '../conversations.ts'
import type { ReadDb } from '../handle.ts'
import { toNumber } from '../ids.ts'

interface BadgeRow {
  account_id: number
  identity_id: number
  all_0: number
  all_1: number
  all_2: number
  all_3: number
  unread_0: number
  unread_1: number
  unread_2: number
  unread_3: number
}

/** The shelves that a view shows. */
export function shelvesOf(view: View): number[] {
  if (view === 'open') return [needsReply, waiting]
  if (view === 'needs_reply') return [needsReply]
  if (view === 'waiting') return [waiting]
  if (view === 'done') return [done]
  if (view === 'snoozed') return [snoozed]
  return [needsReply, waiting, done, snoozed]
}

const none = (): BadgeCounts => ({ open: 0, needs_reply: 0, waiting: 0, done: 0, snoozed: 0, unread: 0 })

function add(counts: BadgeCounts, row: BadgeRow): void {
  counts.needs_reply += row.all_0
  counts.waiting += row.all_1
  counts.open += row.all_0 + row.all_1
  counts.done += row.all_2
  counts.snoozed += row.all_3
  counts.unread += row.unread_0 + row.unread_1
}

const select =
  'SELECT account_id, identity_id, all_0, all_1, all_2, all_3, unread_0, unread_1, unread_2, unread_3 FROM badge ORDER BY account_id'

export function badges(db: ReadDb): Badges {
  const all = none()
  const identities: Record<string, BadgeCounts> = {}
  const accounts: Record<string, BadgeCounts> = {}
  for (const id of db.column<number>('SELECT id FROM identity')) identities[id] = none()
  for (const row of db.all<BadgeRow>(select)) {
    add(all, row)
    const identity = identities[row.identity_id] ?? none()
    add(identity, row)
    identities[row.identity_id] = identity
    const account = none()
    add(account, row)
    accounts[row.account_id] = account
  }
  return { all, identities, accounts, labels: labelBadges(db) }
}

interface LabelBadgeRow {
  label_id: number
  account_id: number
  shelf: number
  conversations: number
  unread: number
}

/** Counts by label, from those kept for each of its accounts and shelves. */
function labelBadges(db: ReadDb): Badges['labels'] {
  const labels: Record<string, BadgeCounts> = {}
  const kept = 'SELECT label_id, account_id, shelf, conversations, unread FROM label_badge'
  for (const { label_id, shelf, conversations, unread } of db.all<LabelBadgeRow>(kept)) {
    const counts = labels[label_id] ?? none()
    labels[label_id] = counts
    const state = shelf === snoozed ? 'snoozed' : states[shelf]
    if (state) counts[state] += conversations
    if (shelf > waiting) continue
    counts.open += conversations
    counts.unread += unread
  }
  return labels
}

/** How many rows a filter's list has, from the kept counts. */
export function total(db: ReadDb, filter: InboxFilter): number {
  if (filter.labelId !== null) return labelTotal(db, filter, filter.labelId)
  let sum = 0
  for (const row of db.all<BadgeRow>(select)) {
    if (filter.accountId !== null && filter.accountId !== String(row.account_id)) continue
    if (filter.identityId !== null && filter.identityId !== String(row.identity_id)) continue
    const counts = filter.unreadOnly
      ? [row.unread_0, row.unread_1, row.unread_2, row.unread_3]
      : [row.all_0, row.all_1, row.all_2, row.all_3]
    for (const shelf of shelvesOf(filter.view)) sum += counts[shelf] ?? 0
  }
  return sum
}

function labelTotal(db: ReadDb, filter: InboxFilter, label: LabelId): number {
  const shelves = new Set(shelvesOf(filter.view))
  const kept = 'SELECT label_id, account_id, shelf, conversations, unread FROM label_badge WHERE label_id = ?'
  return db
    .all<LabelBadgeRow>(kept, toNumber(label))
    .filter((row) => shelves.has(row.shelf) && (filter.accountId === null || filter.accountId === String(row.account_id)))
    .reduce((sum, { conversations, unread }) => sum + (filter.unreadOnly ? unread : conversations), 0)
}
