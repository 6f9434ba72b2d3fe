import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import type { SeenState } from '#archive/coverage.ts'
import { Entry } from '#archive/entries.ts'
import type { Identity } from '#shared/model/index.ts'
import type { CoverageSeen, StoredAccount } from '#store/store.ts'
import { accountIn, type Direct, direct, dump, identityIn } from './direct.ts'
import { raw } from './support.ts'

let office: Direct
let identity: Identity
let account: StoredAccount

beforeEach(() => {
  office = direct()
  identity = identityIn(office)
  account = accountIn(office, identity)
})

/** Accounts of these tests are made at minute 0. */
const at = (minutes: number) => new Date(Date.UTC(2026, 0, 1) + minutes * 60_000).toISOString()
const seen = (state: SeenState, from: number, to: number, joined = true, of = account): CoverageSeen => ({
  accountId: of.id,
  identityId: of.identityId,
  state,
  from: at(from),
  to: at(to),
  joined,
  reach: null,
})
const all = { identityIds: null, accountIds: null, from: null, to: null }
const intervals = (of = account) => office.read.coverage({ ...all, accountIds: [of.id] })[0]?.intervals ?? []
const entered = (of = account) =>
  office.read
    .entries(of.identityId, 0, 100_000)
    .map((entry) => Entry.parse(JSON.parse(entry)))
    .flatMap((entry) => (entry.kind === 'coverage' && entry.account === of.id ? [entry] : []))

test('an account has its time from when it was made; what is over is in the ledger of its identity', () => {
  expect(intervals()).toEqual([{ state: 'closed', from: at(0), to: at(0) }])
  office.write.cover([seen('watched', 0, 1), seen('watched', 5, 6)])
  expect(entered()).toEqual([])
  office.write.cover([seen('offline', 9, 9)])
  office.write.cover([seen('watched', 60, 61, false)])
  expect(intervals()).toEqual([
    { state: 'watched', from: at(0), to: at(6) },
    { state: 'offline', from: at(6), to: at(9) },
    { state: 'closed', from: at(9), to: at(60) },
    { state: 'watched', from: at(60), to: at(61) },
  ])
  expect(entered()).toMatchObject([
    { state: 'watched', from: at(0), to: at(6), at: at(9), seq: 0 },
    { state: 'offline', from: at(6), to: at(9), at: at(61), seq: 1 },
  ])
})

test('what the network does not hand out is said once, before all else', () => {
  office.write.cover([{ ...seen('backfilling', 0, 1), reach: at(-900) }])
  office.write.cover([{ ...seen('backfilling', 1, 2), reach: at(-800) }])
  expect(intervals()).toEqual([
    { state: 'out_of_reach', from: at(-Date.UTC(2026, 0, 1) / 60_000), to: at(-900) },
    { state: 'backfilling', from: at(0), to: at(2) },
  ])
  expect(entered()).toMatchObject([{ state: 'out_of_reach', to: at(-900) }])
  const other = accountIn(office, identity, 'feed')
  office.write.cover([{ ...seen('backfilling', 0, 1, true, other), reach: at(5) }])
  expect(intervals(other)[0]).toMatchObject({ state: 'out_of_reach', to: at(0) })
})

test('it is asked for by identity, account and time, and cut to that time', () => {
  const other = accountIn(office, identityIn(office, 'Member'))
  office.write.cover([seen('watched', 0, 60), seen('offline', 70, 80), seen('watched', 0, 10, true, other)])
  expect(office.read.coverage({ ...all, identityIds: [identity.id], from: at(30), to: at(65) })).toEqual([
    {
      accountId: account.id,
      identityId: identity.id,
      since: at(0),
      intervals: [
        { state: 'watched', from: at(30), to: at(60) },
        { state: 'offline', from: at(60), to: at(65) },
      ],
    },
  ])
  expect(office.read.coverage(all).map(({ accountId }) => accountId)).toEqual([account.id, other.id])
})

test('an account under another identity is refused, and nothing is changed', () => {
  const other = identityIn(office, 'Member')
  const before = dump(office.sql)
  const wrong = { ...seen('offline', 9, 9), identityId: other.id }
  expect(() => office.write.cover([seen('watched', 0, 6), wrong])).toThrow(expect.objectContaining({ code: 'voice_mismatch' }))
  expect(dump(office.sql)).toBe(before)
})

const step = fc.record({
  state: fc.constantFrom<SeenState>('watched', 'backfilling', 'throttled', 'logged_out', 'offline', 'paused'),
  rest: fc.nat(90),
  pass: fc.nat(10),
  killed: fc.boolean(),
  jump: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: -300, max: 300 })),
})

