import { nodeSha256 } from '#archive/sha256-node.ts'
import { Appender } from '#archive/tree/appender.ts'
import { leafHash } from '#archive/tree/hash.ts'
import type { ReadDb, WriteDb } from './handle.ts'
import { pack, unpack } from './packs.ts'

/**
 * How a ledger lies in the database: its entries in bundles of 256 that are compressed as one, the hashes of its tree in
 * tiles. Both grow at their end only.
 */
export const bundleEntries = 256

/** An identity's ledger while entries are added to it. What it holds back is written by `flush`, before the commit. */
export class Ledger {
  readonly #db: WriteDb
  readonly #identityId: number
  readonly #tree: Appender
  /** Entries of the bundle that is not full. */
  #open: string[]
  #changed = false

  constructor(db: WriteDb, identityId: number) {
    this.#db = db
    this.#identityId = identityId
    const size = sizeOf(db, identityId)
    this.#tree = new Appender(nodeSha256, size, (level, n) => readTile(db, identityId, level, n))
    const rest = size % bundleEntries
    this.#open = rest === 0 ? [] : readBundle(db, identityId, Math.floor(size / bundleEntries)).slice(0, rest)
    if (this.#open.length !== rest) throw new Error(`the ledger of identity ${identityId} has fewer entries than it says`)
  }

  get size(): number {
    return this.#tree.size
  }

  /** Root of the tree as it is now, 32 bytes. */
  root(): Uint8Array {
    return this.#tree.root()
  }

  /** Adds the entry that `write` gives for its number. @returns the number. */
  append(write: (seq: number) => string): number {
    const entry = write(this.#tree.size)
    const seq = this.#tree.append(leafHash(nodeSha256, entry))
    this.#open.push(entry)
    this.#changed = true
    if (this.#open.length === bundleEntries) {
      this.#writeBundle(Math.floor(seq / bundleEntries))
      this.#open = []
    }
    return seq
  }

  /** Writes what changed since the last time. */
  flush(): void {
    if (!this.#changed) return
    this.#changed = false
    const db = this.#db
    if (this.#open.length > 0) this.#writeBundle(Math.floor(this.#tree.size / bundleEntries))
    for (const { level, n, hashes } of this.#tree.flush())
      db.run(
        `INSERT INTO ledger_tile (identity_id, level, n, hashes) VALUES (?, ?, ?, ?)
         ON CONFLICT (identity_id, level, n) DO UPDATE SET hashes = excluded.hashes`,
        this.#identityId,
        level,
        n,
        hashes,
      )
    db.run(
      'INSERT INTO ledger (identity_id, size) VALUES (?, ?) ON CONFLICT DO UPDATE SET size = excluded.size',
      this.#identityId,
      this.#tree.size,
    )
  }

  #writeBundle(n: number): void {
    const { codec, size, content } = pack(Buffer.from(this.#open.join('\n')))
    this.#db.run(
      `INSERT INTO ledger_bundle (identity_id, n, codec, size, content) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (identity_id, n) DO UPDATE SET codec = excluded.codec, size = excluded.size, content = excluded.content`,
      this.#identityId,
      n,
      codec,
      size,
      content,
    )
  }
}

/** The ledger of an identity, ready to be added to; what is added is written with the transaction that is open. */
export function ledgerOf(db: WriteDb, identityId: number): Ledger {
  const slot = `ledger:${identityId}`
  const kept = db.memory.get(slot)
  const ledger = kept instanceof Ledger ? kept : new Ledger(db, identityId)
  db.memory.set(slot, ledger)
  db.beforeCommit.set(slot, () => ledger.flush())
  return ledger
}

/** How many entries the ledger of an identity has. */
export function sizeOf(db: ReadDb, identityId: number): number {
  return db.value<number>('SELECT size FROM ledger WHERE identity_id = ?', identityId) ?? 0
}

export function readTile(db: ReadDb, identityId: number, level: number, n: number): Uint8Array | null {
  return (
    db.value<Uint8Array>('SELECT hashes FROM ledger_tile WHERE identity_id = ? AND level = ? AND n = ?', identityId, level, n) ??
    null
  )
}

/** The entries of one bundle; none when it is not there. @throws `office_corrupt`. */
export function readBundle(db: ReadDb, identityId: number, n: number): string[] {
  const row = db.get<{ codec: number; size: number; content: Uint8Array }>(
    'SELECT codec, size, content FROM ledger_bundle WHERE identity_id = ? AND n = ?',
    identityId,
    n,
  )
  return row ? Buffer.from(unpack(row)).toString('utf8').split('\n') : []
}

/** Reads many entries of a ledger in the order of their numbers: each bundle is opened once. */
export class Entries {
  readonly #db: ReadDb
  readonly #identityId: number
  #n: number | null = null
  #bundle: string[] = []

  constructor(db: ReadDb, identityId: number) {
    this.#db = db
    this.#identityId = identityId
  }

  /** One entry as it was hashed; null when there is none by that number. */
  read(seq: number): string | null {
    const n = Math.floor(seq / bundleEntries)
    if (n !== this.#n) {
      this.#bundle = readBundle(this.#db, this.#identityId, n)
      this.#n = n
    }
    return this.#bundle[seq % bundleEntries] ?? null
  }
}
