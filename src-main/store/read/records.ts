import type { AccountId, MessageId } from '#shared/model/index.ts'
import { readBlob } from '../blobs.ts'
import { networkOf, networksByAccount } from '../conversations.ts'
import type { ReadDb } from '../handle.ts'
import { toNumber } from '../ids.ts'
import { unpack } from '../packs.ts'
import type { Source } from '../store.ts'

/** Where a record's bytes lie: in a pack from `pack_at` on, or in a file of their own. */
export interface Whereabouts {
  size: number
  pack_id: number | null
  pack_at: number | null
  file: string | null
  file_key: Uint8Array | null
}

/** A record's bytes as they were captured. @throws `office_corrupt` when they are missing or changed. */
export function recordBytes(db: ReadDb, row: Whereabouts): Uint8Array {
  if (row.file !== null && row.file_key !== null) return readBlob(db.dir, row.file, row.file_key)
  const pack = db.get<{ codec: number; size: number; content: Uint8Array }>(
    'SELECT codec, size, content FROM pack WHERE id = ?',
    row.pack_id,
  )
  if (!pack || row.pack_at === null) throw new Error(`pack ${row.pack_id} is named but not there`)
  return unpack(pack).subarray(row.pack_at, row.pack_at + row.size)
}

export function source(db: ReadDb, id: MessageId): Source | null {
  const row = db.get<
    Whereabouts & { version: number; media_type: string; endpoint: string; captured_at: string; account_id: number }
  >(
    `SELECT r.version, r.media_type, r.size, r.pack_id, r.pack_at, r.file, r.file_key, q.endpoint, q.captured_at, q.account_id
     FROM record r JOIN request q ON q.id = r.request_id WHERE r.message_id = ? ORDER BY r.version DESC LIMIT 1`,
    toNumber(id),
  )
  if (!row) return null
  return {
    mediaType: row.media_type,
    raw: recordBytes(db, row),
    capturedAt: row.captured_at,
    endpoint: row.endpoint,
    version: row.version,
    network: networkOf(networksByAccount(db), row.account_id),
    accountId: String(row.account_id) as AccountId,
  }
}
