import { advance, type Interval } from '#archive/coverage.ts'
import { coverageEntry } from '#archive/entries.ts'
import { type AccountId, type Instant, ProblemError } from '#shared/model/index.ts'
import type { WriteDb } from '../handle.ts'
import { toNumber } from '../ids.ts'
import { ledgerOf } from '../ledgers.ts'
import { findAccount } from '../read/accounts.ts'
import type { CoverageSeen } from '../store.ts'

/** Begins the coverage of an account that was just made. */
export function beginCoverage(db: WriteDb, account: number, identity: number, at: Instant): void {
  insert(db, account, identity, { state: 'closed', from: at, to: at }, null)
}

/**
 * Adds to accounts' coverage what they were seen doing, in the order given, and enters what is over into the ledgers of their identities.
 * @throws `not_found`; `voice_mismatch` when an account is named with another identity: then nothing is changed.
 */
export function cover(db: WriteDb, seen: readonly CoverageSeen[]): void {
  for (const one of seen) {
    const account = accountOf(db, one)
    const open = db.all<Interval>(
      'SELECT state, from_at AS "from", to_at AS "to" FROM coverage INDEXED BY coverage_open WHERE account_id = ? AND seq IS NULL ORDER BY to_at, from_at',
      account,
    )
    const next = advance(open, one)
    if (next.settled.length === 0 && onlyLonger(open, next.open)) lengthen(db, account, open, next.open)
    else replace(db, account, toNumber(one.identityId), next, one.to)
    if (one.reach !== null) enterReach(db, account, toNumber(one.identityId), one.reach, one.to)
  }
}

function accountOf(db: WriteDb, { accountId, identityId }: CoverageSeen): number {
  const account = findAccount(db, accountId)
  if (!account) throw new ProblemError('not_found', { what: 'account', id: accountId })
  if (account.identityId !== identityId) throw new ProblemError('voice_mismatch', { what: 'account' })
  return toNumber(accountId)
}

/** Whether nothing but ends is different: by far the most frequent case. */
function onlyLonger(before: readonly Interval[], after: readonly Interval[]): boolean {
  return before.length === after.length && before.every((row, n) => row.state === after[n]?.state && row.from === after[n]?.from)
}

function lengthen(db: WriteDb, account: number, before: readonly Interval[], after: readonly Interval[]): void {
  after.forEach(({ state, from, to }, n) => {
    if (to === before[n]?.to) return
    db.run(
      'UPDATE coverage INDEXED BY coverage_open SET to_at = ? WHERE account_id = ? AND seq IS NULL AND from_at = ? AND state = ?',
      to,
      account,
      from,
      state,
    )
  })
}

function replace(
  db: WriteDb,
  account: number,
  identity: number,
  next: { settled: Interval[]; open: Interval[] },
  at: Instant,
): void {
  db.run('DELETE FROM coverage INDEXED BY coverage_open WHERE account_id = ? AND seq IS NULL', account)
  for (const interval of next.settled) insert(db, account, identity, interval, enter(db, account, identity, interval, at))
  for (const interval of next.open) insert(db, account, identity, interval, null)
}

/** Says once how far back the network reached when the account was first read; before that nothing can be known. */
function enterReach(db: WriteDb, account: number, identity: number, reach: Instant, at: Instant): void {
  const first = db.get<{ state: string; from_at: Instant }>(
    'SELECT state, from_at FROM coverage WHERE account_id = ? ORDER BY to_at, from_at LIMIT 1',
    account,
  )
  if (!first || first.state === 'out_of_reach') return
  const interval: Interval = {
    state: 'out_of_reach',
    from: new Date(0).toISOString(),
    to: reach < first.from_at ? reach : first.from_at,
  }
  if (interval.from < interval.to) insert(db, account, identity, interval, enter(db, account, identity, interval, at))
}

function enter(db: WriteDb, account: number, identity: number, { state, from, to }: Interval, at: Instant): number {
  return ledgerOf(db, identity).append((seq) =>
    coverageEntry({ account: String(account) as AccountId, at, from, seq, state, to }),
  )
}

function insert(db: WriteDb, account: number, identity: number, { state, from, to }: Interval, seq: number | null): void {
  db.run(
    'INSERT INTO coverage (account_id, identity_id, state, from_at, to_at, seq) VALUES (?, ?, ?, ?, ?, ?)',
    account,
    identity,
    state,
    from,
    to,
    seq,
  )
}
