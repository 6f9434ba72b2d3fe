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

type Row = [
  messageId: number,
  remoteId: string,
  version: number,
  requestId: number,
  mediaType: string,
  sha256: Uint8Array,
  size: number,
  salt: Uint8Array | null,
  seq: number | null,
]

/** A record as the ledger speaks of it. `salt` and `seq` are null before it is entered. */
export interface Committed {
  manifest: Manifest
  salt: Uint8Array | null
  seq: number | null
}

/** Requests kept in memory. Records are read in the order they came, so those of one request follow each other. */
const keptRequests = 256

/** Reads back what the ledger commits to, for many records. */
export class Manifests {
  readonly #db: ReadDb
  readonly #requests = new Map<number, Request>()
  /** Most offices have no such files: then none is asked for. */
  readonly #anyMedia: boolean

  constructor(db: ReadDb) {
    this.#db = db
    // The ledger of an old office is begun before it has the table.
    const table = db.value("SELECT 1 FROM sqlite_schema WHERE name = 'record_media'")
    this.#anyMedia = table === 1 && db.value('SELECT 1 FROM record_media LIMIT 1') === 1
  }

  /** @returns null when there is no record by that id. */
  read(recordId: number): Committed | null {
    const [row] = this.#db.each<Row>(
      `SELECT r.message_id, m.remote_id, r.version, r.request_id, r.media_type, r.sha256, r.size, r.salt, r.seq
       FROM record r JOIN message m ON m.id = r.message_id WHERE r.id = ?`,
      recordId,
    )
    if (!row) return null
    const [messageId, remoteId, version, requestId, mediaType, sha256, size, salt, seq] = row
    const manifest: Manifest = {
      ...this.#request(requestId),
      media: this.#anyMedia ? this.#media(recordId) : [],
      mediaType,
      message: String(messageId) as MessageId,
      record: String(recordId),
      remoteId,
      sha256: Buffer.from(sha256).toString('hex'),
      size,
      v: 1,
      version,
    }
    return { manifest, salt, seq }
  }

  /** A record that is there and in the ledger. @throws Error for any other. */
  entered(recordId: number): { manifest: Manifest; salt: Uint8Array; seq: number } {
    const found = this.read(recordId)
    if (!found) throw new Error(`record ${recordId} is named but not there`)
    const { manifest, salt, seq } = found
    if (salt === null || seq === null) throw new Error(`record ${recordId} is not in the ledger`)
    return { manifest, salt, seq }
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

/** What the ledger commits to for one record. @throws Error when there is none by that id. */
export function manifestOf(db: ReadDb, recordId: number): Manifest {
  const record = new Manifests(db).read(recordId)
  if (!record) throw new Error(`record ${recordId} is named but not there`)
  return record.manifest
}
