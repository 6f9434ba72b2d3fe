import type { SavedSearch } from '#shared/contract/index.ts'
import { type Instant, ProblemError } from '#shared/model/index.ts'
import type { WriteDb } from '../handle.ts'
import { toNumber } from '../ids.ts'
import { savedSearch } from '../read/saved.ts'

/** Keeps a query under a name. The one that had the name (whatever its case) gives way, and its number goes on. */
export function saveSearch(db: WriteDb, input: { name: string; text: string; at: Instant }): SavedSearch {
  const id = db.value<number>(
    `INSERT INTO saved_search (name, text, saved_at) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET name = excluded.name, text = excluded.text, saved_at = excluded.saved_at RETURNING id`,
    input.name,
    input.text,
    input.at,
  )
  return required(db, id ?? -1)
}

/** @throws `not_found`; `name_taken` where another one has that name. */
export function renameSearch(db: WriteDb, id: string, name: string): SavedSearch {
  const found = required(db, toNumber(id))
  if (db.value('SELECT 1 FROM saved_search WHERE name = ? AND id <> ?', name, toNumber(found.id)) === 1)
    throw new ProblemError('name_taken', { name })
  db.run('UPDATE saved_search SET name = ? WHERE id = ?', name, toNumber(id))
  return required(db, toNumber(id))
}

/** @throws `not_found` */
export function removeSearch(db: WriteDb, id: string): void {
  required(db, toNumber(id))
  db.run('DELETE FROM saved_search WHERE id = ?', toNumber(id))
}

function required(db: WriteDb, id: number): SavedSearch {
  const found = savedSearch(db, id)
  if (!found) throw new ProblemError('not_found', { what: 'saved search', id: String(id) })
  return found
}
