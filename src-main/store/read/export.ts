import type { IdentityId } from '#shared/model/index.ts'
import type { QueryNode } from '#shared/query/index.ts'
import type { ReadDb } from '../handle.ts'
import { toNumber } from '../ids.ts'
import { Entries } from '../ledgers.ts'
import { Manifests } from '../manifest.ts'
import type { ChosenRecords, ExportRecord } from '../store.ts'
import { idsOf } from './find.ts'
import { message } from './messages.ts'
import { Payloads } from './records.ts'

/** Records larger than this are read when their turn comes. */
const largestTaken = 256 * 1024

/**
 * Every record of the messages that a query finds, by ledger and in the order of its entries. Null chooses everything.
 * @param sizes Entries of each ledger that count; later records, and identities not named, are left out.
 */
export function chooseRecords(db: ReadDb, query: QueryNode | null, sizes: Record<IdentityId, number>): ChosenRecords[] {
  const ids = query === null ? null : idsOf(db, query)
  const found = new Map<number, { seq: number; id: number }[]>()
  const add = (identity: number, seq: number, id: number) => {
    const size = sizes[String(identity) as IdentityId]
    if (size === undefined || seq >= size) return
    const list = found.get(identity) ?? []
    list.push({ seq, id })
    found.set(identity, list)
  }
  const columns = 'SELECT m.identity_id, r.seq, r.id FROM'
  if (ids === null)
    for (const [identity, seq, id] of db.each<[number, number, number]>(
      `${columns} record r JOIN message m ON m.id = r.message_id`,
    ))
      add(identity, seq, id)
  else
    for (const wanted of ids)
      for (const [identity, seq, id] of db.each<[number, number, number]>(
        `${columns} message m JOIN record r ON r.message_id = m.id WHERE m.id = ?`,
        wanted,
      ))
        add(identity, seq, id)
  return [...found]
    .sort(([a], [b]) => a - b)
    .map(([identity, list]) => {
      list.sort((a, b) => a.seq - b.seq)
      return {
        identityId: String(identity) as IdentityId,
        seqs: Float64Array.from(list, ({ seq }) => seq),
        records: Float64Array.from(list, ({ id }) => id),
      }
    })
}

/** How many records `chooseRecords` would choose. Null for all identities. */
export function countRecords(db: ReadDb, query: QueryNode | null, identityIds: IdentityId[] | null): number {
  const wanted = identityIds === null ? null : JSON.stringify(identityIds.map(toNumber))
  const count = 'SELECT count(*) FROM message m JOIN record r ON r.message_id = m.id'
  const ours = '(? IS NULL OR m.identity_id IN (SELECT value FROM json_each(?)))'
  const ids = query === null ? null : idsOf(db, query)
  if (ids === null) return db.value<number>(`${count} WHERE ${ours}`, wanted, wanted) ?? 0
  let records = 0
  for (const id of ids) records += db.value<number>(`${count} WHERE m.id = ? AND ${ours}`, id, wanted, wanted) ?? 0
  return records
}

/** Records of one ledger by id with everything that an evidence pack says of them, in the order asked for. */
export function exportRecords(db: ReadDb, identityId: IdentityId, records: Float64Array): ExportRecord[] {
  const payloads = new Payloads(db)
  const manifests = new Manifests(db)
  const entries = new Entries(db, toNumber(identityId))
  const ids = [...records]
  manifests.ahead(ids)
  return ids.map((id) => {
    const { manifest, salt, seq, at } = manifests.entered(id)
    const shown = message(db, manifest.message)
    if (!shown) throw new Error(`record ${id} is not there any more`)
    const text = db.value<string>(
      'SELECT b.text FROM message m JOIN body b ON b.slot = m.slot WHERE m.id = ?',
      toNumber(manifest.message),
    )
    return {
      record: manifest.record,
      seq,
      entry: entries.read(seq) ?? '',
      manifest,
      salt,
      bytes: manifest.size > largestTaken ? null : (payloads.at(at) ?? new Uint8Array()),
      message: shown,
      text: text ?? '',
    }
  })
}

/** The bytes of one record. @throws `office_corrupt`. */
export function recordContent(db: ReadDb, record: string): Uint8Array {
  return new Payloads(db).read(toNumber(record))?.bytes ?? new Uint8Array()
}
