import { type ActId, type ConversationRow, type Instant, type Note, ProblemError } from '#shared/model/index.ts'
import { findConversation } from '../conversations.ts'
import type { WriteDb } from '../handle.ts'
import { toNumber } from '../ids.ts'
import type { LabelWrites } from '../labels.ts'
import { noteOf } from '../read/labels.ts'
import { enter, keep, save } from './acts.ts'
import { lastId } from './policy.ts'
import { Working } from './working.ts'

type Input<Name extends keyof LabelWrites> = Parameters<LabelWrites[Name]>[0]

/** The wording of a note that is to be taken back. Its words are where they were. */
export interface NoteUndo {
  kind: 'note'
  note: number
  version: number
}

/** Adds a wording, which is then the one that counts. The ledger says that and by whom, not what it says. */
function word(
  db: WriteDb,
  note: number,
  by: string,
  text: string | null,
  at: Instant,
): { version: number; conversation: Working } {
  const version = (db.value<number>('SELECT versions FROM note WHERE id = ?', note) ?? 0) + 1
  db.run('INSERT INTO note_version (note_id, version, by, at, text) VALUES (?, ?, ?, ?, ?)', note, version, by, at, text)
  db.run('UPDATE note SET versions = ?, withdrawn = ? WHERE id = ?', version, Number(text === null), note)
  const conversation = Working.load(db, db.value<number>('SELECT conversation_id FROM note WHERE id = ?', note) ?? 0)
  conversation.readMarks(db)
  enter(db, [conversation], { act: 'note', at, by, value: `${note}.${version}` })
  return { version, conversation }
}

interface Worded {
  act: ActId
  note: Note
  row: ConversationRow
}

function worded(
  db: WriteDb,
  note: number,
  identityId: Note['identityId'],
  wording: ReturnType<typeof word>,
  at: Instant,
): Worded {
  const act = keep<NoteUndo>(db, { kind: 'note', note, version: wording.version }, at)
  const [row] = save(db, [wording.conversation])
  if (!row) throw new Error('the conversation of a note is not there')
  return { act, note: noteOf(db, String(note), identityId), row }
}

export function addNote(db: WriteDb, { conversationId, identityId, by, text, at }: Input<'addNote'>): Worded {
  const found = findConversation(db, conversationId)
  if (!found) throw new ProblemError('not_found', { what: 'conversation', id: conversationId })
  if (found.identity_id !== toNumber(identityId)) throw new ProblemError('voice_mismatch', { what: 'conversation' })
  db.run(
    'INSERT INTO note (conversation_id, account_id, identity_id, versions, withdrawn) VALUES (?, ?, ?, 0, 0)',
    found.id,
    found.account_id,
    found.identity_id,
  )
  const note = lastId(db)
  return worded(db, note, identityId, word(db, note, by, text, at), at)
}

export function editNote(db: WriteDb, { id, identityId, by, text, at }: Input<'editNote'>): Worded {
  const note = Number(noteOf(db, id, identityId).id)
  return worded(db, note, identityId, word(db, note, by, text, at), at)
}

/** Gives a note the wording that it had before; one that was new is withdrawn. Nothing of it is taken out of the history. */
export function undoNote(db: WriteDb, { note, version }: NoteUndo, at: Instant): ConversationRow[] {
  // Gone with its conversation.
  if (db.value('SELECT 1 FROM note WHERE id = ?', note) !== 1) return []
  const by = db.value<string>('SELECT by FROM note_version WHERE note_id = ? AND version = ?', note, version) ?? ''
  const before = db.value<string | null>('SELECT text FROM note_version WHERE note_id = ? AND version = ?', note, version - 1)
  return save(db, [word(db, note, by, before ?? null, at).conversation])
}
