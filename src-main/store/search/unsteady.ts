import type { ReadDb } from '../handle.ts'
import type { Check } from './plan.ts'

/** What can change of a message or its conversation, and so is not in the index. */
export type Unsteady =
  | { is: 'deleted' | 'edited' | 'unread' }
  | { state: 'needs_reply' | 'waiting' | 'done' | 'snoozed' | 'open' }
  | { labels: number[] }

/** So many messages are read as a set; of more, each hit is looked up. */
const mostSmall = 5000

const shelves = { needs_reply: [0], waiting: [1], done: [2], snoozed: [3], open: [0, 1] }
/** Conditions that are each the whole of a partial index. */
const flags = {
  deleted: 'deleted_at IS NOT NULL',
  edited: 'versions > 1',
  unread: "is_read = 0 AND direction = 'inbound'",
}

/** How to find out whether that is so of a message. */
export function unsteady(db: ReadDb, what: Unsteady): Check {
  if ('is' in what) return flagged(db, what.is)
  if ('state' in what) return shelved(db, shelves[what.state])
  return labelled(db, what.labels)
}

function flagged(db: ReadDb, name: keyof typeof flags): Check {
  const few = db.column<number>(`SELECT id FROM message INDEXED BY message_${name} WHERE ${flags[name]} LIMIT ?`, mostSmall + 1)
  return checkOf(few, (slot) => db.value(`SELECT 1 FROM message WHERE slot = ? AND ${flags[name]}`, slot) === 1)
}

function shelved(db: ReadDb, wanted: number[]): Check {
  const few = fewOf(db, 'conversation c INDEXED BY conversation_shelf', 'c.id', 'c.shelf', wanted)
  const [first, second = first] = wanted
  return checkOf(few, (slot) => {
    const shelf = db.value<number>(
      'SELECT c.shelf FROM message m CROSS JOIN conversation c ON c.id = m.conversation_id WHERE m.slot = ?',
      slot,
    )
    return shelf === first || shelf === second
  })
}

function labelled(db: ReadDb, labels: number[]): Check {
  const few = fewOf(db, 'conversation_label l INDEXED BY conversation_label_shelf', 'l.conversation_id', 'l.label_id', labels)
  return checkOf(few, (slot) =>
    labels.some(
      (label) =>
        db.value(
          `SELECT 1 FROM message m CROSS JOIN conversation_label l ON l.conversation_id = m.conversation_id AND l.label_id = ?
           WHERE m.slot = ?`,
          label,
          slot,
        ) === 1,
    ),
  )
}

/** Ids of messages of the conversations that have one of some values, of each value at most one more than are read as a set. */
function fewOf(db: ReadDb, table: string, conversation: string, column: string, values: readonly number[]): number[] {
  const sql = `SELECT m.id FROM ${table} CROSS JOIN message m INDEXED BY message_conversation
     ON m.conversation_id = ${conversation} WHERE ${column} = ? LIMIT ?`
  return values.flatMap((value) => db.column<number>(sql, value, mostSmall + 1))
}

/** @param few Ids of messages of which it is true: all of them, or more than are read as a set. */
function checkOf(few: number[], has: (slot: number) => boolean): Check {
  if (few.length > mostSmall) return { has: (facts, offset) => has(facts.slots[offset] ?? 0), small: null }
  const small = new Set(few)
  return { has: (facts, offset) => small.has(facts.ids[offset] ?? 0), small: Float64Array.from(small).sort() }
}
