import type { AccountId } from '#shared/model/index.ts'
import { ProblemError } from '#shared/model/index.ts'
import type { WriteDb } from '../handle.ts'
import { toNumber } from '../ids.ts'
import { findAccount } from '../read/accounts.ts'
import type { StoredAccount, WriteMethods } from '../store.ts'
import { beginCoverage } from './coverage.ts'

function find(db: WriteDb, id: AccountId): StoredAccount {
  const account = findAccount(db, id)
  if (!account) throw new ProblemError('not_found', { what: 'account', id })
  return account
}

export const addAccount = (db: WriteDb, input: Parameters<WriteMethods['addAccount']>[0]): StoredAccount => {
  const identityId = toNumber(input.identityId)
  if (db.value('SELECT 1 FROM identity WHERE id = ?', identityId) !== 1) {
    throw new ProblemError('not_found', { what: 'identity', id: input.identityId })
  }
  db.run(
    'INSERT INTO account (identity_id, network, label, address, settings, status, paused) VALUES (?, ?, ?, ?, ?, ?, 0)',
    identityId,
    input.settings.network,
    input.label,
    input.address,
    JSON.stringify(input.settings),
    JSON.stringify(input.status),
  )
  const id = db.value<number>('SELECT last_insert_rowid()') ?? 0
  db.run('INSERT INTO badge (account_id, identity_id) VALUES (?, ?)', id, identityId)
  beginCoverage(db, id, identityId, input.status.since)
  return find(db, String(id) as AccountId)
}

export const updateAccount = (db: WriteDb, input: Parameters<WriteMethods['updateAccount']>[0]): StoredAccount => {
  const now = find(db, input.id)
  if (now.identityId !== input.identityId) throw new ProblemError('voice_mismatch', { what: 'account' })
  if (input.settings && input.settings.network !== now.network) {
    throw new ProblemError('bad_request', { detail: 'an account stays on its network' })
  }
  const next = { ...now, ...input }
  db.run(
    'UPDATE account SET label = ?, address = ?, settings = ?, status = ?, paused = ? WHERE id = ?',
    next.label,
    next.address,
    JSON.stringify(next.settings),
    JSON.stringify(next.status),
    next.paused ? 1 : 0,
    toNumber(input.id),
  )
  return find(db, input.id)
}
