import type { SavedSearch } from '#shared/contract/index.ts'
import type { ReadDb } from '../handle.ts'

interface SavedRow {
  id: number
  name: string
  text: string
  saved_at: string
}

const columns = 'id, name, text, saved_at'
const toSaved = (row: SavedRow): SavedSearch => ({ id: String(row.id), name: row.name, text: row.text, savedAt: row.saved_at })

/** Saved searches by name, whatever its case. */
export function savedSearches(db: ReadDb): SavedSearch[] {
  return db.all<SavedRow & object>(`SELECT ${columns} FROM saved_search ORDER BY name, id`).map(toSaved)
}

/** One saved search; null where there is none. */
export function savedSearch(db: ReadDb, id: number): SavedSearch | null {
  const row = db.get<SavedRow & object>(`SELECT ${columns} FROM saved_search WHERE id = ?`, id)
  return row ? toSaved(row) : null
}
