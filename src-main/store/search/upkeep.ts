import type { WriteDb } from '../handle.ts'
import type { Doc } from './doc.ts'
import { Facts, perBlock } from './facts.ts'
import { addDocs, fullAt, type Part, partsOf, removeDocs, tableOf } from './parts.ts'
import { storedDoc } from './redo.ts'

/** Messages put in or moved in one step: about a tenth of a second. */
const step = 1000

/**
 * Puts the next messages into the index that it does not have yet, the newest to arrive first; after a kill it goes on where the last
 * committed step ended.
 * @returns whether there was something to do.
 */
export function indexRest(db: WriteDb, full = fullAt): boolean {
  const todo = db.value<number>('SELECT todo FROM search_state') ?? 0
  if (todo === 0) return false
  const slots = db.column<number>('SELECT slot FROM message WHERE slot <= ? ORDER BY slot DESC LIMIT ?', todo, step)
  const docs = slots.reverse().map((slot) => storedDoc(db, slot))
  addDocs(
    db,
    docs.filter((doc) => doc !== null),
    full,
  )
  db.run('UPDATE search_state SET todo = ?', slots.length < step ? 0 : (slots[0] ?? 1) - 1)
  return true
}

/**
 * Moves the oldest messages of full parts into parts that are sorted by time, so that searches for a time, and for beginnings of words,
 * look at one part instead of all that a first sync of many accounts has filled side by side. A part that was emptied is dropped.
 * @returns whether there was something to do.
 */
export function sortStep(db: WriteDb, full = fullAt): boolean {
  const sources = partsOf(db).filter(({ sorted, next }) => sorted === 0 && next >= full)
  if (sources.length === 0) return false
  const oldest = oldestOf(db, sources)
  if (oldest.length === 0) {
    for (const { id } of sources) drop(db, id)
    return true
  }
  const docs: Doc[] = []
  for (const { slot } of oldest) {
    const doc = storedDoc(db, slot)
    if (!doc) throw new Error(`slot ${slot} is in the index but not there`)
    docs.push(doc)
  }
  removeDocs(
    db,
    oldest.map(({ id }) => id),
  )
  addDocs(db, docs, full, 1)
  return true
}

/** The oldest messages of some parts, by time. */
function oldestOf(db: WriteDb, sources: Part[]): { id: number; slot: number }[] {
  const blocks = sources
    .flatMap(({ id }) =>
      db.all<{ part_id: number; low: number; first_id: number }>(
        'SELECT part_id, low, first_id FROM search_block WHERE part_id = ? AND rows > 0',
        id,
      ),
    )
    .sort((a, b) => a.first_id - b.first_id)
  let found: { id: number; slot: number }[] = []
  for (const [at, { part_id, low }] of blocks.entries()) {
    const facts = new Facts(db.value<Uint8Array>('SELECT facts FROM search_fact WHERE part_id = ? AND low = ?', part_id, low))
    for (let offset = 0; offset < perBlock; offset++) {
      const slot = facts.slots[offset] ?? 0
      if (slot !== 0) found.push({ id: facts.ids[offset] ?? 0, slot })
    }
    const next = blocks[at + 1]?.first_id ?? Number.MAX_SAFE_INTEGER
    if (found.length < step * 2 && next !== Number.MAX_SAFE_INTEGER) continue
    found.sort((a, b) => a.id - b.id)
    found = found.slice(0, step)
    if ((found.at(-1)?.id ?? 0) < next && found.length === step) break
  }
  return found.sort((a, b) => a.id - b.id).slice(0, step)
}

function drop(db: WriteDb, part: number): void {
  db.exec(`DROP TABLE ${tableOf(part)}`)
  for (const table of ['search_block', 'search_fact']) db.run(`DELETE FROM ${table} WHERE part_id = ?`, part)
  db.run('DELETE FROM search_part WHERE id = ?', part)
  db.run('UPDATE search_state SET epoch = epoch + 1')
}
