import { canonical } from '#archive/canonical.ts'
import { commit } from '#archive/commitment.ts'
import { disposalEntry, holdEntry } from '#archive/entries.ts'
import { newSalt } from '#archive/salt.ts'
import { nodeSha256 } from '#archive/sha256-node.ts'
import type { Disposal, Hold, HoldOn, Schedule } from '#shared/contract/index.ts'
import { type AccountId, type IdentityId, type Instant, ProblemError } from '#shared/model/index.ts'
import { findConversation } from '../conversations.ts'
import type { WriteDb } from '../handle.ts'
import { toNumber } from '../ids.ts'
import { ledgerOf } from '../ledgers.ts'
import { findAccount } from '../read/accounts.ts'
import { labelOf } from '../read/labels.ts'
import { disposal, holdOfMessage, holds, notDecided, removed, schedules, timeIsUp } from '../read/retention.ts'
import type { RetentionWrites } from '../retention.ts'
import { enterPolicy, identityOf, lastId } from './policy.ts'

type Input<Name extends keyof RetentionWrites> = Parameters<RetentionWrites[Name]>[0]

/** Entries that one entry of the ledger names; a larger disposal makes several. */
const mostNamed = 5000

/** Handles are compared as the people of an office are. */
const plainHandle = (handle: string): string => handle.trim().toLowerCase()

/** Where a hold is, as columns. @throws `not_found`, `voice_mismatch`. */
function whereOf(db: WriteDb, identityId: IdentityId, on: HoldOn) {
  const where = { account: null as number | null, conversation: null as number | null, handle: null as string | null }
  if (on.scope === 'account') where.account = accountOf(db, identityId, on.accountId)
  if (on.scope === 'conversation') {
    const found = findConversation(db, on.conversationId)
    if (!found) throw new ProblemError('not_found', { what: 'conversation', id: on.conversationId })
    if (found.identity_id !== toNumber(identityId)) throw new ProblemError('voice_mismatch', { what: 'conversation' })
    where.account = found.account_id
    where.conversation = found.id
  }
  if (on.scope === 'person') {
    if (on.handle === null) throw new ProblemError('bad_request', { detail: 'a hold on a person names their address' })
    where.handle = plainHandle(on.handle)
  }
  return where
}

function accountOf(db: WriteDb, identityId: IdentityId, id: AccountId): number {
  const account = findAccount(db, id)
  if (!account) throw new ProblemError('not_found', { what: 'account', id })
  if (account.identityId !== identityId) throw new ProblemError('voice_mismatch', { what: 'account' })
  return toNumber(id)
}

