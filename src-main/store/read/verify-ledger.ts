import { hash } from 'node:crypto'
import { fromBase64, toBase64 } from '#archive/base64.ts'
import { commit, manifestText } from '#archive/commitment.ts'
import { Entry } from '#archive/entries.ts'
import { nodeSha256 } from '#archive/sha256-node.ts'
import { Appender } from '#archive/tree/appender.ts'
import { leafHash } from '#archive/tree/hash.ts'
import type { IdentityId } from '#shared/model/index.ts'
import { ProblemError } from '#shared/model/index.ts'
import type { ReadDb } from '../handle.ts'
import { toNumber } from '../ids.ts'
import { bundleEntries, readBundle, readTile, sizeOf } from '../ledgers.ts'
import { manifestOf } from '../manifest.ts'
import type { LedgerCarry, LedgerFault, LedgerStep } from '../store.ts'
import { Payloads } from './records.ts'

/** A place in the check of a ledger: the tree as far as it was built anew. */
const start = (size: number): LedgerCarry => ({ next: 0, size, tiles: [], captures: 0, disposed: 0, bytes: 0 })

/**
 * Checks a ledger by building it anew, `limit` entries at a time: every entry parses and has its number, hashes and checkpoints are
 * those of the entries, every record opens its commitment, and, with `payloads`, its bytes have their hash.
 * @param carry Null to begin; then what the step before gave.
 */
export function verifyLedger(
  db: ReadDb,
  identityId: IdentityId,
  carry: LedgerCarry | null,
  limit: number,
  payloads: boolean,
): LedgerStep {
  const identity = toNumber(identityId)
  const at = carry ?? start(sizeOf(db, identity))
  const check = new Check(db, identity, at, payloads)
  check.run(limit)
  return { carry: check.carry(), faults: check.faults, done: check.next >= at.size }
}

class Check {
  readonly faults: LedgerFault[] = []
  next: number
  readonly #db: ReadDb
  readonly #identity: number
  readonly #before: LedgerCarry
  readonly #tree: Appender
  readonly #payloads: Payloads | null
  /** Roots that were signed, by size. */
  readonly #signed: Map<number, string>
  #captures = 0
  #disposed = 0
  #bytes = 0

  constructor(db: ReadDb, identity: number, before: LedgerCarry, payloads: boolean) {
    this.#db = db
    this.#identity = identity
    this.#before = before
    this.next = before.next
    const tiles = new Map(before.tiles.map(({ level, n, hashes }) => [`${level}/${n}`, hashes]))
    this.#tree = new Appender(nodeSha256, before.next, (level, n) => fromBase64(tiles.get(`${level}/${n}`) ?? ''))
    this.#payloads = payloads ? new Payloads(db) : null
    this.#signed = new Map(
      db
        .all<{ size: number; root: Uint8Array }>(
          'SELECT size, root FROM checkpoint WHERE identity_id = ? AND size > ? ORDER BY size',
          identity,
          before.next,
        )
        .map(({ size, root }) => [size, toBase64(root)]),
    )
  }

  run(limit: number): void {
    const end = Math.min(this.#before.size, this.next + limit)
    while (this.next < end) {
      const n = Math.floor(this.next / bundleEntries)
      const fault = this.#runBundle(n, Math.min(end, (n + 1) * bundleEntries))
      if (fault === null) continue
      // Without what comes next nothing after it can be placed in the tree.
      this.faults.push(fault)
      this.next = this.#before.size
      return
    }
    this.#compareTiles()
    if (this.next >= this.#before.size) this.#finish()
  }

  #runBundle(n: number, stop: number): LedgerFault | null {
    const bundle = this.#bundle(n)
    if (bundle === null) return { code: 'bundle_missing', seq: this.next }
    for (; this.next < stop; this.next++) {
      const entry = bundle[this.next % bundleEntries]
      if (entry === undefined) return { code: 'entry_missing', seq: this.next }
      this.#tree.append(leafHash(nodeSha256, entry))
      this.#look(entry, this.next)
      this.#meet(this.next + 1)
    }
    return null
  }

  #bundle(n: number): string[] | null {
    try {
      return readBundle(this.#db, this.#identity, n)
    } catch (error) {
      if (error instanceof ProblemError) return null
      throw error
    }
  }

  #look(text: string, seq: number): void {
    const entry = Entry.safeParse(parse(text))
    if (!entry.success || entry.data.seq !== seq) {
      this.faults.push({ code: 'entry_changed', seq })
      return
    }
    if (entry.data.kind === 'disposal') this.#disposed += entry.data.entries.length
    if (entry.data.kind !== 'capture' && entry.data.kind !== 'edit') return
    this.#captures++
    this.#record(Number(entry.data.record), entry.data.commitment, seq)
  }

  #record(id: number, commitment: string, seq: number): void {
    const row = this.#db.get<{ salt: Uint8Array | null; seq: number | null }>('SELECT salt, seq FROM record WHERE id = ?', id)
    if (!row) {
      if (!this.#wasDisposed(seq)) this.faults.push({ code: 'record_missing', seq })
      return
    }
    const opened = row.seq === seq && row.salt !== null
    if (!opened || commit(nodeSha256, row.salt ?? new Uint8Array(32), manifestText(manifestOf(this.#db, id))) !== commitment) {
      this.faults.push({ code: 'commitment_differs', seq })
      return
    }
    if (!this.#payloads) return
    const bytes = this.#payloads.read(id)
    this.#bytes += bytes?.bytes.byteLength ?? 0
    if (bytes === null || hash('sha256', bytes.bytes, 'hex') !== bytes.sha256) this.faults.push({ code: 'content_differs', seq })
  }

  #wasDisposed(seq: number): boolean {
    return this.#db.value('SELECT 1 FROM disposed WHERE identity_id = ? AND seq = ?', this.#identity, seq) === 1
  }

  #meet(size: number): void {
    const signed = this.#signed.get(size)
    if (signed !== undefined && signed !== toBase64(this.#tree.root()))
      this.faults.push({ code: 'checkpoint_differs', seq: size })
  }

  /** The stored hashes are what proofs are made of. */
  #compareTiles(): void {
    for (const { level, n, hashes } of this.#tree.flush()) {
      const stored = readTile(this.#db, this.#identity, level, n)
      const same = stored !== null && Buffer.from(stored.subarray(0, hashes.byteLength)).equals(hashes)
      if (!same) this.faults.push({ code: 'hashes_differ', seq: n * 256 ** (level + 1) })
    }
  }

  #finish(): void {
    const before = this.#before
    const records = this.#db.value<number>(
      'SELECT count(*) FROM record r JOIN message m ON m.id = r.message_id WHERE m.identity_id = ? AND r.seq < ?',
      this.#identity,
      before.size,
    )
    const entered = before.captures + this.#captures - (before.disposed + this.#disposed)
    if (this.faults.length === 0 && records !== entered) this.faults.push({ code: 'records_differ', seq: before.size })
  }

  carry(): LedgerCarry {
    const { size, captures, disposed, bytes } = this.#before
    return {
      next: this.next,
      size,
      tiles: this.#tree.edge().map(({ level, n, hashes }) => ({ level, n, hashes: toBase64(hashes) })),
      captures: captures + this.#captures,
      disposed: disposed + this.#disposed,
      bytes: bytes + this.#bytes,
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
