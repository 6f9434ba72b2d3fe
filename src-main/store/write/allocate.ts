import type { WriteDb } from '../handle.ts'
import { firstId, nextSecond, spread } from '../ids.ts'

/** How many neighbours are tried before the end of the second is looked up. */
const neighbours = 8

/** Gives new messages ids in their time that no other message has. */
export class Allocator {
  readonly #db: WriteDb
  readonly #given = new Set<number>()
  /** The highest id of each second that is crowded. */
  readonly #tails = new Map<number, number>()
  constructor(db: WriteDb) {
    this.#db = db
  }

  next(at: string, remoteId: string): number {
    const start = firstId(at) + spread(remoteId)
    for (let id = start; id < start + neighbours; id++) {
      if (!this.#taken(id)) return this.#give(id)
    }
    return this.#give(this.#afterLast(start))
  }

  #taken(id: number): boolean {
    return this.#given.has(id) || this.#db.value('SELECT 1 FROM message WHERE id = ?', id) === 1
  }

  #give(id: number): number {
    this.#given.add(id)
    const end = nextSecond(id)
    const tail = this.#tails.get(end)
    if (tail !== undefined && id > tail) this.#tails.set(end, id)
    return id
  }

  /** One after the highest id of the second, or of the next one when that is full. */
  #afterLast(start: number): number {
    for (let end = nextSecond(start); ; end = nextSecond(end)) {
      let tail = this.#tails.get(end)
      if (tail === undefined) {
        tail = this.#db.value<number>('SELECT coalesce(max(id), -1) FROM message WHERE id < ?', end) ?? -1
        for (const id of this.#given) if (id < end && id > tail) tail = id
        this.#tails.set(end, tail)
      }
      if (tail + 1 < end) return tail + 1
    }
  }
}
