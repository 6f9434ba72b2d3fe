import { z } from 'zod'
import { toBase64 } from '#archive/base64.ts'
import { manifestText } from '#archive/commitment.ts'
import { Entry } from '#archive/entries.ts'
import { nodeSha256 } from '#archive/sha256-node.ts'
import { TreeReader } from '#archive/tree/reader.ts'
import { type IdentityId, type MessageId, ProblemError } from '#shared/model/index.ts'
import type { ReadDb } from '../handle.ts'
import { toNumber } from '../ids.ts'
import { bundleEntries, Entries, readBundle, readTile, sizeOf } from '../ledgers.ts'
import { Manifests } from '../manifest.ts'
import type { LedgerHead, RecordProof, StoredCheckpoint, StoredVersion } from '../store.ts'

const base64 = (hashes: readonly Uint8Array[]): string[] => hashes.map((hash) => toBase64(hash))

function treeOf(db: ReadDb, identityId: number): TreeReader {
  return new TreeReader(nodeSha256, (level, n) => readTile(db, identityId, level, n))
}

function sizeWithin(db: ReadDb, identityId: IdentityId, size: number): number {
  const now = sizeOf(db, toNumber(identityId))
  if (!Number.isSafeInteger(size) || size < 0 || size > now)
    throw new ProblemError('bad_request', { detail: `the ledger has ${now} entries, not ${size}` })
  return size
}

/** Every identity's ledger with its size and root. */
export function ledgers(db: ReadDb): LedgerHead[] {
  return db
    .all<{ id: number; size: number | null }>(
      'SELECT i.id, l.size FROM identity i LEFT JOIN ledger l ON l.identity_id = i.id ORDER BY i.id',
    )
    .map(({ id, size }) => ({
      identityId: String(id) as IdentityId,
      size: size ?? 0,
      root: toBase64(treeOf(db, id).root(size ?? 0)),
    }))
}

/** The proof that entry `seq` is in the tree of the first `size` entries, base64, deepest first. @throws `bad_request`. */
export function inclusionProof(db: ReadDb, identityId: IdentityId, seq: number, size: number): string[] {
  return inclusionProofs(db, identityId, [seq], size)[0] ?? []
}

/** As `inclusionProof`, for many entries. */
export function inclusionProofs(db: ReadDb, identityId: IdentityId, seqs: number[], size: number): string[][] {
  sizeWithin(db, identityId, size)
  const tree = treeOf(db, toNumber(identityId))
  return seqs.map((seq) => {
    if (!Number.isSafeInteger(seq) || seq < 0 || seq >= size)
      throw new ProblemError('bad_request', { detail: `a ledger of ${size} entries has no entry ${seq}` })
    return base64(tree.inclusionProof(seq, size))
  })
}

/** The proof that the ledger of `newSize` entries begins with that of `oldSize`, base64. @throws `bad_request`. */
export function consistencyProof(
  db: ReadDb,
  identityId: IdentityId,
  oldSize: number,
  newSize: number,
): { oldRoot: string; newRoot: string; proof: string[] } {
  sizeWithin(db, identityId, newSize)
  if (!Number.isSafeInteger(oldSize) || oldSize < 1 || oldSize > newSize)
    throw new ProblemError('bad_request', { detail: `nothing leads from ${oldSize} entries to ${newSize}` })
  const tree = treeOf(db, toNumber(identityId))
  return {
    oldRoot: toBase64(tree.root(oldSize)),
    newRoot: toBase64(tree.root(newSize)),
    proof: base64(tree.consistencyProof(oldSize, newSize)),
  }
}

/** Entries from number `from` on, at most `limit`, as they were hashed. */
export function entries(db: ReadDb, identityId: IdentityId, from: number, limit: number): string[] {
  const identity = toNumber(identityId)
  const found: string[] = []
  for (let n = Math.floor(from / bundleEntries); found.length < limit; n++) {
    const bundle = readBundle(db, identity, n)
    found.push(...bundle.slice(found.length === 0 ? from % bundleEntries : 0))
    if (bundle.length < bundleEntries) break
  }
  return found.slice(0, limit)
}

/** Signed checkpoints of an identity, newest first. */
export function checkpoints(db: ReadDb, identityId: IdentityId, limit: number): StoredCheckpoint[] {
  return db
    .all<{
      id: number
      size: number
      root: Uint8Array
      made_at: string
      note: string
      timestamp: Uint8Array | null
      authority: string | null
    }>(
      'SELECT id, size, root, made_at, note, timestamp, authority FROM checkpoint WHERE identity_id = ? ORDER BY size DESC, id DESC LIMIT ?',
      toNumber(identityId),
      limit,
    )
    .map(({ id, size, root, made_at, note, timestamp, authority }) => ({
      id: String(id),
      size,
      root: toBase64(root),
      madeAt: made_at,
      note,
      timestamp: timestamp === null ? null : toBase64(timestamp),
      authority,
    }))
}

/** Where it is remembered which entries of a ledger name keys, so that they need not be looked for. */
export const keySlot = (identityId: IdentityId): string => `ledger-keys:${identityId}`

/** Numbers of the entries that name a key, oldest first. */
export function keyPlaces(db: ReadDb, identityId: IdentityId): number[] {
  const kept = db.value<string>('SELECT value FROM meta WHERE name = ?', keySlot(identityId))
  return kept === undefined ? [] : z.array(z.number().int()).parse(JSON.parse(kept))
}

export function ledgerKeys(db: ReadDb, identityId: IdentityId): string[] {
  const entries = new Entries(db, toNumber(identityId))
  return keyPlaces(db, identityId).map((seq) => {
    const text = entries.read(seq)
    const entry = text === null ? null : Entry.parse(JSON.parse(text))
    if (entry?.kind !== 'key') throw new Error(`entry ${seq} of identity ${identityId} names no key`)
    return entry.publicKey
  })
}

/** The newest `limit` captured versions of a message with what opens their commitments, oldest first; empty when there is no such message. */
export function storedVersions(db: ReadDb, id: MessageId, limit: number): StoredVersion[] {
  const identity = db.value<number>('SELECT identity_id FROM message WHERE id = ?', toNumber(id))
  if (identity === undefined) return []
  const manifests = new Manifests(db)
  const entries = new Entries(db, identity)
  return db
    .column<number>('SELECT id FROM record WHERE message_id = ? ORDER BY version DESC LIMIT ?', toNumber(id), limit)
    .reverse()
    .map((record) => {
      const { manifest, salt, seq } = manifests.entered(record)
      const entry = entries.read(seq) ?? ''
      return { record: manifest.record, seq, entry, manifest, manifestText: manifestText(manifest), salt: toBase64(salt) }
    })
}

/** Every captured version of a message with what proves it, oldest first; empty when there is no such message. */
export function recordProofs(db: ReadDb, id: MessageId): RecordProof[] {
  return storedVersions(db, id, Number.MAX_SAFE_INTEGER).map(({ manifest, manifestText, ...version }) => ({
    ...version,
    identityId: manifest.identity,
    version: manifest.version,
    manifest: manifestText,
  }))
}
