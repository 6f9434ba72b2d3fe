import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { BadgeCounts, Target } from '#shared/contract/index.ts'
import type { ActId, InboxFilter, View } from '#shared/model/index.ts'
import type { StoredAccount } from '#store/store.ts'
import { accountIn, type Direct, direct, dump, identityIn } from './direct.ts'
import { batch, message } from './support.ts'

const views: View[] = ['open', 'needs_reply', 'waiting', 'done', 'snoozed', 'all']

function count(office: Direct, where: string): BadgeCounts {
  const n = (condition: string) =>
    Number(office.sql.prepare(`SELECT count(*) FROM conversation WHERE ${condition} AND ${where}`).pluck().get())
  return {
    open: n('shelf IN (0, 1)'),
    needs_reply: n('shelf = 0'),
    waiting: n('shelf = 1'),
    done: n('shelf = 2'),
    snoozed: n('shelf = 3'),
    unread: n('shelf IN (0, 1) AND unread > 0'),
  }
}

/** Counts, lists and the rows behind them must say the same. */
function check(office: Direct, accounts: StoredAccount[]): void {
  const badges = office.read.badges()
  expect(badges.all).toEqual(count(office, 'true'))
  for (const { id, identityId } of accounts) {
    expect(badges.accounts[id]).toEqual(count(office, `account_id = ${id}`))
    expect(badges.identities[identityId]).toEqual(count(office, `identity_id = ${identityId}`))
  }
  const wrong = office.sql
    .prepare(
      `SELECT id FROM conversation c WHERE
         unread <> (SELECT count(*) FROM message m WHERE m.conversation_id = c.id AND m.direction = 'inbound' AND m.is_read = 0)
         OR messages <> (SELECT count(*) FROM message m WHERE m.conversation_id = c.id)
         OR key <> (SELECT max(id) FROM message m WHERE m.conversation_id = c.id)`,
    )
    .all()
  expect(wrong).toEqual([])
  for (const view of views) {
    for (const unreadOnly of [false, true]) {
      for (const [identityId, accountId] of [
        [null, null],
        [accounts[0]?.identityId ?? null, null],
        [null, accounts[1]?.id ?? null],
      ] as const) {
        const filter: InboxFilter = { view, unreadOnly, identityId, accountId, labelId: null }
        const { rows, next } = office.read.page({ filter, from: null, until: null, limit: 500 })
        expect(next).toBeNull()
        expect(office.read.outline(filter).total).toBe(rows.length)
        expect(rows.every((row) => !unreadOnly || row.unread > 0)).toBe(true)
        expect(rows.map((row) => Number(row.sortKey))).toEqual(rows.map((row) => Number(row.sortKey)).sort((a, b) => b - a))
      }
    }
  }
}

type Step =
  | { do: 'batch'; account: number; items: { n: number; thread: number; outbound: boolean; read: boolean }[]; live: boolean }
  | { do: 'marks'; account: number; places: { n: number; read: boolean }[] }
  | { do: 'gone'; account: number; n: number }
  | { do: 'state'; pick: number[]; state: 'needs_reply' | 'waiting' | 'done' }
  | { do: 'snooze'; pick: number[]; on: boolean }
  | { do: 'wake'; pick: number[] }
  | { do: 'read'; pick: number[]; read: boolean }
  | { do: 'undo'; back: number }

const n = fc.integer({ min: 0, max: 25 })
const accountNo = fc.integer({ min: 0, max: 2 })
const pick = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 4 })
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('batch' as const),
    account: accountNo,
    items: fc.array(fc.record({ n, thread: fc.integer({ min: 0, max: 8 }), outbound: fc.boolean(), read: fc.boolean() }), {
      maxLength: 6,
    }),
    live: fc.boolean(),
  }),
  fc.record({
    do: fc.constant('marks' as const),
    account: accountNo,
    places: fc.array(fc.record({ n, read: fc.boolean() }), { maxLength: 4 }),
  }),
  fc.record({ do: fc.constant('gone' as const), account: accountNo, n }),
  fc.record({
    do: fc.constant('state' as const),
    pick,
    state: fc.constantFrom('needs_reply' as const, 'waiting' as const, 'done' as const),
  }),
  fc.record({ do: fc.constant('snooze' as const), pick, on: fc.boolean() }),
  fc.record({ do: fc.constant('wake' as const), pick }),
  fc.record({ do: fc.constant('read' as const), pick, read: fc.boolean() }),
  fc.record({ do: fc.constant('undo' as const), back: fc.integer({ min: 0, max: 3 }) }),
)

