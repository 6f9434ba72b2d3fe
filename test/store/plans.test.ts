import { expect, test } from 'vitest'
import type { InboxFilter, View } from '#shared/model/index.ts'
import { readHandle } from '#store/handle.ts'
import { endOfIds } from '#store/ids.ts'
import { identities } from '#store/read/identities.ts'
import { type ReadFunctions, reads } from '#store/read/index.ts'
import { listQuery } from '#store/read/lists.ts'
import { accountIn, type Direct, direct, identityIn } from './direct.ts'
import { batch, message } from './support.ts'

/** How SQLite would run each statement of a call, without running it twice: the statements are caught on their way. */
function plansOf(office: Direct, call: (office: Direct) => void): string[] {
  const seen: { sql: string; values: unknown[] }[] = []
  const prepare = office.sql.prepare.bind(office.sql)
  const spied = Object.create(office.sql) as typeof office.sql
  spied.prepare = ((sql: string) => {
    seen.push({ sql, values: [] })
    return prepare(sql)
  }) as typeof prepare
  const handle = readHandle(spied, office.dir)
  call({ ...office, reader: handle })
  return seen.flatMap(({ sql }) =>
    office.sql
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all(...(sql.match(/\?/g) ?? []).map(() => 0))
      .map((row) => (row as { detail: string }).detail),
  )
}

function filled(): Direct {
  const office = direct()
  const account = accountIn(office, identityIn(office))
  office.write.applyBatch(
    batch(
      account,
      Array.from({ length: 20 }, (_, n) => message(n)),
    ),
  )
  return office
}

const views: View[] = ['open', 'needs_reply', 'waiting', 'done', 'snoozed', 'all']
const scopes = [
  { identityId: null, accountId: null },
  { identityId: '1', accountId: null },
  { identityId: null, accountId: '1' },
  { identityId: '1', accountId: '1' },
  { identityId: '1', accountId: null, labelId: '1' },
  { identityId: null, accountId: '1', labelId: '1' },
] as const
const filters = views.flatMap((view) =>
  scopes.flatMap((scope) => [false, true].map((unreadOnly) => ({ view, unreadOnly, labelId: null, ...scope }) as InboxFilter)),
)

test.each(filters)('one index seek per list: %j', (filter) => {
  const office = filled()
  const { sql, values } = listQuery(filter, 'LIMIT ?')
  const plan = office.sql.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values(endOfIds, -1), 50) as { detail: string }[]
  const details = plan.map((row) => row.detail)
  expect(details.filter((detail) => /SCAN|TEMP B-TREE/.test(detail))).toEqual([])
  const seeks = details.filter((detail) => detail.startsWith('SEARCH'))
  expect(seeks.length).toBeGreaterThan(0)
  for (const seek of seeks)
    expect(seek).toMatch(/USING COVERING INDEX conversation_\w+ \((\w+=\? AND )*(\w+=\? AND )?key>\? AND key<\?\)/)
})

const calls: Record<string, (read: ReadFunctions, office: Direct) => void> = {
  conversation: (read, { reader }) => void read.conversation(reader, '1' as never, 50),
  message: (read, { reader }) => void read.message(reader, '1' as never),
  source: (read, { reader }) => void read.source(reader, '1' as never),
  history: (read, { reader }) => void read.history(reader, '1' as never, 50),
  cursor: (read, { reader }) => void read.cursor(reader, '1' as never, 'INBOX'),
  known: (read, { reader }) => void read.known(reader, '1' as never, 'INBOX'),
  has: (read, { reader }) => void read.has(reader, '1' as never, ['x']),
  due: (read, { reader }) => void read.due(reader, '2026-01-01T00:00:00.000Z'),
  pendingActs: (read, { reader }) => void read.pendingActs(reader, '1' as never, 10),
  arrivals: (read, { reader }) => void read.arrivals(reader, '1' as never, '2026-01-01T00:00:00.000Z'),
  notes: (read, { reader }) => void read.notes(reader, '1' as never),
  rows: (read, { reader }) => void read.rows(reader, ['1' as never]),
}

test.each(Object.entries(calls))('%s reads by index only', (_, call) => {
  const office = filled()
  const plans = plansOf(office, (spied) => call(reads, spied))
  expect(plans.length).toBeGreaterThan(0)
  // Accounts are a handful and always read whole.
  expect(plans.filter((plan) => /SCAN (?!account)|TEMP B-TREE/.test(plan))).toEqual([])
  expect(identities(office.reader)).toHaveLength(1)
})

test('ids are exact up to the last one, and seek as integers in the search index', () => {
  const office = direct()
  const at = (id: number) => office.sql.prepare('SELECT typeof(?), ? = CAST(? AS INTEGER)').raw().get(id, id, id)
  expect(at(endOfIds)).toEqual(['real', 1])
  office.sql.exec(
    "CREATE VIRTUAL TABLE t USING fts5(x, content='', contentless_delete=1); CREATE TABLE m (id INTEGER PRIMARY KEY) STRICT",
  )
  for (const id of [endOfIds - 2, endOfIds - 1, endOfIds]) {
    office.sql.prepare('INSERT INTO t (rowid, x) VALUES (CAST(? AS INTEGER), ?)').run(id, 'word')
    office.sql.prepare('INSERT INTO m VALUES (?)').run(id)
  }
  const found = office.sql
    .prepare("SELECT rowid FROM t WHERE t MATCH 'word' AND rowid < CAST(? AS INTEGER) ORDER BY rowid DESC")
    .pluck()
  expect(found.all(endOfIds)).toEqual([endOfIds - 1, endOfIds - 2])
  expect(office.sql.prepare('SELECT id FROM m WHERE id = ?').pluck().get(endOfIds)).toBe(endOfIds)
  const plan = office.sql
    .prepare("EXPLAIN QUERY PLAN SELECT rowid FROM t WHERE t MATCH 'word' AND rowid < CAST(? AS INTEGER) ORDER BY rowid DESC")
    .all(1) as { detail: string }[]
  expect(plan.map((row) => row.detail)).toEqual([expect.stringMatching(/VIRTUAL TABLE INDEX \d+:M1</)])
})
