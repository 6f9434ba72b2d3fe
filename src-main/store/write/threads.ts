import type { WriteDb } from '../handle.ts'
import type { BadgeChanges } from './badges.ts'
import { finalOf, Working } from './working.ts'

/** The conversations of one account that a batch touches, and how its messages find and join them. */
export class Threads {
  readonly #db: WriteDb
  readonly #accountId: number
  readonly #identityId: number
  readonly #byId = new Map<number, Working>()
  readonly #byKey = new Map<string, Working>()
  readonly #newKeys = new Map<string, Working>()
  #nextId: number

  constructor(db: WriteDb, accountId: number, identityId: number) {
    this.#db = db
    this.#accountId = accountId
    this.#identityId = identityId
    // Ids of joined conversations stay taken, so that an old id never names another conversation.
    const last = db.value<number>(
      'SELECT max(coalesce((SELECT max(id) FROM conversation), 0), coalesce((SELECT max(id) FROM merged), 0))',
    )
    this.#nextId = (last ?? 0) + 1
  }

  byId(id: number): Working {
    let working = this.#byId.get(id)
    if (!working) {
      working = Working.load(this.#db, id)
      this.#byId.set(id, working)
    }
    return finalOf(working)
  }

  /** The one conversation of all these keys (and of `from`, where the message is known already): found, joined or new. */
  join(keys: string[], from: Working | null): Working {
    let found = from
    const fresh: string[] = []
    for (const key of keys) {
      const known = this.#lookUp(key)
      if (!known) fresh.push(key)
      else if (!found) found = known
      else if (known !== found) {
        const [older, newer] = known.now.id < found.now.id ? [known, found] : [found, known]
        older.join(newer)
        found = older
      }
    }
    if (!found) {
      found = Working.create(this.#nextId++, this.#accountId, this.#identityId)
      this.#byId.set(found.now.id, found)
    }
    for (const key of fresh) {
      this.#byKey.set(key, found)
      this.#newKeys.set(key, found)
    }
    return found
  }

  #lookUp(key: string): Working | null {
    const seen = this.#byKey.get(key)
    if (seen) return finalOf(seen)
    const id = this.#db.value<number>(
      'SELECT conversation_id FROM thread_key WHERE account_id = ? AND key = ?',
      this.#accountId,
      key,
    )
    if (id === undefined) return null
    const working = this.byId(id)
    this.#byKey.set(key, working)
    return working
  }

  /** Writes what changed since the last time: before messages are written (they name their conversation), and at the end. */
  write(badges: BadgeChanges): void {
    for (const working of this.#byId.values()) working.dissolve(this.#db, badges)
    for (const working of this.#byId.values()) working.write(this.#db, badges)
    for (const [key, working] of this.#newKeys) {
      this.#db.run(
        'INSERT INTO thread_key (account_id, key, conversation_id, identity_id) VALUES (?, ?, ?, ?)',
        this.#accountId,
        key,
        finalOf(working).now.id,
        this.#identityId,
      )
    }
    this.#newKeys.clear()
  }

  /** Conversations that are there at the end. */
  *all(): Generator<Working> {
    for (const working of this.#byId.values()) if (!working.into) yield working
  }
}
