import type { ReadDb, WriteDb } from '../handle.ts'
import { columns, type Doc } from './doc.ts'
import { Facts, perBlock } from './facts.ts'

/**
 * The search index is cut into parts: one contentless FTS5 table each, whose rows are numbered 0, 1, 2 ... in the order in which they were
 * put in. Blocks of 128 numbers say which messages they are, of what time and account; so a search can look at the newest first in
 * whatever order mail came. See `docs/decisions/search-blocks.md`.
 */
export interface Part {
  id: number
  /** The number that the next message gets; as many rows were put in. */
  next: number
  /** Rows added since its words were last merged into one run. */
  loose: number
  /** Merging has begun. */
  merging: 0 | 1
  /** Its messages were sorted by time; nothing is added to it any more. */
  sorted: 0 | 1
}

/** A part that has this many rows takes no more. */
export const fullAt = 65_536

export function partsOf(db: ReadDb): Part[] {
  return db.all<Part>('SELECT id, next, loose, merging, sorted FROM search_part ORDER BY id')
}

export function tableOf(part: number): string {
  return `search_${part}`
}

/** A new, empty part. */
export function addPart(db: WriteDb, sorted: 0 | 1): Part {
  const id = (db.value<number>('SELECT max(id) FROM search_part') ?? 0) + 1
  db.run('INSERT INTO search_part (id, next, loose, merging, sorted) VALUES (?, 0, 0, 0, ?)', id, sorted)
  const table = tableOf(id)
  // Words come folded and parted by blanks, so the simplest tokenizer does.
  db.exec(`CREATE VIRTUAL TABLE ${table} USING fts5(${columns.join(', ')}, content='', contentless_delete=1, tokenize='ascii')`)
  // Eight runs of words are merged at a time instead of four: a quarter less work for new mail, no slower to search once tidied.
  db.run(`INSERT INTO ${table} (${table}, rank) VALUES ('automerge', 8)`)
  return { id, next: 0, loose: 0, merging: 0, sorted }
}

/** Blocks that a call changes, written together at its end. */
class Blocks {
  readonly #db: WriteDb
  readonly #open = new Map<string, { part: number; low: number; facts: Facts }>()

  constructor(db: WriteDb) {
    this.#db = db
  }

  /** The block of a number of a part. */
  of(part: number, number: number): Facts {
    const low = number - (number % perBlock)
    const key = `${part}/${low}`
    let block = this.#open.get(key)
    if (!block) {
      const stored = this.#db.value<Uint8Array>('SELECT facts FROM search_fact WHERE part_id = ? AND low = ?', part, low)
      block = { part, low, facts: new Facts(stored) }
      this.#open.set(key, block)
    }
    return block.facts
  }

  write(): void {
    if (this.#open.size === 0) return
    const stamp = (this.#db.value<number>('SELECT max(stamp) FROM search_block') ?? 0) + 1
    for (const { part, low, facts } of this.#open.values()) {
      const { first, last, rows, accounts } = facts.summary()
      this.#db.run(
        `INSERT INTO search_block (part_id, low, rows, first_id, last_id, stamp, accounts) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET rows = excluded.rows, first_id = excluded.first_id, last_id = excluded.last_id,
           stamp = excluded.stamp, accounts = excluded.accounts`,
        part,
        low,
        rows,
        first,
        last,
        stamp,
        accounts,
      )
      this.#db.run(
        'INSERT INTO search_fact (part_id, low, facts) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET facts = excluded.facts',
        part,
        low,
        facts.bytes,
      )
    }
  }
}

const insert = (part: number, replace: boolean) =>
  `INSERT ${replace ? 'OR REPLACE ' : ''}INTO ${tableOf(part)} (rowid, ${columns.join(', ')}) VALUES (CAST(? AS INTEGER)${', ?'.repeat(columns.length)})`

/**
 * Adds messages that the index does not have. Must come last in a transaction: FTS5 then keeps its words in memory until the end.
 * @param sorted Into the part that is being sorted by time, where `docs` are newer than all it has.
 */
