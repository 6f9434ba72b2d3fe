import { z } from 'zod'
import type { Manifest } from '#archive/commitment.ts'
import type { Origin } from '#archive/entries.ts'
import type { AccountId, IdentityId, MessageId } from '#shared/model/index.ts'
import type { ReadDb } from './handle.ts'

const Headers = z.array(z.tuple([z.string(), z.string()]))

interface Row {
  account_id: number
  identity_id: number
  network: string
  message_id: number
  remote_id: string
  version: number
  media_type: string
  sha256: Uint8Array
  size: number
  endpoint: string
  captured_at: string
  origin: Origin
  clock_offset: number | null
  headers: string
}

/** What the ledger commits to for a record, read back from its rows. @throws Error when there is none by that id. */
export function manifestOf(db: ReadDb, recordId: number): Manifest {
  const row = db.get<Row>(
    `SELECT m.account_id, m.identity_id, a.network, r.message_id, m.remote_id, r.version, r.media_type, r.sha256, r.size,
       q.endpoint, q.captured_at, q.origin, q.clock_offset, q.headers
     FROM record r JOIN message m ON m.id = r.message_id JOIN request q ON q.id = r.request_id JOIN account a ON a.id = m.account_id
     WHERE r.id = ?`,
    recordId,
  )
  if (!row) throw new Error(`record ${recordId} is named but not there`)
  return {
    account: String(row.account_id) as AccountId,
    capturedAt: row.captured_at,
    clockOffsetMs: row.clock_offset,
    endpoint: row.endpoint,
    headers: Headers.parse(JSON.parse(row.headers)),
    identity: String(row.identity_id) as IdentityId,
    media: [],
    mediaType: row.media_type,
    message: String(row.message_id) as MessageId,
    network: row.network,
    origin: row.origin,
    record: String(recordId),
    remoteId: row.remote_id,
    sha256: Buffer.from(row.sha256).toString('hex'),
    size: row.size,
    v: 1,
    version: row.version,
  }
}
