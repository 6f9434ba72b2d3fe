import type { ReadDb, WriteDb } from '../handle.ts'

/**
 * The search index is cut by time: one contentless FTS5 table per range of message ids, so that a search for the newest
 * hits stops after one or two of them. Ranges touch: each goes from its `low` to the next one's. See
 * `docs/decisions/search-partitions.md`.
 */
export interface Partition {
  id: number
  /** Ids from here on, up to the next partition's `low`. */
  low: number
  rows: number
  first_id: number
  last_id: number
  /** Rows added since its words were last merged into one run. */
  loose: number
}

/** What is looked up of a message. `f` holds what never changes: tokens for account, identity and voice. */
export interface Doc {
  id: number
  who: string
  subject: string
  body: string
  f: string
}

/** A partition that reached this many rows takes no more at its ends. */
export const fullAt = 65_536
/** Longer texts are looked up by their beginning. */
const mostText = 1_000_000

/** The tables by time, newest first. */
export function partitions(db: ReadDb): Partition[] {
  return db.all<Partition>('SELECT id, low, rows, first_id, last_id, loose FROM search_partition ORDER BY low DESC')
}

export function tableOf(partition: { id: number }): string {
  return `search_${partition.id}`
}

/** A new, empty part of the index from `low` on. */
export function addPartition(db: WriteDb, low: number): Partition {
  const id = (db.value<number>('SELECT max(id) FROM search_partition') ?? 0) + 1
  db.run('INSERT INTO search_partition (id, low, rows, first_id, last_id, loose, merging) VALUES (?, ?, 0, 0, 0, 0, 0)', id, low)
  db.exec(
    `CREATE VIRTUAL TABLE ${tableOf({ id })} USING fts5(who, subject, body, f, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2')`,
  )
  // Eight runs of words are merged at a time instead of four: a quarter less work for new mail, no slower to search once tidied.
  db.run(`INSERT INTO ${tableOf({ id })} (${tableOf({ id })}, rank) VALUES ('automerge', 8)`)
  return { id, low, rows: 0, first_id: 0, last_id: 0, loose: 0 }
}

/** The partitions while a call adds to them, newest first. */
class Index {
  readonly #db: WriteDb
  readonly #list: Partition[]
  readonly #full: number
  constructor(db: WriteDb, full: number) {
    this.#db = db
    this.#full = full
    this.#list = partitions(db)
    if (this.#list.length === 0) this.#list.push(addPartition(db, 0))
  }

  /** The partition for an id. A full one is left as it is where the id lies outside of what it holds. */
  for(id: number): Partition {
    const at = this.#list.findIndex((partition) => partition.low <= id)
    const partition = this.#list[at]
    if (!partition) throw new Error('the first partition starts at 0')
    if (partition.rows < this.#full || (id >= partition.first_id && id <= partition.last_id)) return partition
    if (id > partition.last_id) {
      const above = addPartition(this.#db, partition.last_id + 1)
      this.#list.splice(at, 0, above)
      return above
    }
    // Make room below: the new one takes over the low end.
    const low = partition.low
    partition.low = partition.first_id
    this.#db.run('UPDATE search_partition SET low = ? WHERE id = ?', partition.low, partition.id)
    const below = addPartition(this.#db, low)
    this.#list.splice(at + 1, 0, below)
    return below
  }

  save(partition: Partition): void {
    this.#db.run(
      'UPDATE search_partition SET rows = ?, first_id = ?, last_id = ?, loose = ? WHERE id = ?',
      partition.rows,
      partition.first_id,
      partition.last_id,
      partition.loose,
      partition.id,
    )
  }
}

/**
 * Adds new messages to the index, or replaces known ones (`replace`). Must come last in a transaction and in one ascending
 * run: FTS5 then keeps its words in memory until the end.
 */
export function index(db: WriteDb, docs: Doc[], replace: boolean, full = fullAt): void {
  if (docs.length === 0) return
  docs.sort((a, b) => a.id - b.id)
  const all = new Index(db, full)
  const touched = new Map<Partition, string>()
  for (const doc of docs) {
    const partition = all.for(doc.id)
    let sql = touched.get(partition)
    if (sql === undefined) {
      sql = `INSERT ${replace ? 'OR REPLACE ' : ''}INTO ${tableOf(partition)} (rowid, who, subject, body, f) VALUES (CAST(? AS INTEGER), ?, ?, ?, ?)`
      touched.set(partition, sql)
    }
    db.run(sql, doc.id, doc.who, doc.subject, doc.body.length > mostText ? doc.body.slice(0, mostText) : doc.body, doc.f)
    if (!replace) {
      partition.first_id = partition.rows === 0 ? doc.id : Math.min(partition.first_id, doc.id)
      partition.last_id = Math.max(partition.last_id, doc.id)
      partition.rows += 1
    }
    partition.loose += 1
  }
  for (const partition of touched.keys()) all.save(partition)
}
