import type { WriteDb } from '../../handle.ts'
import { pack, unpack } from '../../packs.ts'

/** A record's bytes in a pack. */
export interface Cut {
  pack: number
  at: number
  size: number
}

/** Puts zeros in the place of records, so that the others of their packs stay where they are. Each pack is written anew once. */
export function cutOut(db: WriteDb, cuts: readonly Cut[]): void {
  const byPack = new Map<number, Cut[]>()
  for (const cut of cuts) byPack.set(cut.pack, [...(byPack.get(cut.pack) ?? []), cut])
  for (const [id, inside] of byPack) {
    const row = db.get<{ codec: number; size: number; content: Uint8Array }>(
      'SELECT codec, size, content FROM pack WHERE id = ?',
      id,
    )
    if (!row) throw new Error(`pack ${id} is named but not there`)
    const bytes = Uint8Array.from(unpack(row))
    for (const { at, size } of inside) bytes.fill(0, at, at + size)
    const { codec, content } = pack(bytes)
    db.run('UPDATE pack SET codec = ?, content = ? WHERE id = ?', codec, content, id)
  }
}
