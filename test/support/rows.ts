import { ConversationRow } from '#shared/model/index.ts'

/** A conversation row as the store would give it, for tests that only pass rows on. */
export function conversationRow(id: string, change: Partial<Record<keyof ConversationRow, unknown>> = {}): ConversationRow {
  return ConversationRow.parse({
    id,
    sortKey: id,
    identityId: '1',
    accountId: '1',
    network: 'mail',
    from: 'Ada',
    subject: 'Subject',
    snippet: 'Text',
    at: '2026-01-01T00:00:00.000Z',
    unread: 1,
    messages: 1,
    state: 'needs_reply',
    snoozedUntil: null,
    hasAttachment: false,
    outbound: false,
    labels: [],
    notes: 0,
    ...change,
  })
}
