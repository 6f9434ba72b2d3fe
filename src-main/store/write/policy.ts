import { canonical, type Json } from '#archive/canonical.ts'
import { commit } from '#archive/commitment.ts'
import { policyEntry } from '#archive/entries.ts'
import { newSalt } from '#archive/salt.ts'
import { nodeSha256 } from '#archive/sha256-node.ts'
import { type IdentityId, type Instant, ProblemError } from '#shared/model/index.ts'
import type { WriteDb } from '../handle.ts'
import { toNumber } from '../ids.ts'
import { ledgerOf } from '../ledgers.ts'

/** The number of an identity that there is. @throws `not_found` */
export function identityOf(db: WriteDb, id: IdentityId): number {
  const number = toNumber(id)
  if (db.value('SELECT 1 FROM identity WHERE id = ?', number) !== 1) throw new ProblemError('not_found', { what: 'identity', id })
  return number
}

/** Enters a change of a rule into the ledger, as a commitment; what it says is kept beside it. */
export function enterPolicy(db: WriteDb, identity: number, entry: { at: Instant; by: string; what: string }, said: Json): void {
  const salt = newSalt()
  const detail = canonical(said)
  const commitment = commit(nodeSha256, salt, detail)
  const seq = ledgerOf(db, identity).append((seq) => policyEntry({ ...entry, commitment, seq }))
  db.run('INSERT INTO policy (identity_id, seq, salt, detail) VALUES (?, ?, ?, ?)', identity, seq, salt, detail)
}

/** The id of the row that was added last. */
export const lastId = (db: WriteDb): number => db.value<number>('SELECT last_insert_rowid()') ?? 0
