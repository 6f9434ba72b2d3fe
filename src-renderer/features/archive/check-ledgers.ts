import type { Client } from '#shared/contract/client.ts'
import type { LedgerFault, LedgerStep } from '#shared/contract/index.ts'
import type { IdentityId } from '#shared/model/index.ts'

/** What the check of one ledger found. */
export interface LedgerVerdict {
  identityId: IdentityId
  entries: number
  records: number
  /** Of the records that were hashed. */
  bytes: number
  /** The first ones; `more` were found. */
  faults: LedgerFault[]
  more: number
}

/** How far a check is, in entries. */
export interface CheckProgress {
  identityId: IdentityId
  done: number
  total: number
}

/** Faults of one ledger that are kept for showing. A ledger that is wholly gone has one for each entry. */
const MOST_FAULTS = 20

/**
 * Checks ledgers and their records, one after the other, in steps.
 * @param tell Called after each step.
 * @returns null when it was stopped.
 */
export async function checkLedgers(
  archive: Pick<Client['archive'], 'verify'>,
  identityIds: readonly IdentityId[],
  tell: (progress: CheckProgress) => void,
  signal: AbortSignal,
): Promise<LedgerVerdict[] | null> {
  const verdicts: LedgerVerdict[] = []
  for (const identityId of identityIds) {
    const faults: LedgerFault[] = []
    let found = 0
    let step: LedgerStep | null = null
    while (!step?.done) {
      if (signal.aborted) return null
      step = await archive.verify({ identityId, carry: step?.carry ?? null, payloads: true })
      found += step.faults.length
      faults.push(...step.faults.slice(0, MOST_FAULTS - faults.length))
      tell({ identityId, done: step.carry.next, total: step.carry.size })
    }
    const { size, captures, bytes } = step.carry
    verdicts.push({ identityId, entries: size, records: captures, bytes, faults, more: found - faults.length })
  }
  return signal.aborted ? null : verdicts
}
