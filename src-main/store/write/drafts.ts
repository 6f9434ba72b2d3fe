import { type Draft, type DraftId, MOST_DRAFTS, ProblemError } from '#shared/model/index.ts'
import type { DraftWrites, NewDraft } from '../drafts.ts'
import type { WriteDb } from '../handle.ts'
import { toNumber } from '../ids.ts'
import { draft } from '../read/drafts.ts'
import { lastId } from './policy.ts'

type Input<Name extends keyof DraftWrites> = Parameters<DraftWrites[Name]>[0]

/** A draft of that identity. @throws `not_found`, `voice_mismatch` */
function ownDraft(db: WriteDb, { id, identityId }: { id: DraftId; identityId: Draft['identityId'] }): Draft {
  const found = draft(db, id)
  if (!found) throw new ProblemError('not_found', { what: 'draft', id })
  if (found.identityId !== identityId) throw new ProblemError('voice_mismatch', { what: 'draft' })
  return found
}

/** @throws what `addDraft` throws. */
function requireOwner(db: WriteDb, { identityId, accountId, target }: NewDraft): void {
  const identity = toNumber(identityId)
  const owner = db.value<number>('SELECT identity_id FROM account WHERE id = ?', toNumber(accountId))
  if (owner === undefined) throw new ProblemError('not_found', { what: 'account', id: accountId })
  if (owner !== identity) throw new ProblemError('voice_mismatch', { what: 'account' })
  if (target !== null) {
    const account = db.value<number>('SELECT account_id FROM message WHERE id = ?', toNumber(target))
    if (account === undefined) throw new ProblemError('not_found', { what: 'message', id: target })
    if (account !== toNumber(accountId)) throw new ProblemError('voice_mismatch', { what: 'message' })
  }
  const count = db.value<number>('SELECT count(*) FROM draft WHERE identity_id = ?', identity) ?? 0
  if (count >= MOST_DRAFTS) throw new ProblemError('bad_request', { detail: `an identity has at most ${MOST_DRAFTS} drafts` })
}

export function addDraft(db: WriteDb, input: NewDraft): Draft {
  requireOwner(db, input)
  const { identityId, accountId, target, words, by, at } = input
  db.run(
    'INSERT INTO draft (account_id, identity_id, target_id, words, version, by, saved_at) VALUES (?, ?, ?, ?, 1, ?, ?)',
    toNumber(accountId),
    toNumber(identityId),
    target === null ? null : toNumber(target),
    JSON.stringify(words),
    by,
    at,
  )
  return ownDraft(db, { id: String(lastId(db)) as DraftId, identityId })
}

export function saveDraft(db: WriteDb, { id, identityId, version, words, by, at }: Input<'saveDraft'>): Draft {
  const before = ownDraft(db, { id, identityId })
  if (before.version !== version) throw new ProblemError('draft_changed', { by: before.by })
  db.run(
    'UPDATE draft SET words = ?, version = version + 1, by = ?, saved_at = ? WHERE id = ?',
    JSON.stringify(words),
    by,
    at,
    toNumber(id),
  )
  return ownDraft(db, { id, identityId })
}

export function discardDraft(db: WriteDb, input: Input<'discardDraft'>): Draft {
  const found = ownDraft(db, input)
  db.run('DELETE FROM draft WHERE id = ?', toNumber(input.id))
  return found
}
