import { fromBase64, toBase64 } from '#archive/base64.ts'
import { exportEntry, keyEntry } from '#archive/entries.ts'
import { nodeSha256 } from '#archive/sha256-node.ts'
import { TreeReader } from '#archive/tree/reader.ts'
import { type IdentityId, type Instant, ProblemError } from '#shared/model/index.ts'
import type { WriteDb } from '../handle.ts'
import { toNumber } from '../ids.ts'
import { ledgerOf, readTile, sizeOf } from '../ledgers.ts'
import { checkpoints, keyPlaces, keySlot, ledgerKeys } from '../read/ledger.ts'
import type { StoredCheckpoint, WriteMethods } from '../store.ts'

export function nameKey(db: WriteDb, input: { identityId: IdentityId; office: string; publicKey: string; at: Instant }): void {
  const { identityId, office, publicKey, at } = input
  if (db.value('SELECT 1 FROM identity WHERE id = ?', toNumber(identityId)) !== 1)
    throw new ProblemError('not_found', { what: 'identity', id: identityId })
  if (ledgerKeys(db, identityId).at(-1) === publicKey) return
  const seq = ledgerOf(db, toNumber(identityId)).append((seq) => keyEntry({ algorithm: 'Ed25519', at, office, publicKey, seq }))
  db.run(
    'INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
    keySlot(identityId),
    JSON.stringify([...keyPlaces(db, identityId), seq]),
  )
}

export function addCheckpoint(db: WriteDb, input: Parameters<WriteMethods['addCheckpoint']>[0]): StoredCheckpoint {
  const identity = toNumber(input.identityId)
  const root = fromBase64(input.root)
  const tree = new TreeReader(nodeSha256, (level, n) => readTile(db, identity, level, n))
  if (root === null || input.size > sizeOf(db, identity) || toBase64(tree.root(input.size)) !== input.root)
    throw new ProblemError('bad_request', { detail: 'the ledger has no such head' })
  db.run(
    'INSERT INTO checkpoint (identity_id, size, root, made_at, note) VALUES (?, ?, ?, ?, ?)',
    identity,
    input.size,
    root,
    input.madeAt,
    input.note,
  )
  const [made] = checkpoints(db, input.identityId, 1)
  if (!made) throw new Error('the checkpoint that was made is not there')
  return made
}

export function enterExport(db: WriteDb, { identityId, ...entry }: Parameters<WriteMethods['enterExport']>[0]): void {
  ledgerOf(db, toNumber(identityId)).append((seq) => exportEntry({ ...entry, seq }))
}

export function addTimestamp(
  db: WriteDb,
  { id, timestamp, authority }: { id: string; timestamp: string; authority: string },
): void {
  const changed = db.run(
    'UPDATE checkpoint SET timestamp = ?, authority = ? WHERE id = ?',
    fromBase64(timestamp),
    authority,
    toNumber(id),
  )
  if (changed === 0) throw new ProblemError('not_found', { what: 'checkpoint', id })
}