test('whatever phases, kills and clocks bring: no hole, no overlap, and each interval that is over is in the ledger once', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const of = accountIn(office, identity)
      let wall = 0
      for (const { state, rest, pass, killed, jump } of steps) {
        const from = wall + jump + rest
        wall = from + pass
        office.write.cover([seen(state, from, wall, !killed && jump <= 0, of)])
      }
      const rows = intervals(of)
      expect(rows[0]?.from).toBe(at(0))
      for (const [n, row] of rows.slice(1).entries()) expect(row.from).toBe(rows[n]?.to)
      const over = office.sql
        .prepare(
          'SELECT seq, state, from_at AS "from", to_at AS "to" FROM coverage WHERE account_id = ? AND seq IS NOT NULL ORDER BY seq',
        )
        .all(Number(of.id))
      expect(entered(of).map(({ seq, state, from, to }) => ({ seq, state, from, to }))).toEqual(over)
      // What is open is what is newest, and a gap before it.
      expect(rows.length - over.length).toBeLessThanOrEqual(2)
      expect(rows.slice(0, over.length)).toEqual(entered(of).map(({ state, from, to }) => ({ state, from, to })))
    }),
    { numRuns: 60 },
  )
  expect(office.read.verifyLedger(identity.id, null, 100_000, true)).toMatchObject({ done: true, faults: [] })
})

const program = fileURLToPath(new URL('./fixtures/killed-watcher.ts', import.meta.url))

test('killed at any moment: it says until when the account was watched, and that nobody did from then on', {
  timeout: 120_000,
}, async () => {
  let minute = 0
  for (const lines of fc.sample(fc.integer({ min: 1, max: 60 }), { numRuns: 6, seed: Date.now() })) {
    const start = minute + 30
    const child = spawn(process.execPath, [program, office.dir, String(start)], { stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = once(child, 'exit')
    let said = -1
    let left = lines
    for await (const line of createInterface({ input: child.stdout })) {
      said = Number(line)
      if (--left === 0) child.kill('SIGKILL')
    }
    const [, signal] = await ended
    expect(signal).toBe('SIGKILL')
    const rows = intervals()
    // What was said is written; one more may be, that there was no time to say.
    expect([at(said), at(said + 1)]).toContain(rows.at(-1)?.to)
    expect(rows).toContainEqual({ state: 'closed', from: at(minute), to: at(start) })
    for (const [n, row] of rows.slice(1).entries()) expect(row.from).toBe(rows[n]?.to)
    expect(raw(office.dir).prepare('SELECT count(*) FROM coverage WHERE seq IS NOT NULL').pluck().get()).toBe(entered().length)
    minute = rows.at(-1)?.to === at(said) ? said : said + 1
  }
})

const refused: Record<string, string> = {
  'an interval moved to another account': 'UPDATE coverage SET account_id = 2, identity_id = 2',
  'an interval of an account under another identity': `INSERT INTO coverage (account_id, identity_id, state, from_at, to_at)
    VALUES (1, 2, 'watched', '2030-01-01T00:00:00.000Z', '2030-01-02T00:00:00.000Z')`,
  'an entered interval that is rewritten': "UPDATE coverage SET state = 'watched' WHERE seq IS NOT NULL",
  'an entered interval that is thrown away': 'DELETE FROM coverage WHERE seq IS NOT NULL',
  'an interval over another': `INSERT INTO coverage (account_id, identity_id, state, from_at, to_at)
    VALUES (1, 1, 'watched', '2026-01-01T00:07:00.000Z', '2026-01-01T00:08:00.000Z')`,
  'an open interval that is drawn over another':
    "UPDATE coverage SET from_at = '2026-01-01T00:01:00.000Z' WHERE account_id = 1 AND seq IS NULL",
  'an interval that ends before it begins': "UPDATE coverage SET to_at = '2020-01-01T00:00:00.000Z' WHERE seq IS NULL",
  'a state that there is not': "UPDATE coverage SET state = 'seen' WHERE seq IS NULL",
}
test.each(Object.entries(refused))('refused by the database: %s', (_, sql) => {
  accountIn(office, identityIn(office, 'Member'))
  office.write.cover([seen('watched', 0, 6), seen('offline', 9, 9)])
  const before = dump(office.sql)
  expect(() => office.sql.exec(sql)).toThrow(/constraint failed|cannot be changed|is in the ledger/)
  expect(dump(office.sql)).toBe(before)
})

const tampered: Record<string, string> = {
  'an interval that says more than was entered':
    "UPDATE coverage SET state = 'watched' WHERE seq IS NOT NULL AND state = 'offline'",
  'an interval that is not there any more': "DELETE FROM coverage WHERE state = 'offline'",
  'an interval that was never entered': `INSERT INTO coverage (account_id, identity_id, state, from_at, to_at, seq)
    VALUES (1, 1, 'watched', '2025-01-01T00:00:00.000Z', '2025-01-02T00:00:00.000Z', 0)`,
}
test.each(Object.entries(tampered))('the check of the ledger tells of %s', (_, sql) => {
  office.write.cover([seen('watched', 0, 6), seen('offline', 9, 9), seen('watched', 12, 13), seen('throttled', 20, 20)])
  const faults = () => {
    const found = []
    for (let step = office.read.verifyLedger(identity.id, null, 1, false); ; ) {
      found.push(...step.faults)
      if (step.done) return found
      step = office.read.verifyLedger(identity.id, step.carry, 1, false)
    }
  }
  expect(faults()).toEqual([])
  office.sql.exec('DROP TRIGGER coverage_entered; DROP TRIGGER coverage_kept;')
  office.sql.exec(sql)
  expect(new Set(faults().map(({ code }) => code))).toEqual(new Set(['coverage_differs']))
})
