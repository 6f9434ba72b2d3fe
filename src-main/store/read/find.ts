import type { SearchFacets, SearchHistogram, SearchPage, SearchQuestion } from '#shared/contract/index.ts'
import type { AccountId, IdentityId, MessageKind, SortKey } from '#shared/model/index.ts'
import { networkOf, networksByAccount } from '../conversations.ts'
import type { ReadDb } from '../handle.ts'
import { endOfIds } from '../ids.ts'
import { toMatch } from '../search/query.ts'
import { matching, search } from './search.ts'

/** Hits that facets count unless they are to be exact. */
const mostCounted = 10_000

/** One page of hits. */
export function find(db: ReadDb, question: SearchQuestion): SearchPage {
  const text = question.typing ? question.text : `${question.text} `
  const { hits, next } = search(db, text, question.limit, question.after as SortKey | null)
  return { hits, next, problems: [], missing: [] }
}

interface Counted {
  account_id: number
  identity_id: number
  kind: MessageKind
  at: string
}

function counted(db: ReadDb, text: string, most: number): { rows: Counted[]; exact: boolean } {
  const query = toMatch(`${text} `)
  if (query === null) return { rows: [], exact: true }
  const ids = matching(db, query.match, most + 1, endOfIds)
  const rows = ids
    .slice(0, most)
    .flatMap((id) => db.get<Counted>('SELECT account_id, identity_id, kind, at FROM message WHERE id = ?', id) ?? [])
  return { rows, exact: ids.length <= most }
}

/** How hits are spread. */
export function facets(db: ReadDb, question: { text: string; exact: boolean }): SearchFacets {
  const { rows, exact } = counted(db, question.text, question.exact ? endOfIds : mostCounted)
  const networks = networksByAccount(db)
  const tally = <Value extends string>(of: (row: Counted) => Value) => {
    const counts = new Map<Value, number>()
    for (const row of rows) counts.set(of(row), (counts.get(of(row)) ?? 0) + 1)
    return [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count)
  }
  return {
    total: rows.length,
    exact,
    network: tally((row) => networkOf(networks, row.account_id)),
    account: tally((row) => String(row.account_id) as AccountId),
    identity: tally((row) => String(row.identity_id) as IdentityId),
    year: tally((row) => row.at.slice(0, 4)).sort((a, b) => (a.value < b.value ? 1 : -1)),
    kind: tally((row) => row.kind),
  }
}

/** Hits by month. */
export function histogram(db: ReadDb, question: { text: string }): SearchHistogram {
  const { rows, exact } = counted(db, question.text, endOfIds)
  const months = new Map<string, number>()
  for (const row of rows) months.set(row.at.slice(0, 7), (months.get(row.at.slice(0, 7)) ?? 0) + 1)
  return { months: [...months].map(([month, count]) => ({ month, count })).sort((a, b) => (a.month < b.month ? -1 : 1)), exact }
}