export function setHold(db: WriteDb, { identityId, by, at, on, reason }: Input<'setHold'>): Hold {
  const identity = identityOf(db, identityId)
  const { account, conversation, handle } = whereOf(db, identityId, on)
  const salt = newSalt()
  const detail = canonical({ account, conversation, handle, reason, scope: on.scope })
  db.run(
    `INSERT INTO hold (identity_id, scope, account_id, conversation_id, handle, reason, set_by, set_at, salt, detail)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    identity,
    on.scope,
    account,
    conversation,
    handle,
    reason,
    by,
    at,
    salt,
    detail,
  )
  const id = String(lastId(db))
  const commitment = commit(nodeSha256, salt, detail)
  ledgerOf(db, identity).append((seq) => holdEntry({ action: 'set', at, by, commitment, hold: id, seq }))
  return holdOf(db, identityId, id)
}

function holdOf(db: WriteDb, identityId: IdentityId, id: string): Hold {
  const owner = db.value<number>('SELECT identity_id FROM hold WHERE id = ?', Number(id))
  if (owner === undefined) throw new ProblemError('not_found', { what: 'hold', id })
  const found = owner === toNumber(identityId) ? holds(db, identityId, true).find((hold) => hold.id === id) : undefined
  if (!found) throw new ProblemError('voice_mismatch', { what: 'hold' })
  return found
}

export function liftHold(db: WriteDb, { identityId, id, by, at, reason }: Input<'liftHold'>): Hold {
  if (holdOf(db, identityId, id).lifted !== null) throw new ProblemError('not_found', { what: 'hold', id })
  const salt = newSalt()
  db.run(
    'UPDATE hold SET lifted_by = ?, lifted_at = ?, lifted_reason = ?, lifted_salt = ? WHERE id = ?',
    by,
    at,
    reason,
    salt,
    Number(id),
  )
  const commitment = commit(nodeSha256, salt, canonical({ reason }))
  ledgerOf(db, toNumber(identityId)).append((seq) => holdEntry({ action: 'lifted', at, by, commitment, hold: id, seq }))
  return holdOf(db, identityId, id)
}

export function setSchedule(db: WriteDb, input: Input<'setSchedule'>): Schedule {
  const { identityId, by, at, network, kind, labelId, days } = input
  const identity = identityOf(db, identityId)
  const label = labelId === null ? null : labelOf(db, labelId, identityId).id
  db.run(
    'DELETE FROM schedule WHERE identity_id = ? AND network IS ? AND kind IS ? AND label_id IS ?',
    identity,
    network,
    kind,
    label,
  )
  db.run(
    'INSERT INTO schedule (identity_id, network, kind, label_id, days, set_by, set_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
    identity,
    network,
    kind,
    label,
    days,
    by,
    at,
  )
  const id = String(lastId(db))
  const said = { action: 'set', days, kind, label: labelId, network, schedule: id }
  enterPolicy(db, identity, { at, by, what: 'schedule' }, said)
  const made = schedules(db, identityId).find((schedule) => schedule.id === id)
  if (!made) throw new Error('the schedule that was made is not there')
  return made
}

export function clearSchedule(db: WriteDb, { identityId, id, by, at }: Input<'clearSchedule'>): void {
  const owner = db.value<number>('SELECT identity_id FROM schedule WHERE id = ?', Number(id))
  if (owner === undefined) throw new ProblemError('not_found', { what: 'schedule', id })
  if (owner !== toNumber(identityId)) throw new ProblemError('voice_mismatch', { what: 'schedule' })
  db.run('DELETE FROM schedule WHERE id = ?', Number(id))
  enterPolicy(db, owner, { at, by, what: 'schedule' }, { action: 'cleared', schedule: id })
}

/** Messages by whoever has an address. Takes the address. */
const byPerson = `m.person_id IN (SELECT x.person_id FROM handle x WHERE x.identity_id = m.identity_id AND x.handle = ?)`

export function proposeDisposal(db: WriteDb, input: Input<'proposeDisposal'>): Disposal {
  const { identityId, by, at, handle, reason, dueAt } = input
  const identity = identityOf(db, identityId)
  const cause = handle === null ? 'schedule' : 'erasure'
  const rule = handle === null ? ruleOf(schedules(db, identityId)) : 'erasure request of a person'
  const plain = handle === null ? null : plainHandle(handle)
  db.run(
    `INSERT INTO disposal (identity_id, cause, state, rule, handle, reason, proposed_by, proposed_at, due_at)
     VALUES (?, ?, 'proposed', ?, ?, ?, ?, ?, ?)`,
    identity,
    cause,
    rule,
    plain,
    reason,
    by,
    at,
    dueAt,
  )
  const id = lastId(db)
  db.run(
    `INSERT INTO disposal_item (disposal_id, message_id, identity_id, hold_id)
     SELECT ?, m.id, m.identity_id, ${holdOfMessage} FROM message m JOIN account a ON a.id = m.account_id
     WHERE m.identity_id = ? AND ${plain === null ? timeIsUp : byPerson} AND ${notDecided}`,
    id,
    identity,
    plain ?? at,
  )
  const made = disposal(db, identityId, String(id))
  if (made.going + made.kept === 0) throw new ProblemError('disposal_nothing')
  const named = db.column<number>(
    `SELECT r.seq FROM disposal_item i JOIN record r ON r.message_id = i.message_id
     WHERE i.disposal_id = ? AND i.hold_id IS NULL ORDER BY r.seq`,
    id,
  )
  enterPolicy(db, identity, { at, by, what: 'disposal.proposed' }, { cause, disposal: String(id), dueAt, entries: named, rule })
  return made
}

function ruleOf(all: Schedule[]): string {
  const words = all.map(
    ({ network, kind, labelId, days }) =>
      `${[network, kind, labelId && `label ${labelId}`].filter((part) => part !== null).join(' ') || 'all'} ${days} days`,
  )
  return `schedules: ${words.join(', ')}`
}

/** Names are the same person's when only case, width or blanks differ. */
const plainName = (name: string): string => name.normalize('NFKC').trim().replace(/\s+/gu, ' ').toLowerCase()

export function approveDisposal(db: WriteDb, { identityId, id, by, at }: Input<'approveDisposal'>): Disposal {
  const found = disposal(db, identityId, id)
  if (found.state !== 'proposed') throw new ProblemError('disposal_closed', { state: found.state })
  if (plainName(found.proposed.by) === plainName(by)) throw new ProblemError('disposal_same_person', { by })
  db.run("UPDATE disposal SET state = 'approved', approved_by = ?, approved_at = ? WHERE id = ?", by, at, Number(id))
  enterPolicy(db, toNumber(identityId), { at, by, what: 'disposal.approved' }, { disposal: id })
  return disposal(db, identityId, id)
}

export function withdrawDisposal(db: WriteDb, { identityId, id, by, at }: Input<'withdrawDisposal'>): Disposal {
  const found = disposal(db, identityId, id)
  if (found.state !== 'proposed' && found.state !== 'approved') throw new ProblemError('disposal_closed', { state: found.state })
  db.run(
    "UPDATE disposal SET state = 'withdrawn', withdrawn_by = ?, withdrawn_at = ?, handle = NULL WHERE id = ?",
    by,
    at,
    Number(id),
  )
  enterPolicy(db, toNumber(identityId), { at, by, what: 'disposal.withdrawn' }, { disposal: id })
  return disposal(db, identityId, id)
}

export function finishDisposal(db: WriteDb, { identityId, id, at, certificate, hash }: Input<'finishDisposal'>): Disposal {
  const { disposal: found, entries } = removed(db, identityId, id)
  if (found.state === 'done') return found
  if (found.state !== 'removed') throw new ProblemError('disposal_closed', { state: found.state })
  const ledger = ledgerOf(db, toNumber(identityId))
  const first = ledger.size
  for (let from = 0; from === 0 || from < entries.length; from += mostNamed)
    ledger.append((seq) =>
      disposalEntry({
        approvedBy: found.approved?.by ?? '',
        at,
        certificate: hash,
        disposal: id,
        entries: entries.slice(from, from + mostNamed),
        proposedBy: found.proposed.by,
        rule: found.rule,
        seq,
      }),
    )
  db.run(
    "UPDATE disposal SET state = 'done', done_at = ?, certificate = ?, seq = ? WHERE id = ?",
    at,
    certificate,
    first,
    Number(id),
  )
  return disposal(db, identityId, id)
}

export function noteBackup(db: WriteDb, file: string, at: Instant): void {
  db.run('INSERT INTO backup_made (made_at, file) VALUES (?, ?)', at, file)
}
