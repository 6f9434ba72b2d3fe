import type { SearchFacets, SearchHistogram } from '#shared/contract/index.ts'
import type {
  AccountId,
  ConversationId,
  Direction,
  IdentityId,
  MessageId,
  MessageKind,
  Network,
  SearchHit,
} from '#shared/model/index.ts'
import { MessageKind as Kinds } from '#shared/model/index.ts'
import type { QueryNode } from '#shared/query/index.ts'
import { networkOf, networksByAccount } from '../conversations.ts'
import type { ReadDb } from '../handle.ts'
import { endOfIds, monthOf, toNumber } from '../ids.ts'
import { Blocks } from '../search/blocks.ts'
import { Search } from '../search/hits.ts'
import { type Compiled, compile } from '../search/plan.ts'
import type { Hit } from '../search/runs.ts'
import { Marker } from '../search/snippet.ts'
import type { FoundPage, StoreQuestion } from '../searches.ts'

/** Hits that are put in order when the best come first. */
const mostRanked = 2000
/** Hits that facets count unless they are to be exact. */
const mostCounted = 10_000

interface HitRow {
  id: number
  conversation_id: number
  identity_id: number
  account_id: number
  kind: MessageKind
  direction: Direction
  at: string
  from_name: string
  from_handle: string
  subject: string
  text: string
}

/** One page of what a query finds. @throws `cancelled` when whoever asked gave up. */
export function find(db: ReadDb, question: StoreQuestion): FoundPage {
  const query = compile(db, question.query)
  const { hits, next } = question.order === 'newest' ? newestPage(db, query, question) : bestPage(db, query, question)
  const blocks = Blocks.of(db)
  const networks = networksByAccount(db)
  const marker = new Marker(query.marks)
  return {
    hits: hits.flatMap((hit) => toHit(db, slotOf(blocks, hit), marker, networks)),
    next,
    missing: query.missing,
    waiting: blocks.todo,
  }
}

type Found = { hits: Hit[]; next: string | null }

function newestPage(db: ReadDb, query: Compiled, { limit, after }: StoreQuestion): Found {
  const hits = new Search(db, query, db.watch).newest(limit + 1, after === null ? endOfIds : toNumber(after))
  const last = hits[limit - 1]
  return { hits: hits.slice(0, limit), next: hits.length > limit && last ? String(last.id) : null }
}

/**
 * The best among the newest. A page is asked for by where the one before ended and by the newest hit that was ranked, so that mail that
 * comes in between moves nothing.
 */
function bestPage(db: ReadDb, query: Compiled, { limit, after }: StoreQuestion): Found {
  const [newest, from] = after === null ? [endOfIds, 0] : placeOf(after)
  const search = new Search(db, query, db.watch)
  const hits = search.newest(mostRanked, newest)
  const scores = search.scores(hits)
  const exact = query.exact === null ? null : search.among(query.exact, hits)
  const tier = (hit: Hit) => (exact === null || exact.has(hit) ? 0 : 1)
  hits.sort((a, b) => tier(a) - tier(b) || (scores.get(a) ?? 0) - (scores.get(b) ?? 0) || b.id - a.id)
  const anchor = after === null ? Math.max(0, ...hits.map(({ id }) => id)) + 1 : newest
  return { hits: hits.slice(from, from + limit), next: hits.length > from + limit ? `${anchor}-${from + limit}` : null }
}

function placeOf(after: string): [number, number] {
  const [anchor = '', from = ''] = after.split('-')
  return [toNumber(anchor), Math.max(0, toNumber(from))]
}

/** Ids of all messages that a query finds, newest first. */
export function idsOf(db: ReadDb, query: QueryNode): number[] {
  return new Search(db, compile(db, query), db.watch).newest(endOfIds, endOfIds).map(({ id }) => id)
}

const slotOf = (blocks: Blocks, { block, number }: Hit): number => blocks.facts(block).slots[number - block.low] ?? 0

function toHit(db: ReadDb, slot: number, marker: Marker, networks: Map<number, Network>): SearchHit[] {
  const row = db.get<HitRow>(
    `SELECT m.id, m.conversation_id, m.identity_id, m.account_id, m.kind, m.direction, m.at, m.from_name, m.from_handle, m.subject, b.text
     FROM message m JOIN body b ON b.slot = m.slot WHERE m.slot = ?`,
    slot,
  )
  if (!row) return []
  return [
    {
      id: String(row.id) as MessageId,
      conversationId: String(row.conversation_id) as ConversationId,
      identityId: String(row.identity_id) as IdentityId,
      accountId: String(row.account_id) as AccountId,
      network: networkOf(networks, row.account_id),
      kind: row.kind,
      direction: row.direction,
      at: row.at,
      from: row.from_name || row.from_handle,
      subject: marker.line(row.subject),
      snippet: marker.snippet(row.text),
    },
  ]
}

/** How hits are spread over networks, accounts, identities, years and kinds. */
export function facets(db: ReadDb, { query, exact }: { query: QueryNode; exact: boolean }): SearchFacets {
  const search = new Search(db, compile(db, query), db.watch)
  const most = exact ? endOfIds : mostCounted
  const hits = search.newest(most + 1, endOfIds)
  const complete = hits.length <= most
  if (!complete) hits.pop()
  const accounts = new Map<number, number>()
  const years = new Map<string, number>()
  const kinds = new Map<number, number>()
  const add = <Key>(counts: Map<Key, number>, key: Key) => counts.set(key, (counts.get(key) ?? 0) + 1)
  for (const hit of hits) {
    const facts = search.blocks.facts(hit.block)
    const at = hit.number - hit.block.low
    add(accounts, facts.accounts[at] ?? 0)
    add(kinds, facts.kinds[at] ?? 0)
    add(years, (monthOf(hit.id) ?? search.atOf(hit)).slice(0, 4))
  }
  const owners = new Map(
    db
      .all<{ id: number; identity_id: number; network: Network }>('SELECT id, identity_id, network FROM account')
      .map((row) => [row.id, row]),
  )
  const networks = new Map<Network, number>()
  const identities = new Map<number, number>()
  for (const [account, count] of accounts) {
    const owner = owners.get(account)
    if (!owner) continue
    networks.set(owner.network, (networks.get(owner.network) ?? 0) + count)
    identities.set(owner.identity_id, (identities.get(owner.identity_id) ?? 0) + count)
  }
  return {
    total: hits.length,
    exact: complete,
    network: listed(networks, (network) => network),
    account: listed(accounts, (id) => String(id) as AccountId),
    identity: listed(identities, (id) => String(id) as IdentityId),
    year: listed(years, (year) => year).sort((a, b) => (a.value < b.value ? 1 : -1)),
    kind: listed(kinds, (kind) => Kinds.options[kind] ?? 'mail'),
  }
}

function listed<Key, Value>(counts: Map<Key, number>, toValue: (key: Key) => Value): { value: Value; count: number }[] {
  return [...counts].sort((a, b) => b[1] - a[1]).map(([key, count]) => ({ value: toValue(key), count }))
}

/** Hits by month. */
export function histogram(db: ReadDb, { query }: { query: QueryNode }): SearchHistogram {
  const months = new Search(db, compile(db, query), db.watch).months()
  return {
    months: [...months].map(([month, count]) => ({ month, count })).sort((a, b) => (a.month < b.month ? -1 : 1)),
    exact: true,
  }
}
