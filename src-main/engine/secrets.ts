import type { AccountId, IdentityId } from '#shared/model/index.ts'

/** Name under which an account's password or tokens are kept. */
export const accountSecret = (id: AccountId): string => `account:${id}`
/** Name under which the key that signs an identity's ledger is kept. */
export const ledgerSecret = (id: IdentityId): string => `ledger:${id}`
/** Name under which the key of the office's database is kept. */
export const OFFICE_KEY = 'office-key'
