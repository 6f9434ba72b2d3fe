import type { Identity } from '#shared/model/index.ts'
import { ProblemError } from '#shared/model/index.ts'
import type { WriteDb } from '../handle.ts'
import { toNumber } from '../ids.ts'
import { identities } from '../read/identities.ts'
import type { WriteMethods } from '../store.ts'

function find(db: WriteDb, id: string): Identity {
  const identity = identities(db).find((candidate) => candidate.id === id)
  if (!identity) throw new ProblemError('not_found', { what: 'identity', id })
  return identity
}

export const addIdentity = (db: WriteDb, input: Parameters<WriteMethods['addIdentity']>[0]): Identity => {
  db.run(
    'INSERT INTO identity (name, voice, shape, color) VALUES (?, ?, ?, ?)',
    input.name,
    input.voice,
    input.shape,
    input.color,
  )
  return find(db, String(db.value<number>('SELECT last_insert_rowid()')))
}

/** Changes how an identity is shown; its voice never changes. */
export const updateIdentity = (db: WriteDb, input: Parameters<WriteMethods['updateIdentity']>[0]): Identity => {
  db.run(
    'UPDATE identity SET name = ?, shape = ?, color = ?, signature = coalesce(?, signature) WHERE id = ?',
    input.name,
    input.shape,
    input.color,
    input.signature ?? null,
    toNumber(input.id),
  )
  return find(db, input.id)
}
