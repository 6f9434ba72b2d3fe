import { fromBase64, toBase64 } from '#archive/base64.ts'
import { commit, manifestText } from '#archive/commitment.ts'
import { capturedEntry, Entry } from '#archive/entries.ts'
import { nodeSha256 } from '#archive/sha256-node.ts'
import { Appender } from '#archive/tree/appender.ts'
import { leafHash } from '#archive/tree/hash.ts'
import type { LedgerCarry, LedgerFault, LedgerStep } from '#shared/contract/index.ts'
import type { IdentityId } from '#shared/model/index.ts'
import { ProblemError } from '#shared/model/index.ts'
import type { ReadDb } from '../handle.ts'
import { toNumber } from '../ids.ts'
import { bundleEntries, readBundle, readTile, sizeOf } from '../ledgers.ts'
import { Manifests, type Whereabouts } from '../manifest.ts'
import { findItem, statementOf } from './outbox.ts'
import { Payloads } from './records.ts'

/** A place in the check of a ledger: the tree as far as it was built anew. */
const start = (size: number): LedgerCarry => ({ next: 0, size, tiles: [], captures: 0, disposed: 0, covered: 0, bytes: 0 })

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
  readonly #manifests: Manifests
  readonly #payloads: Payloads | null
  /** Roots that were signed, by size. */
  readonly #signed: Map<number, string>
  #captures = 0
  #disposed = 0
  #covered = 0
  #bytes = 0

  constructor(db: ReadDb, identity: number, before: LedgerCarry, payloads: boolean) {
    this.#db = db
    this.#identity = identity
    this.#before = before
    this.next = before.next
    const tiles = new Map(before.tiles.map(({ level, n, hashes }) => [`${level}/${n}`, hashes]))
    this.#tree = new Appender(nodeSha256, before.next, (level, n) => fromBase64(tiles.get(`${level}/${n}`) ?? ''))
    this.#manifests = new Manifests(db)
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
    const heads = bundle.map(parse)
    this.#manifests.ahead(heads.flatMap((head) => (isCapture(head) ? [Number(head.record)] : [])))
    for (; this.next < stop; this.next++) {
      const entry = bundle[this.next % bundleEntries]
      if (entry === undefined) return { code: 'entry_missing', seq: this.next }
      this.#tree.append(leafHash(nodeSha256, entry))
      this.#look(entry, heads[this.next % bundleEntries] ?? null, this.next)
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

  #look(text: string, entry: Head | null, seq: number): void {
    // The two kinds that come by the million are compared with what they should be; the others are few.
    if (isCapture(entry)) this.#capture(text, entry, seq)
    else {
      const read = Entry.safeParse(entry)
      if (!read.success || read.data.seq !== seq) this.faults.push({ code: 'entry_changed', seq })
      else if (read.data.kind === 'disposal') this.#disposed += read.data.entries.length
      else if (read.data.kind === 'coverage') this.#coverage(read.data)
      else if (read.data.kind === 'send') this.#send(read.data)
    }
  }

  /** Answers are given from the table, so it has to say what was entered. */
  #coverage({ account, from, seq, state, to }: Extract<Entry, { kind: 'coverage' }>): void {
    this.#covered++
    const told = this.#db.value(
      `SELECT 1 FROM coverage WHERE account_id = ? AND identity_id = ? AND to_at = ? AND from_at = ? AND state = ? AND seq = ?`,
      toNumber(account),
      this.#identity,
      to,
      from,
      state,
      seq,
    )
    if (told !== 1) this.faults.push({ code: 'coverage_differs', seq })
  }

  /** What was to be sent opens the commitment; what was disposed of has no item any more. */
  #send({ commitment, item, seq }: Extract<Entry, { kind: 'send' }>): void {
    const row = findItem(this.#db, Number(item))
    if (!row) return
    const opened = row.identity_id === this.#identity && commit(nodeSha256, row.salt, statementOf(row)) === commitment
    if (!opened) this.faults.push({ code: 'commitment_differs', seq })
  }

  #capture(text: string, { at, commitment, record, seq: said }: Head, seq: number): void {
    this.#captures++
    const id = Number(record)
    const found = said === seq && typeof at === 'string' ? this.#manifests.read(id) : null
    if (found === null) {
      if (said !== seq) this.faults.push({ code: 'entry_changed', seq })
      else if (!this.#wasDisposed(seq)) this.faults.push({ code: 'record_missing', seq })
      return
    }
    const { manifest, salt, at: place } = found
    const opened = found.seq === seq && salt !== null && commit(nodeSha256, salt, manifestText(manifest)) === commitment
    if (!opened) this.faults.push({ code: 'commitment_differs', seq })
    else if (capturedEntry({ ...manifest, at: String(at), commitment: String(commitment), seq }) !== text)
      this.faults.push({ code: 'entry_changed', seq })
    else this.#content(place, manifest.sha256, seq)
  }

  #content(place: Whereabouts, sha256: string, seq: number): void {
    if (!this.#payloads) return
    const bytes = this.#payloads.at(place)
    this.#bytes += bytes?.byteLength ?? 0
    if (bytes === null || nodeSha256.hex(bytes) !== sha256) this.faults.push({ code: 'content_differs', seq })
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
    // What is gone is numbered as it goes; the entry that says so follows when the disposal is done.
    const gone = this.#gone('d.seq < ?')
    const told = this.#gone('p.seq < ?')
    const entered = before.captures + this.#captures - gone
    const fits = records === entered && told === before.disposed + this.#disposed
    if (this.faults.length === 0 && !fits) this.faults.push({ code: 'records_differ', seq: before.size })
    const covered = this.#db.value<number>(
      'SELECT count(*) FROM coverage WHERE identity_id = ? AND seq < ?',
      this.#identity,
      before.size,
    )
    if (this.faults.length === 0 && covered !== before.covered + this.#covered)
      this.faults.push({ code: 'coverage_differs', seq: before.size })
  }

  #gone(where: 'd.seq < ?' | 'p.seq < ?'): number {
    const sql = `SELECT count(*) FROM disposed d JOIN disposal p ON p.id = d.disposal_id WHERE d.identity_id = ? AND ${where}`
    return this.#db.value<number>(sql, this.#identity, this.#before.size) ?? 0
  }

  carry(): LedgerCarry {
    const { size, captures, disposed, covered, bytes } = this.#before
    return {
      next: this.next,
      size,
      tiles: this.#tree.edge().map(({ level, n, hashes }) => ({ level, n, hashes: toBase64(hashes) })),
      captures: captures + this.#captures,
      disposed: disposed + this.#disposed,
      covered: covered + this.#covered,
      bytes: bytes + this.#bytes,
    }
  }
}

/** What is looked at in every entry. */
interface Head {
  kind?: unknown
  at?: unknown
  commitment?: unknown
  record?: unknown
  seq?: unknown
}

function isCapture(head: Head | null): head is Head {
  return head?.kind === 'capture' || head?.kind === 'edit'
}

function parse(text: string): Head | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' ? value : null
  } catch {
    return null
  }
}