export function addDocs(db: WriteDb, docs: readonly Doc[], full = fullAt, sorted: 0 | 1 = 0): void {
  if (docs.length === 0) return
  const blocks = new Blocks(db)
  let part = partsOf(db).findLast((one) => one.sorted === sorted && one.next < full)
  const save = ({ next, loose, id }: Part) => db.run('UPDATE search_part SET next = ?, loose = ? WHERE id = ?', next, loose, id)
  for (const doc of docs) {
    if (part && part.next >= full) {
      save(part)
      part = undefined
    }
    part ??= addPart(db, sorted)
    db.run(insert(part.id, false), part.next, ...doc.texts)
    blocks.of(part.id, part.next).put(part.next % perBlock, doc)
    part.next += 1
    part.loose += 1
  }
  if (part) save(part)
  blocks.write()
}

/** Where messages stand, by id; those that the index does not have are left out. */
function placesOf(db: ReadDb, ids: Iterable<number>): Map<number, { part: number; number: number }> {
  const list = db.all<{ part_id: number; low: number; first_id: number; last_id: number }>(
    'SELECT part_id, low, first_id, last_id FROM search_block WHERE rows > 0',
  )
  const loaded = new Map<number, Facts>()
  const places = new Map<number, { part: number; number: number }>()
  for (const id of ids) {
    for (const [at, { part_id, low, first_id, last_id }] of list.entries()) {
      if (id < first_id || id > last_id) continue
      let facts = loaded.get(at)
      if (!facts) {
        facts = new Facts(db.value<Uint8Array>('SELECT facts FROM search_fact WHERE part_id = ? AND low = ?', part_id, low))
        loaded.set(at, facts)
      }
      const offset = facts.find(id)
      if (offset < 0) continue
      places.set(id, { part: part_id, number: low + offset })
      break
    }
  }
  return places
}

/** Puts new words in the place of old ones. Messages that are still to be indexed are left to that. */
export function replaceDocs(db: WriteDb, docs: readonly Doc[]): void {
  if (docs.length === 0) return
  const places = placesOf(
    db,
    docs.map(({ id }) => id),
  )
  const blocks = new Blocks(db)
  for (const doc of docs) {
    const place = places.get(doc.id)
    if (!place) continue
    db.run(insert(place.part, true), place.number, ...doc.texts)
    blocks.of(place.part, place.number).put(place.number % perBlock, doc)
    db.run('UPDATE search_part SET loose = loose + 1 WHERE id = ?', place.part)
  }
  blocks.write()
}

/** Takes messages out. Their words are marked as gone; `disposeWords` removes them. */
export function removeDocs(db: WriteDb, ids: readonly number[]): void {
  if (ids.length === 0) return
  const blocks = new Blocks(db)
  for (const { part, number } of placesOf(db, ids).values()) {
    db.run(`DELETE FROM ${tableOf(part)} WHERE rowid = CAST(? AS INTEGER)`, number)
    blocks.of(part, number).clear(number % perBlock)
  }
  blocks.write()
}

/** Pages of the index merged in one step. */
const mergePages = 500

/** Merges the runs of words of one part into one, a few pages at a time. */
export function mergeWords(db: WriteDb, part: Part): void {
  const table = tableOf(part.id)
  const before = db.value<number>('SELECT total_changes()') ?? 0
  // A negative number starts over with every run; positive ones go on with what was started.
  db.run(
    `INSERT INTO ${table} (${table}, rank) VALUES ('merge', CAST(? AS INTEGER))`,
    part.merging === 1 ? mergePages : -mergePages,
  )
  const wrote = (db.value<number>('SELECT total_changes()') ?? 0) - before
  // FTS5 says that there is nothing left by writing nothing (one change is the command itself).
  db.run('UPDATE search_part SET merging = ?, loose = 0 WHERE id = ?', wrote < 2 ? 0 : 1, part.id)
}
