import { createHmac, randomBytes } from 'node:crypto'
import type { ReadDb, WriteDb } from './handle.ts'

/**
 * What was disposed of must not come back with the next sync, and must not be told from what is kept for that. So a keyed hash
 * of each message's remote id and of its bytes is kept, by account; the key is in the database and nowhere else.
 */
const keyName = 'forgotten-key'

function keyOf(db: ReadDb): Buffer | null {
  const kept = db.value<string>('SELECT value FROM meta WHERE name = ?', keyName)
  return kept === undefined ? null : Buffer.from(kept, 'base64')
}

function mac(key: Uint8Array, kind: 'id' | 'content', accountId: number, value: string | Uint8Array): Uint8Array {
  return createHmac('sha256', key).update(`${kind}\0${accountId}\0`).update(value).digest()
}

/** Whether messages of one account were disposed of. Reads the key once. */
export class Forgotten {
  readonly #db: ReadDb
  readonly #accountId: number
  readonly #key: Uint8Array | null

  constructor(db: ReadDb, accountId: number) {
    this.#db = db
    this.#accountId = accountId
    const any = db.value('SELECT 1 FROM forgotten WHERE account_id = ? LIMIT 1', accountId) === 1
    this.#key = any ? keyOf(db) : null
  }

  /** @param sha256 Of the bytes, where they are known: the same mail out of a file may have another id. */
  has(remoteId: string, sha256: Uint8Array | null): boolean {
    return this.#has('id', remoteId) || (sha256 !== null && this.#has('content', sha256))
  }

  #has(kind: 'id' | 'content', value: string | Uint8Array): boolean {
    if (this.#key === null) return false
    const hash = mac(this.#key, kind, this.#accountId, value)
    return this.#db.value('SELECT 1 FROM forgotten WHERE account_id = ? AND hash = ?', this.#accountId, hash) === 1
  }

  /** Where the network still has it, so that it is not asked for again. */
  place(db: WriteDb, stream: string, place: string): void {
    db.run(
      'INSERT INTO forgotten_place (account_id, stream, place) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
      this.#accountId,
      stream,
      place,
    )
  }
}

/** Remembers that a message was disposed of. */
export function forget(db: WriteDb, accountId: number, remoteId: string, contents: Uint8Array[]): void {
  let key = keyOf(db)
  if (key === null) {
    key = randomBytes(32)
    db.run('INSERT INTO meta (name, value) VALUES (?, ?)', keyName, key.toString('base64'))
  }
  const hashes = [mac(key, 'id', accountId, remoteId), ...contents.map((sha256) => mac(key, 'content', accountId, sha256))]
  for (const hash of hashes)
    db.run('INSERT INTO forgotten (account_id, hash) VALUES (?, ?) ON CONFLICT DO NOTHING', accountId, hash)
}
