import type { Doc } from './doc.ts'

/** Numbers of a part that are described together. */
export const perBlock = 128
const bytes = perBlock * (8 + 4 + 4 + 2 + 1 + 1)

/**
 * What never changes of 128 messages with neighbouring numbers in a part of the index, by column: message id (which says the time), slot
 * (0 where there is no message), account, language, kind and flags.
 */
export class Facts {
  readonly #bytes: ArrayBuffer
  readonly ids: Float64Array
  readonly slots: Uint32Array
  readonly accounts: Uint32Array
  readonly kinds: Uint8Array
  readonly #languages: Uint16Array
  readonly #flags: Uint8Array

  /** @param stored As `bytes` gave it; without: nothing is there yet. */
  constructor(stored?: Uint8Array) {
    this.#bytes = new ArrayBuffer(bytes)
    if (stored) new Uint8Array(this.#bytes).set(stored)
    let at = 0
    const next = (width: number) => {
      const from = at
      at += width * perBlock
      return from
    }
    this.ids = new Float64Array(this.#bytes, next(8), perBlock)
    this.slots = new Uint32Array(this.#bytes, next(4), perBlock)
    this.accounts = new Uint32Array(this.#bytes, next(4), perBlock)
    this.#languages = new Uint16Array(this.#bytes, next(2), perBlock)
    this.kinds = new Uint8Array(this.#bytes, next(1), perBlock)
    this.#flags = new Uint8Array(this.#bytes, next(1), perBlock)
  }

  get bytes(): Uint8Array {
    return new Uint8Array(this.#bytes)
  }

  put(offset: number, doc: Doc): void {
    this.ids[offset] = doc.id
    this.slots[offset] = doc.slot
    this.accounts[offset] = doc.accountId
    this.kinds[offset] = doc.kind
    this.#languages[offset] = doc.language === null ? 0 : doc.language.charCodeAt(0) * 256 + doc.language.charCodeAt(1)
    this.#flags[offset] = doc.flags
  }

  clear(offset: number): void {
    for (const column of [this.ids, this.slots, this.accounts, this.kinds, this.#languages, this.#flags]) column[offset] = 0
  }

  /** Where a message stands; -1 when it does not. */
  find(id: number): number {
    for (let at = this.ids.indexOf(id); at >= 0; at = this.ids.indexOf(id, at + 1)) if (this.slots[at] !== 0) return at
    return -1
  }

  /** What a block is chosen by. `last` is -1 where no message is left. */
  summary(): { first: number; last: number; rows: number; accounts: Uint8Array } {
    let first = Number.MAX_SAFE_INTEGER
    let last = -1
    let rows = 0
    const accounts = new Set<number>()
    for (let at = 0; at < perBlock; at++) {
      if (this.slots[at] === 0) continue
      const id = this.ids[at] ?? 0
      first = Math.min(first, id)
      last = Math.max(last, id)
      rows += 1
      accounts.add(this.accounts[at] ?? 0)
    }
    return { first, last, rows, accounts: new Uint8Array(Uint32Array.from(accounts).buffer) }
  }
}
