import { type AccountId, type MessageId, ProblemError } from '#shared/model/index.ts'
import { readBlob } from '../blobs.ts'
import { networkOf, networksByAccount } from '../conversations.ts'
import type { ReadDb } from '../handle.ts'
import { toNumber } from '../ids.ts'
import type { Whereabouts } from '../manifest.ts'
import { unpack } from '../packs.ts'
import type { Source } from '../store.ts'

/** A record's bytes as they were captured. @throws `office_corrupt` when they are missing or changed. */
export function recordBytes(db: ReadDb, row: Whereabouts): Uint8Array {
  if (row.file !== null && row.file_key !== null) return readBlob(db.dir, row.file, row.file_key)
  if (row.pack_id === null || row.pack_at === null) throw new Error('a record is neither in a pack nor a file')
  return openPack(db, row.pack_id).subarray(row.pack_at, row.pack_at + row.size)
}

function openPack(db: ReadDb, id: number): Uint8Array {
  const pack = db.get<{ codec: number; size: number; content: Uint8Array }>(
    'SELECT codec, size, content FROM pack WHERE id = ?',
    id,
  )
  if (!pack) throw new Error(`pack ${id} is named but not there`)
  return unpack(pack)
}

/** Reads the bytes of many records in the order of their ids: each pack is opened once. */
export class Payloads {
  readonly #db: ReadDb
  #packId: number | null = null
  #pack: Uint8Array = new Uint8Array()

  constructor(db: ReadDb) {
    this.#db = db
  }

  /** @returns null when the record is not there or its bytes cannot be read; `sha256` in hex, as it was captured. */
  read(id: number): { bytes: Uint8Array; sha256: string } | null {
    const row = this.#db.get<Whereabouts & { sha256: Uint8Array }>(
      'SELECT sha256, size, pack_id, pack_at, file, file_key FROM record WHERE id = ?',
      id,
    )
    const bytes = row ? this.at(row) : null
    return row && bytes ? { bytes, sha256: Buffer.from(row.sha256).toString('hex') } : null
  }

  /** What lies there; null when it cannot be read. */
  at(place: Whereabouts): Uint8Array | null {
    try {
      return this.#bytes(place)
    } catch (error) {
      if (error instanceof ProblemError) return null
      throw error
    }
  }

  #bytes(row: Whereabouts): Uint8Array {
    if (row.pack_id === null || row.pack_at === null) return recordBytes(this.#db, row)
    if (row.pack_id !== this.#packId) {
      this.#pack = openPack(this.#db, row.pack_id)
      this.#packId = row.pack_id
    }
    return this.#pack.subarray(row.pack_at, row.pack_at + row.size)
  }
}

export function source(db: ReadDb, id: MessageId, version: number | null = null): Source | null {
  const row = db.get<
    Whereabouts & { version: number; media_type: string; endpoint: string; captured_at: string; account_id: number }
  >(
    `SELECT r.version, r.media_type, r.size, r.pack_id, r.pack_at, r.file, r.file_key, q.endpoint, q.captured_at, q.account_id
     FROM record r JOIN request q ON q.id = r.request_id WHERE r.message_id = ? AND (? IS NULL OR r.version = ?)
     ORDER BY r.version DESC LIMIT 1`,
    toNumber(id),
    version,
    version,
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
