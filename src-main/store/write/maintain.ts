import type { WriteDb } from '../handle.ts'
import { mergeWords, type Part, partsOf } from '../search/parts.ts'
import { indexRest, sortStep } from '../search/upkeep.ts'

/** How long acts can be undone, at least; the interface offers it for seconds. */
const keepActsMs = 30 * 86_400_000

/**
 * One small step of what can wait until nothing else is to be done: messages that the search index does not have yet are put in, full
 * parts of it sorted by time, their words merged, old acts forgotten. Every step leaves everything consistent.
 * @returns whether there is more to do.
 */
export function maintain(db: WriteDb, now: number, full?: number): boolean {
  if (indexRest(db, full) || sortStep(db, full)) return true
  const loose = partsOf(db).find(isLoose)
  if (loose) {
    mergeWords(db, loose)
    return true
  }
  const old = new Date(now - keepActsMs).toISOString()
  return db.run('DELETE FROM act WHERE id IN (SELECT id FROM act WHERE at < ? ORDER BY id LIMIT 500)', old) === 500
}

/** Whether merging the words of a part makes searches quicker: much was added since, or it has begun. */
function isLoose({ next, loose, merging }: Part): boolean {
  return merging === 1 || loose > Math.max(2000, next / 4)
}
