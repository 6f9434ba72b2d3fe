import type { Outline, Page, PageInput } from '#shared/contract/index.ts'
import { AccountId, ConversationId, type ConversationRow, IdentityId, type InboxFilter, SortKey } from '#shared/model/index.ts'

export const openFilter: InboxFilter = { view: 'open', identityId: null, accountId: null, labelId: null, unreadOnly: false }

export const key = (value: number): SortKey => SortKey.parse(String(value))
export const conversation = (value: number): ConversationId => ConversationId.parse(String(value))

export function makeRow(id: number, sortKey: number, change: Partial<ConversationRow> = {}): ConversationRow {
  return {
    id: conversation(id),
    sortKey: key(sortKey),
    identityId: IdentityId.parse('1'),
    accountId: AccountId.parse('1'),
    network: 'mail',
    from: 'Ana',
    subject: `Subject ${id}`,
    snippet: '',
    at: '2026-01-31T09:30:00.000Z',
    unread: 0,
    messages: 1,
    state: 'needs_reply',
    snoozedUntil: null,
    hasAttachment: false,
    outbound: false,
    labels: [],
    notes: 0,
    ...change,
  }
}

/** The engine's lists as they should be: all rows, asked the way the contract asks. */
export class Truth {
  readonly rows = new Map<ConversationId, ConversationRow>()
  private readonly matches: (row: ConversationRow) => boolean

  constructor(matches: (row: ConversationRow) => boolean) {
    this.matches = matches
  }

  put(row: ConversationRow): void {
    this.rows.set(row.id, row)
  }

  sorted(): ConversationRow[] {
    return [...this.rows.values()].filter(this.matches).sort((a, b) => Number(b.sortKey) - Number(a.sortKey))
  }

  outline(step: number): Outline {
    const rows = this.sorted()
    return { total: rows.length, step, keys: rows.filter((_, i) => i % step === 0).map((row) => row.sortKey) }
  }

  page({ from, until, limit }: Pick<PageInput, 'from' | 'until' | 'limit'>): Page {
    const inside = this.sorted().filter(
      (row) => (from === null || Number(row.sortKey) <= Number(from)) && (until === null || Number(row.sortKey) > Number(until)),
    )
    return { rows: inside.slice(0, limit), next: inside[limit]?.sortKey ?? null }
  }
}
