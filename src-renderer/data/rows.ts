import type { ConversationRow, InboxFilter, View } from '#shared/model/index.ts'

/** Whether a conversation belongs in a list, as the engine decides it. `keepRead`: rows just read stay in an unread list. */
export function inList(row: ConversationRow, filter: InboxFilter, keepRead: boolean): boolean {
  if (filter.identityId !== null && row.identityId !== filter.identityId) return false
  if (filter.accountId !== null && row.accountId !== filter.accountId) return false
  if (filter.labelId !== null && !row.labels.includes(filter.labelId)) return false
  if (filter.unreadOnly && row.unread === 0 && !keepRead) return false
  return inView(row, filter.view)
}

function inView(row: ConversationRow, view: View): boolean {
  if (view === 'all') return true
  if (view === 'snoozed') return row.snoozedUntil !== null
  if (row.snoozedUntil !== null) return false
  return view === 'open' ? row.state !== 'done' : row.state === view
}

/** A filter as one string, for keys of caches. */
export function filterKey({ view, identityId, accountId, labelId, unreadOnly }: InboxFilter): string {
  return `${view}|${identityId ?? ''}|${accountId ?? ''}|${labelId ?? ''}|${unreadOnly ? 1 : 0}`
}