const now = '2026-03-01T00:00:00.000Z'

/** Runs a step. @returns the act, when it was one. */
function run(office: Direct, accounts: StoredAccount[], acts: ActId[], at: Step): void {
  const targets = (numbers: number[]): Target[] => {
    const filter: InboxFilter = { view: 'all', identityId: null, accountId: null, labelId: null, unreadOnly: false }
    const { rows } = office.read.page({ filter, from: null, until: null, limit: 500 })
    return numbers.flatMap((number) => {
      const row = rows[number % Math.max(1, rows.length)]
      return row ? [{ id: row.id, identityId: row.identityId }] : []
    })
  }
  const queue = accounts.slice(0, 1).map((account) => account.id)
  const account = accounts['account' in at ? at.account : 0]
  if (!account) throw new Error('three accounts')
  if (at.do === 'batch') {
    const messages = at.items.map((item) =>
      message(item.n, {
        threadKeys: [`<m${item.n}@example>`, `t${item.thread}`],
        direction: item.outbound ? 'outbound' : 'inbound',
        read: item.read,
      }),
    )
    const arrival = at.live ? { kind: 'live' as const } : { kind: 'backfill' as const, recentAfter: message(10).at }
    office.write.applyBatch(batch(account, messages, { arrival }))
  } else if (at.do === 'marks') {
    const marks = at.places.map((place) => ({ place: `INBOX:${place.n}`, read: place.read, answered: false }))
    office.write.applyBatch(batch(account, [], { marks }))
  } else if (at.do === 'gone') office.write.applyBatch(batch(account, [], { gone: [`INBOX:${at.n}`] }))
  else if (at.do === 'undo') {
    const [act] = acts.splice(-1 - at.back, 1)
    if (act) office.write.undo(act, queue, now)
  } else if (at.do === 'wake') office.write.wake(targets(at.pick), '2026-05-01T00:00:00.000Z')
  else {
    const chosen = targets(at.pick)
    if (at.do === 'state') acts.push(office.write.setState(chosen, at.state, now).act)
    if (at.do === 'snooze') acts.push(office.write.snooze(chosen, at.on ? '2026-04-01T00:00:00.000Z' : null, now).act)
    if (at.do === 'read') acts.push(office.write.setRead(chosen, at.read, queue, now).act)
  }
}

function threeAccounts(office: Direct): StoredAccount[] {
  const member = identityIn(office, 'Member')
  return [
    accountIn(office, member),
    accountIn(office, identityIn(office, 'Institution', 'institutional')),
    accountIn(office, member),
  ]
}

test('counts and lists agree with the rows after anything that can happen', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const office = direct()
      const accounts = threeAccounts(office)
      const acts: ActId[] = []
      for (const at of steps) run(office, accounts, acts, at)
      check(office, accounts)
      office.sql.close()
    }),
    { numRuns: 80 },
  )
})

test('an act that is undone at once leaves no trace but its own and what the ledger says', () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 12 }),
      step.filter((at) => ['state', 'snooze', 'read'].includes(at.do)),
      (steps, last) => {
        const office = direct()
        const accounts = threeAccounts(office)
        for (const at of steps) run(office, accounts, [], at)
        const forget = () => office.sql.exec('DELETE FROM act; DELETE FROM pending_act; DELETE FROM sqlite_sequence')
        forget()
        const before = dump(office.sql, 'ledger')
        const acts: ActId[] = []
        run(office, accounts, acts, last)
        for (const act of acts) office.write.undo(act, [], now)
        expect(acts.map((act) => () => office.write.undo(act, [], now)).every((again) => throwsNotFound(again))).toBe(true)
        forget()
        expect(dump(office.sql, 'ledger')).toBe(before)
        office.sql.close()
      },
    ),
    { numRuns: 60 },
  )
})

function throwsNotFound(call: () => unknown): boolean {
  try {
    call()
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'not_found'
  }
}
