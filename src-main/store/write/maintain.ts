import type { WriteDb } from '../handle.ts'
import { addPartition, fullAt, index, type Partition, partitions, tableOf } from '../search/partitions.ts'
import { storedDoc } from '../search/redo.ts'

/** Messages moved from one part of the index to the next in one step: about a tenth of a second. */
const step = 1000
/** Pages of the index merged in one step. */
const mergePages = 500
/** How long acts can be undone, at least; the interface offers it for seconds. */
const keepActsMs = 30 * 86_400_000

/**
 * One small step of what can wait until nothing else is to be done: parts of the search index that grew too large are cut,
 * words of finished parts merged, old acts forgotten. Every step leaves everything consistent.
 * @returns whether there is more to do.
 */
export function maintain(db: WriteDb, now: number, full = fullAt): boolean {
  const list = partitions(db)
  const large = list.findIndex((partition) => partition.rows > full * 1.25)
  const oversize = list[large]
  if (oversize) {
    moveUp(db, oversize, list[large - 1] ?? null, full)
    return true
  }
  const loose = list.find(
    (partition) => partition.rows >= full && (partition.loose > partition.rows / 10 || isMerging(db, partition)),
  )
  if (loose) {
    merge(db, loose)
    return true
  }
  const old = new Date(now - keepActsMs).toISOString()
  return db.run('DELETE FROM act WHERE id IN (SELECT id FROM act WHERE at < ? ORDER BY id LIMIT 500)', old) === 500
}

/** Moves the newest messages of a part into the one above it, whose range grows down to take them in. */
function moveUp(db: WriteDb, from: Partition, above: Partition | null, full: number): void {
  const some = Math.min(step, Math.ceil(full / 4))
  const into = above && above.rows + some <= full ? above : addPartition(db, from.last_id + 1)
  const ids = db.column<number>(
    'SELECT id FROM message WHERE id >= ? AND id <= ? ORDER BY id DESC LIMIT ?',
    from.low,
    from.last_id,
    some,
  )
  const boundary = ids.at(-1)
  if (boundary === undefined) throw new Error(`${tableOf(from)} has rows but no messages`)
  for (const id of ids) db.run(`DELETE FROM ${tableOf(from)} WHERE rowid = CAST(? AS INTEGER)`, id)
  const last = db.value<number>('SELECT max(id) FROM message WHERE id < ?', boundary) ?? 0
  db.run('UPDATE search_partition SET rows = ?, last_id = ? WHERE id = ?', from.rows - ids.length, last, from.id)
  db.run('UPDATE search_partition SET low = ? WHERE id = ?', boundary, into.id)
  index(
    db,
    ids.map((id) => storedDoc(db, id)),
    false,
    Number.POSITIVE_INFINITY,
  )
}

function isMerging(db: WriteDb, partition: Partition): boolean {
  return db.value('SELECT merging FROM search_partition WHERE id = ?', partition.id) === 1
}

/** Merges the runs of words of one part into one, a few pages at a time. */
function merge(db: WriteDb, partition: Partition): void {
  const table = tableOf(partition)
  const started = isMerging(db, partition)
  const before = db.value<number>('SELECT total_changes()') ?? 0
  // A negative number starts over with every run; positive ones go on with what was started.
  db.run(`INSERT INTO ${table} (${table}, rank) VALUES ('merge', CAST(? AS INTEGER))`, started ? mergePages : -mergePages)
  const wrote = (db.value<number>('SELECT total_changes()') ?? 0) - before
  // FTS5 says that there is nothing left by writing nothing (one change is the command itself).
  const done = wrote < 2
  db.run('UPDATE search_partition SET merging = ?, loose = 0 WHERE id = ?', done ? 0 : 1, partition.id)
}
