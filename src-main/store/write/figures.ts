import { canonical } from '#archive/canonical.ts'
import type { AccountId, IdentityId, Instant, MessageId, Network, Profile, SendLimits } from '#shared/model/index.ts'
import type { WriteDb } from '../handle.ts'
import { toNumber } from '../ids.ts'
import type { OutboxWrites, StoreMetrics, StoreProfile } from '../outbox.ts'
import { pack } from '../packs.ts'
import { findAccount } from '../read/accounts.ts'
import { plainHandle } from '../read/figures.ts'
import type { StoreBatch } from '../store.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
/** When own messages are read again: so long after they appeared, in ms. */
const rereadAfter: readonly number[] = [5 * MINUTE, 60 * MINUTE, DAY, 7 * DAY, 30 * DAY]
/** Counts alone make a snapshot only this long after the last one. */
const SNAPSHOT_MS = DAY

export function setLimits(db: WriteDb, accountId: AccountId, limits: SendLimits, at: Instant): void {
  db.run(
    `INSERT INTO account_limits (account_id, limits, at) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET limits = excluded.limits, at = excluded.at`,
    toNumber(accountId),
    canonical(limits),
    at,
  )
}

/** Keeps what a batch brought beside messages. */
export function addFigures(db: WriteDb, batch: StoreBatch, accountId: number, identityId: number): void {
  for (const profile of batch.profiles ?? []) keepProfile(db, identityId, batch.network, profile)
  for (const metrics of batch.metrics ?? []) keepMetrics(db, accountId, metrics)
}

export function addProfile(db: WriteDb, { accountId, identityId, profile }: Parameters<OutboxWrites['addProfile']>[0]): void {
  const network = networkFor(db, accountId, identityId)
  if (network !== null) keepProfile(db, toNumber(identityId), network, profile)
}

function networkFor(db: WriteDb, accountId: AccountId, identityId: IdentityId): Network | null {
  const account = findAccount(db, accountId)
  return account?.identityId === identityId ? account.network : null
}

/** Everything of a profile that is no figure. */
function saidOf({ at: _at, counts: _counts, ...said }: Profile): string {
  return canonical(said)
}

function keepProfile(db: WriteDb, identity: number, network: Network, { profile, raw, mediaType, endpoint }: StoreProfile): void {
  const handle = plainHandle(profile.handle)
  if (handle === '') return
  const last = db.get<{ id: number; at: string; profile: string }>(
    'SELECT id, at, profile FROM profile WHERE identity_id = ? AND network = ? AND handle = ? ORDER BY id DESC LIMIT 1',
    identity,
    network,
    handle,
  )
  const same = last !== undefined && saidOf(JSON.parse(last.profile) as Profile) === saidOf(profile)
  if (last && same && Date.parse(profile.at) - Date.parse(last.at) < SNAPSHOT_MS) {
    db.run('UPDATE profile SET seen_at = max(seen_at, ?) WHERE id = ?', profile.at, last.id)
    return
  }
  const { codec, size, content } = pack(raw)
  db.run(
    `INSERT INTO profile (identity_id, network, handle, at, seen_at, profile, media_type, endpoint, codec, size, content)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    identity,
    network,
    handle,
    profile.at,
    profile.at,
    canonical(profile),
    mediaType,
    endpoint,
    codec,
    size,
    content,
  )
}

function keepMetrics(db: WriteDb, accountId: number, { remoteId, at, counts }: StoreMetrics): void {
  const message =
    remoteId === null
      ? null
      : db.value<number>('SELECT id FROM message WHERE account_id = ? AND remote_id = ?', accountId, remoteId)
  // Of a message that the office does not have.
  if (message === undefined) return
  const said = canonical(counts)
  const last =
    message === null
      ? db.value<string>(
          'SELECT counts FROM metric WHERE account_id = ? AND message_id IS NULL ORDER BY id DESC LIMIT 1',
          accountId,
        )
      : db.value<string>('SELECT counts FROM metric WHERE message_id = ? ORDER BY id DESC LIMIT 1', message)
  if (last === said) return
  db.run('INSERT INTO metric (account_id, message_id, at, counts) VALUES (?, ?, ?, ?)', accountId, message, at, said)
}

/** The first time to read a message again that is still to come, and its number; null when all are over. */
function nextReread(at: Instant, now: Instant): { step: number; due: Instant } | null {
  const step = rereadAfter.findIndex((after) => Date.parse(at) + after > Date.parse(now))
  const after = rereadAfter[step]
  return after === undefined ? null : { step, due: new Date(Date.parse(at) + after).toISOString() }
}

/** Has new own messages of a batch read again from time to time. */
export function planRereads(
  db: WriteDb,
  batch: StoreBatch,
  accountId: number,
  fresh: readonly { id: number; message: { direction: string; at: Instant; quiet?: boolean } }[],
): void {
  if (batch.origin === 'file') return
  for (const { id, message } of fresh) {
    if (message.direction !== 'outbound' || message.quiet) continue
    const next = nextReread(message.at, batch.capturedAt)
    if (next)
      db.run('INSERT INTO reread (message_id, account_id, step, due_at) VALUES (?, ?, ?, ?)', id, accountId, next.step, next.due)
  }
}

export function rereadDone(db: WriteDb, ids: MessageId[], at: Instant): void {
  for (const id of ids) {
    const number = toNumber(id)
    const appeared = db.value<string>('SELECT at FROM message WHERE id = ? AND deleted_at IS NULL', number)
    const next = appeared === undefined ? null : nextReread(appeared, at)
    if (next === null) db.run('DELETE FROM reread WHERE message_id = ?', number)
    else db.run('UPDATE reread SET step = ?, due_at = ? WHERE message_id = ?', next.step, next.due, number)
  }
}
