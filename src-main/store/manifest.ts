import { z } from 'zod'
import type { Manifest, MediaManifest } from '#archive/commitment.ts'
import type { Origin } from '#archive/entries.ts'
import type { AccountId, IdentityId, MessageId } from '#shared/model/index.ts'
import type { ReadDb } from './handle.ts'

const Headers = z.array(z.tuple([z.string(), z.string()]))

/** The part of a manifest that all records of one request have alike. */
type Request = Pick<
  Manifest,
  'account' | 'identity' | 'network' | 'endpoint' | 'capturedAt' | 'origin' | 'clockOffsetMs' | 'headers'
>

/** Where a record's bytes lie: in a pack from `pack_at` on, or in a file of their own. */
export interface Whereabouts {
  size: number
  pack_id: number | null
  pack_at: number | null
  file: string | null
  file_key: Uint8Array | null
}

/** Objects: arrays take longer to be given by the addon. */
interface Row extends Whereabouts {
  id: number
  message_id: number
  remote_id: string
  version: number
  request_id: number
  media_type: string
  sha256: Uint8Array
  salt: Uint8Array | null
  seq: number | null
}

const select = `SELECT r.id, r.message_id, m.remote_id, r.version, r.request_id, r.media_type, r.sha256, r.size, r.salt, r.seq, r.pack_id,
  r.pack_at, r.file, r.file_key FROM record r JOIN message m ON m.id = r.message_id`

/** A record as the ledger speaks of it. `salt` and `seq` are null before it is entered. */
export interface Committed {
  manifest: Manifest
  at: Whereabouts
  salt: Uint8Array | null
  seq: number | null
}

/** Records that lie among so many others for each that is asked for are not read ahead. */
const mostApart = 4

/** Requests kept in memory. Records are read in the order they came, so those of one request follow each other. */
const keptRequests = 256

/** Reads back what the ledger commits to, for many records. */
export class Manifests {
  readonly #db: ReadDb
  readonly #requests = new Map<number, Request>()
  /** Rows that were read ahead. */
  readonly #rows = new Map<number, Row>()
  /** Most offices have no such files: then none is asked for. */
  readonly #anyMedia: boolean

  constructor(db: ReadDb) {
    this.#db = db
    // The ledger of an old office is begun before it has the table.
    const table = db.value("SELECT 1 FROM sqlite_schema WHERE name = 'record_media'")
    this.#anyMedia = table === 1 && db.value('SELECT 1 FROM record_media LIMIT 1') === 1
  }

  /** Reads the rows of records that are asked for next, all at once where they lie together. */
  ahead(ids: readonly number[]): void {
    this.#rows.clear()
    const first = Math.min(...ids)
    const last = Math.max(...ids)
    if (ids.length === 0 || last - first > ids.length * mostApart) return
    for (const row of this.#db.all<Row>(`${select} WHERE r.id BETWEEN ? AND ?`, first, last)) this.#rows.set(row.id, row)
  }

  /** @returns null when there is no record by that id. */
  read(recordId: number): Committed | null {
    const row = this.#rows.get(recordId) ?? this.#row(recordId)
    if (!row) return null
    const manifest: Manifest = {
      ...this.#request(row.request_id),
      media: this.#anyMedia ? this.#media(recordId) : [],
      mediaType: row.media_type,
      message: String(row.message_id) as MessageId,
      record: String(recordId),
      remoteId: row.remote_id,
      sha256: hex(row.sha256),
      size: row.size,
      v: 1,
      version: row.version,
    }
    return { manifest, salt: row.salt, seq: row.seq, at: row }
  }

  #row(recordId: number): Row | undefined {
    return this.#db.get<Row>(`${select} WHERE r.id = ?`, recordId)
  }

  /** A record that is there and in the ledger. @throws Error for any other. */
  entered(recordId: number): Committed & { salt: Uint8Array; seq: number } {
    const found = this.read(recordId)
    if (!found) throw new Error(`record ${recordId} is named but not there`)
    const { salt, seq } = found
    if (salt === null || seq === null) throw new Error(`record ${recordId} is not in the ledger`)
    return { ...found, salt, seq }
  }

  #media(recordId: number): MediaManifest[] {
    const rows = this.#db.all<{ media_type: string; name: string; sha256: Uint8Array; size: number }>(
      `SELECT x.media_type, x.name, f.sha256, f.size FROM record_media x JOIN media f ON f.id = x.media_id
       WHERE x.record_id = ? ORDER BY x.idx`,
      recordId,
    )
    return rows.map(({ media_type: mediaType, name, sha256, size }) => ({
      mediaType,
      name,
      sha256: Buffer.from(sha256).toString('hex'),
      size,
    }))
  }

  #request(id: number): Request {
    const kept = this.#requests.get(id)
    if (kept) return kept
    const row = this.#db.get<{
      account_id: number
      identity_id: number
      network: string
      endpoint: string
      captured_at: string
      origin: Origin
      clock_offset: number | null
      headers: string
    }>(
      `SELECT q.account_id, a.identity_id, a.network, q.endpoint, q.captured_at, q.origin, q.clock_offset, q.headers
       FROM request q JOIN account a ON a.id = q.account_id WHERE q.id = ?`,
      id,
    )
    if (!row) throw new Error(`request ${id} is named but not there`)
    const request: Request = {
      account: String(row.account_id) as AccountId,
      identity: String(row.identity_id) as IdentityId,
      network: row.network,
      endpoint: row.endpoint,
      capturedAt: row.captured_at,
      origin: row.origin,
      clockOffsetMs: row.clock_offset,
      headers: Headers.parse(JSON.parse(row.headers)),
    }
    if (this.#requests.size === keptRequests) this.#requests.clear()
    this.#requests.set(id, request)
    return request
  }
}

/** The digits of a hash; its bytes are not copied. */
function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}

/** What the ledger commits to for one record. @throws Error when there is none by that id. */
export function manifestOf(db: ReadDb, recordId: number): Manifest {
  const record = new Manifests(db).read(recordId)
  if (!record) throw new Error(`record ${recordId} is named but not there`)
  return record.manifest
}
