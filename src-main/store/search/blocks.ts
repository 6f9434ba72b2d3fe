import type { ReadDb } from '../handle.ts'
import { Facts, perBlock } from './facts.ts'

/** 128 neighbouring numbers of a part, and what a search chooses it by. */
export interface Block {
  part: number
  /** First of its numbers. */
  low: number
  /** Messages in it. */
  rows: number
  /** Ids of its oldest and newest message. */
  first: number
  last: number
  accounts: Uint32Array
}

interface BlockRow {
  part_id: number
  low: number
  rows: number
  first_id: number
  last_id: number
  stamp: number
  accounts: Uint8Array
}

/** Facts that are kept in memory: 40 MB, two million messages. */
const mostFacts = 16_384

/** What one connection knows of the blocks; brought up to date with every call. */
export class Blocks {
  readonly #db: ReadDb
  readonly #known = new Map<string, Block>()
  readonly #facts = new Map<Block, Facts>()
  #newest: Block[] = []
  #stamp = -1
  #epoch = -1
  /** Messages up to this slot are not in the index yet. */
  todo = 0

  private constructor(db: ReadDb) {
    this.#db = db
  }

  /** The blocks as they are in the snapshot of this call. */
  static of(db: ReadDb): Blocks {
    let blocks = kept.get(db)
    if (!blocks) {
      blocks = new Blocks(db)
      kept.set(db, blocks)
    }
    blocks.#refresh()
    return blocks
  }

  /** Every block with messages, those with the newest one first. */
  get newest(): readonly Block[] {
    return this.#newest
  }

  facts(block: Block): Facts {
    let facts = this.#facts.get(block)
    if (!facts) {
      const stored = this.#db.value<Uint8Array>(
        'SELECT facts FROM search_fact WHERE part_id = ? AND low = ?',
        block.part,
        block.low,
      )
      facts = new Facts(stored)
      if (this.#facts.size >= mostFacts) this.#facts.clear()
      this.#facts.set(block, facts)
    }
    return facts
  }

  /** How many numbers a part has, and whether they are in order of time. */
  shape(part: number): { size: number; sorted: number } {
    const found = this.#db.get<{ size: number; sorted: number }>(
      'SELECT next AS size, sorted FROM search_part WHERE id = ?',
      part,
    )
    return found ?? { size: 0, sorted: 0 }
  }

  /** The block of a number of a part; undefined where it has no message any more. */
  at(part: number, number: number): Block | undefined {
    return this.#known.get(`${part}/${number - (number % perBlock)}`)
  }

  #refresh(): void {
    const state = this.#db.get<{ epoch: number; todo: number }>('SELECT epoch, todo FROM search_state')
    this.todo = state?.todo ?? 0
    if (state && state.epoch !== this.#epoch) {
      this.#known.clear()
      this.#facts.clear()
      this.#stamp = -1
      this.#epoch = state.epoch
    }
    const changed = this.#db.all<BlockRow & object>(
      'SELECT part_id, low, rows, first_id, last_id, stamp, accounts FROM search_block WHERE stamp > ?',
      this.#stamp,
    )
    if (changed.length === 0 && this.#known.size > 0) return
    for (const row of changed) {
      const key = `${row.part_id}/${row.low}`
      const before = this.#known.get(key)
      if (before) this.#facts.delete(before)
      this.#stamp = Math.max(this.#stamp, row.stamp)
      if (row.rows === 0) this.#known.delete(key)
      else this.#known.set(key, toBlock(row))
    }
    this.#newest = [...this.#known.values()].sort((a, b) => b.last - a.last)
  }
}

const kept = new WeakMap<ReadDb, Blocks>()

function toBlock(row: BlockRow): Block {
  const accounts = new Uint32Array(new Uint8Array(row.accounts).buffer)
  return { part: row.part_id, low: row.low, rows: row.rows, first: row.first_id, last: row.last_id, accounts }
}
