import { z } from 'zod'
import { AccountId, CoverageReason, IdentityId, Instant } from '../model/index.ts'

const count = z.number().int().nonnegative()
/** Null where there is no time to speak of. */
const share = z.number().min(0).max(1).nullable()
/** A time in which an account was not watched. */
export const CoverageGap = z.object({ reason: CoverageReason, from: Instant, to: Instant })
export type CoverageGap = z.infer<typeof CoverageGap>
export const AccountCoverage = z.object({
  accountId: AccountId,
  identityId: IdentityId,
  /** The time that the answer is about: not before the account was made unless asked, not after its last pass while it is watched. */
  from: Instant,
  to: Instant,
  /** How much of that time it was watched. */
  watched: share,
  /** The longest 200, in time order. */
  gaps: z.array(CoverageGap).max(200),
  /** Gaps that were left out. */
  more: count,
})
export type AccountCoverage = z.infer<typeof AccountCoverage>
export const Coverage = z.object({
  /** The earliest time that the answer is about; null when no account was asked for. */
  from: Instant.nullable(),
  to: Instant,
  /** How much of all their time the accounts were watched. */
  watched: share,
  /** How long they were not, in ms, summed over the accounts, by reason, the longest first. */
  unwatched: z.array(z.object({ reason: CoverageReason, ms: count })),
  accounts: z.array(AccountCoverage),
})
export type Coverage = z.infer<typeof Coverage>

/** Null: of all identities, all accounts, since each account has been here, until now. */
export const CoverageQuestion = z.object({
  identityIds: z.array(IdentityId).max(1000).nullable(),
  accountIds: z.array(AccountId).max(1000).nullable(),
  from: Instant.nullable(),
  to: Instant.nullable(),
})
export type CoverageQuestion = z.infer<typeof CoverageQuestion>
