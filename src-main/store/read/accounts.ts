import { type AccountId, AccountSettings, AccountStatus, type IdentityId, Network } from '#shared/model/index.ts'
import type { ReadDb } from '../handle.ts'
import { toNumber } from '../ids.ts'
import type { StoredAccount } from '../store.ts'

interface AccountRow {
  id: number
  identity_id: number
  network: string
  label: string
  address: string
  settings: string
  status: string
  paused: number
}

function toAccount(row: AccountRow): StoredAccount {
  return {
    id: String(row.id) as AccountId,
    identityId: String(row.identity_id) as IdentityId,
    network: Network.parse(row.network),
    label: row.label,
    address: row.address,
    settings: AccountSettings.parse(JSON.parse(row.settings)),
    status: AccountStatus.parse(JSON.parse(row.status)),
    paused: row.paused === 1,
  }
}

const select = 'SELECT id, identity_id, network, label, address, settings, status, paused FROM account'

export function accounts(db: ReadDb): StoredAccount[] {
  return db.all<AccountRow>(`${select} ORDER BY id`).map(toAccount)
}

/** One account, or null. */
export function findAccount(db: ReadDb, id: AccountId): StoredAccount | null {
  const row = db.get<AccountRow>(`${select} WHERE id = ?`, toNumber(id))
  return row ? toAccount(row) : null
}
