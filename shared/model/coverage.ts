import { z } from 'zod'

/**
 * What one account was doing for a time, as its ledger says it (docs/formats.md). `watched`: passes over it came to their
 * end, one after the other, and nothing was in the way between them. Everything else was not watched.
 */
export const CoverageState = z.enum([
  'watched',
  'backfilling',
  'throttled',
  'logged_out',
  'offline',
  'paused',
  'closed',
  'out_of_reach',
])
export type CoverageState = z.infer<typeof CoverageState>

/** Why an account was not watched for a time; `before`: the office did not have the account yet, or kept no record of it. */
export const CoverageReason = z.enum([...CoverageState.exclude(['watched']).options, 'before'])
export type CoverageReason = z.infer<typeof CoverageReason>
