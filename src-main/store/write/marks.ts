import type { WriteDb } from '../handle.ts'

/** Columns of what puts a label on conversation `c`, as it is in the database now; `label_id` comes first. */
const fromConversation = 'c.id, c.account_id, c.identity_id, c.shelf, c.key, c.unread FROM conversation c'
const into = 'INSERT INTO conversation_label (label_id, conversation_id, account_id, identity_id, shelf, key, unread)'

/** Puts a label on a conversation. @returns whether it did not have it. */
export function putLabel(db: WriteDb, label: number, conversation: number): boolean {
  return db.run(`${into} SELECT ?, ${fromConversation} WHERE c.id = ? ON CONFLICT DO NOTHING`, label, conversation) > 0
}

/** Takes a label off a conversation. @returns whether it had it. */
export function takeLabel(db: WriteDb, label: number, conversation: number): boolean {
  return db.run('DELETE FROM conversation_label WHERE label_id = ? AND conversation_id = ?', label, conversation) > 0
}

/** Gives the labels of one conversation to another of the same account. */
export function moveLabels(db: WriteDb, from: number, to: number): void {
  const labels = db.column<number>('SELECT label_id FROM conversation_label WHERE conversation_id = ?', from)
  for (const label of labels) {
    putLabel(db, label, to)
    takeLabel(db, label, from)
  }
}

/** Removes the notes on a conversation with every wording: possible only while a disposal of its identity is carried out. */
export function dropNotes(db: WriteDb, conversation: number): void {
  db.run('DELETE FROM note_version WHERE note_id IN (SELECT id FROM note WHERE conversation_id = ?)', conversation)
  db.run('DELETE FROM note WHERE conversation_id = ?', conversation)
}
