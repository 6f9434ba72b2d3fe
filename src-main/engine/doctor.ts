import type { Secrets } from '#ports/index.ts'
import type { DoctorFinding } from '#shared/contract/index.ts'
import { type Account, describeProblem } from '#shared/model/index.ts'
import { keyCheck, readOffice } from '#store/office.ts'
import { checkDisk, checkLock } from '#store/premises.ts'
import type { Engine } from './engine.ts'
import { OFFICE_KEY } from './secrets.ts'

/** Checks the whole office: the database against itself, its key, its lock, its disk and its accounts. Changes nothing. */
export async function examine({ store, ports, accounts }: Engine): Promise<DoctorFinding[]> {
  const dir = ports.paths.office
  return [
    ...(await store.read.doctor()),
    await checkKey(dir, ports.secrets),
    checkLock(dir),
    await checkDisk(dir),
    checkAccounts(accounts.list()),
  ]
}

/** Whether the key that is kept is the one that the next start needs, and lies where others cannot get at it. */
async function checkKey(dir: string, secrets: Secrets): Promise<DoctorFinding> {
  const { ok, detail } = await secrets.look()
  if (!ok) return { check: 'key', ok, detail }
  const kept = await secrets.get(OFFICE_KEY)
  const wanted = readOffice(dir)?.keyCheck ?? null
  const lost = 'keep this office open and make a copy of what you need: it could not be opened again'
  if (kept === null) return { check: 'key', ok: false, detail: `${detail}: there is none; ${lost}` }
  if (keyCheck(Buffer.from(kept, 'base64')) !== wanted)
    return { check: 'key', ok: false, detail: `${detail}: it does not fit; ${lost}` }
  return { check: 'key', ok: true, detail }
}

/** How every account is: only those that a person should look at are named. */
function checkAccounts(accounts: Account[]): DoctorFinding {
  const faults = accounts.flatMap((account) => {
    const fault = faultOf(account)
    return fault === null ? [] : [`${account.label} (${account.network}) ${fault}`]
  })
  if (faults.length > 0) return { check: 'accounts', ok: false, detail: faults.join('; ') }
  const paused = accounts.filter(({ status }) => status.phase === 'paused').length
  const fresh = accounts.filter(({ status }) => status.phase !== 'paused' && status.lastSyncAt === null).length
  const parts = [`${accounts.length - paused - fresh} in order`]
  if (fresh > 0) parts.push(`${fresh} not synced to the end yet`)
  if (paused > 0) parts.push(`${paused} paused by a person`)
  return { check: 'accounts', ok: true, detail: parts.join(', ') }
}

function faultOf({ status }: Account): string | null {
  if (status.reason === null) return null
  const reason = describeProblem(status.reason)
  const since = status.lastSyncAt === null ? 'never in order yet' : `last in order ${status.lastSyncAt}`
  if (status.phase === 'needs_login') return `needs a sign-in, ${since}: ${reason}`
  if (status.phase === 'paused') return `stopped, ${since}: ${reason}`
  if (status.phase === 'live') return `is in step, but: ${reason}`
  return `fails, ${since}: ${reason}`
}
