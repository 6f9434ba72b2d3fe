import { type ConversationId, type IdentityId, Label, type LabelId, Note, ProblemError } from '#shared/model/index.ts'
import type { ReadDb } from '../handle.ts'
import { toNumber } from '../ids.ts'

/** A label as the database has it. */
export interface LabelRecord {
  id: number
  identity_id: number
  kind: string
  name: string
  folded: string
  color: string
}

export function toLabel({ id, identity_id, kind, name, color }: LabelRecord): Label {
  return Label.parse({ id: String(id), identityId: String(identity_id), kind, name, color })
}

export function labels(db: ReadDb, identityId: IdentityId | null): Label[] {
  const where = identityId === null ? '' : 'WHERE identity_id = ?'
  return db
    .all<LabelRecord>(
      `SELECT id, identity_id, kind, name, folded, color FROM label ${where} ORDER BY identity_id, kind, folded`,
      ...(identityId === null ? [] : [toNumber(identityId)]),
    )
    .map(toLabel)
}

/** A label that an act names together with its identity. @throws `not_found`, `voice_mismatch` */
export function labelOf(db: ReadDb, id: LabelId, identityId: IdentityId): LabelRecord {
  const found = db.get<LabelRecord & object>(
    'SELECT id, identity_id, kind, name, folded, color FROM label WHERE id = ?',
    toNumber(id),
  )
  if (!found) throw new ProblemError('not_found', { what: 'label', id })
  if (found.identity_id !== toNumber(identityId)) throw new ProblemError('voice_mismatch', { what: 'label' })
  return found
}

/** Notes of one conversation that are shown, and wordings of one note. */
const mostNotes = 500
const mostVersions = 100

interface NoteRow {
  id: number
  conversation_id: number
  identity_id: number
}

export function notes(db: ReadDb, conversationId: ConversationId): Note[] {
  const number = toNumber(conversationId)
  const into = db.value<number>('SELECT into_id FROM merged WHERE id = ?', number)
  return db
    .all<NoteRow>(
      'SELECT id, conversation_id, identity_id FROM note WHERE conversation_id = ? ORDER BY id DESC LIMIT ?',
      into ?? number,
      mostNotes,
    )
    .reverse()
    .map((row) => toNote(db, row))
}

/** One note with its wordings. @throws `not_found`, `voice_mismatch` */
export function noteOf(db: ReadDb, id: string, identityId: IdentityId): Note {
  const row = db.get<NoteRow & object>('SELECT id, conversation_id, identity_id FROM note WHERE id = ?', Number(id))
  if (!row) throw new ProblemError('not_found', { what: 'note', id })
  if (row.identity_id !== toNumber(identityId)) throw new ProblemError('voice_mismatch', { what: 'note' })
  return toNote(db, row)
}

function toNote(db: ReadDb, { id, conversation_id, identity_id }: NoteRow): Note {
  const versions = db
    .all<{ version: number; by: string; at: string; text: string | null }>(
      'SELECT version, by, at, text FROM note_version WHERE note_id = ? ORDER BY version DESC LIMIT ?',
      id,
      mostVersions,
    )
    .reverse()
  return Note.parse({ id: String(id), conversationId: String(conversation_id), identityId: String(identity_id), versions })
}
