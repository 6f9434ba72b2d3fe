import { Identity } from '#shared/model/index.ts'
import type { ReadDb } from '../handle.ts'

export function identities(db: ReadDb): Identity[] {
  return db
    .all<{ id: number }>('SELECT id, name, voice, shape, color, signature FROM identity ORDER BY id')
    .map((row) => Identity.parse({ ...row, id: String(row.id) }))
}
