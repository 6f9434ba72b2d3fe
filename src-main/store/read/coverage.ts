import type { Interval } from '#archive/coverage.ts'
import type { AccountId, IdentityId, Instant } from '#shared/model/index.ts'
import type { ReadDb } from '../handle.ts'
import type { AccountCoverage, CoverageQuery } from '../store.ts'

/** What accounts were doing in a time, in time order, as far as it is written down. Intervals are cut to that time. */
export function coverage(db: ReadDb, { identityIds, accountIds, from, to }: CoverageQuery): AccountCoverage[] {
  return db
    .all<{ id: number; identity_id: number; since: Instant }>(
      `SELECT a.id, a.identity_id,
         (SELECT c.from_at FROM coverage c WHERE c.account_id = a.id AND c.state <> 'out_of_reach' ORDER BY c.to_at, c.from_at LIMIT 1) AS since
       FROM account a ORDER BY a.id`,
    )
    .map((row) => ({
      id: row.id,
      accountId: String(row.id) as AccountId,
      identityId: String(row.identity_id) as IdentityId,
      since: row.since,
    }))
    .filter(
      ({ accountId, identityId }) =>
        (identityIds === null || identityIds.includes(identityId)) && (accountIds === null || accountIds.includes(accountId)),
    )
    .map(({ id, ...account }) => ({ ...account, intervals: intervalsOf(db, id, from, to) }))
}

function intervalsOf(db: ReadDb, account: number, from: Instant | null, to: Instant | null): Interval[] {
  return db
    .all<Interval>(
      `SELECT state, from_at AS "from", to_at AS "to" FROM coverage
       WHERE account_id = ? AND to_at >= ? AND from_at <= ? ORDER BY to_at, from_at`,
      account,
      from ?? '',
      to ?? '~',
    )
    .map((interval) => ({
      state: interval.state,
      from: from !== null && from > interval.from ? from : interval.from,
      to: to !== null && to < interval.to ? to : interval.to,
    }))
}
