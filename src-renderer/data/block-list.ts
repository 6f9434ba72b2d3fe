import type { Outline, Page } from '#shared/contract/index.ts'
import type { ConversationId, ConversationRow, SortKey } from '#shared/model/index.ts'

/** A row and the place it is shown at: its own key, or the one it had while it is held still under the reader's eyes. */
interface Placed {
  row: ConversationRow
  place: SortKey
}

/** A stretch of the list, newest first: from `start` down to the start of the next block. */
interface Block {
  start: SortKey
  count: number
  /** Null until it was fetched. */
  rows: Placed[] | null
}

/** What to ask the engine for, so that the block that starts at `start` gets its rows. */
export interface Missing {
  start: SortKey
  from: SortKey | null
  until: SortKey | null
}

export interface Update {
  rows: readonly ConversationRow[]
  /** Whether a row belongs in this list. */
  matches: (row: ConversationRow) => boolean
  /** Whether a row that got a newer key stays where it is for now. */
  hold: (id: ConversationId) => boolean
}

/** Most rows kept in one block before it is split in two. */
const SPLIT = 250

/** Orders keys oldest first. They are decimal strings without leading zeros. */
export function compareKeys(a: SortKey, b: SortKey): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)
}

/**
 * The list as far as it is known: its length, the key at every hundredth row or so, and the rows of the blocks that were
 * looked at. Counts of blocks that were not fetched are estimates and correct themselves when they are.
 */
export class BlockList {
  private blocks: Block[] = []
  /** Index of each block's first row; rebuilt when `stale`. */
  private firsts: number[] = []
  private stale = false
  private length = 0
  private readonly where = new Map<ConversationId, Block>()
  /** Rows that are held at an older place than their own. */
  private readonly displaced = new Set<ConversationId>()
  /** Changes were seen whose effect on the counts cannot be known: an outline puts it right. */
  doubtful = false

  constructor(outline?: Outline) {
    if (!outline) return
    const { keys, step, total } = outline
    this.blocks = keys.map((start, i) => ({ start, count: Math.max(1, Math.min(step, total - i * step)), rows: null }))
    this.stale = true
  }

  get total(): number {
    this.index()
    return this.length
  }

  /** The row at an index, or null when it is not there or not fetched. */
  rowAt(index: number): ConversationRow | null {
    return this.placedAt(index)?.row ?? null
  }

  /** Where the row at an index is shown; null when it is not fetched. */
  placeAt(index: number): SortKey | null {
    return this.placedAt(index)?.place ?? null
  }

  get(id: ConversationId): ConversationRow | null {
    return this.find(id)?.placed.row ?? null
  }

  /** Index of a conversation among fetched rows, or -1. */
  indexOf(id: ConversationId): number {
    const found = this.find(id)
    if (!found) return -1
    return this.firstOf(found.block) + found.at
  }

  /** Index of the first row at or older than a place: exact in fetched blocks, the block's first row elsewhere. */
  indexOfPlace(place: SortKey): number {
    const block = this.blockFor(place)
    if (!block) return 0
    const first = this.firstOf(block)
    if (!block.rows)
      return compareKeys(place, block.start) >= 0 ? first : Math.min(first + Math.floor(block.count / 2), this.length - 1)
    const at = block.rows.findIndex((placed) => compareKeys(placed.place, place) <= 0)
    return first + (at < 0 ? block.rows.length : at)
  }

  /** Blocks without rows between two indexes, both included. */
  missing(from: number, to: number): Missing[] {
    this.index()
    const found: Missing[] = []
    for (let i = this.blockIndexAt(Math.max(0, from)); i >= 0 && i < this.blocks.length; i++) {
      const block = this.blocks[i]
      if (!block || (this.firsts[i] ?? 0) > to) break
      if (!block.rows)
        found.push({ start: block.start, from: i === 0 ? null : block.start, until: this.blocks[i + 1]?.start ?? null })
    }
    return found
  }

  /** Takes the rows of a block. A block that was merged or rebuilt meanwhile ignores them. */
  fill(start: SortKey, page: Page): void {
    const block = this.blocks.find((other) => other.start === start)
    if (!block || block.rows) return
    const known = block.count
    for (const row of page.rows) this.forget(row.id)
    block.rows = page.rows.map((row) => ({ row, place: row.sortKey }))
    block.count = page.rows.length
    for (const row of page.rows) this.where.set(row.id, block)
    const first = page.rows[0]
    if (first && compareKeys(first.sortKey, block.start) > 0) block.start = first.sortKey
    if (page.next)
      this.blocks.splice(this.blocks.indexOf(block) + 1, 0, {
        start: page.next,
        count: Math.max(1, known - page.rows.length),
        rows: null,
      })
    this.stale = true
    this.tidy(block)
  }

  /** Takes new, moved and changed conversations. */
  apply({ rows, matches, hold }: Update): void {
    for (const row of rows) {
      const found = this.find(row.id)
      if (found) {
        if (!matches(row)) this.removeAt(found.block, found.at)
        else if (found.placed.place === row.sortKey) found.placed.row = row
        else if (hold(row.id)) {
          found.placed.row = row
          this.displaced.add(row.id)
        } else {
          this.removeAt(found.block, found.at)
          this.insert(row)
        }
      } else if (matches(row)) this.insert(row)
      else if (this.blocks.some((block) => !block.rows)) this.doubtful = true
    }
  }

  /** Puts rows that were held still where they belong, except those that are still to be held. @returns whether any moved. */
  settle(hold: (id: ConversationId) => boolean): boolean {
    let moved = false
    for (const id of [...this.displaced]) {
      if (hold(id)) continue
      this.displaced.delete(id)
      const found = this.find(id)
      if (!found) continue
      this.removeAt(found.block, found.at)
      this.insert(found.placed.row)
      moved = true
    }
    return moved
  }

  /** Lets go of fetched rows outside of two indexes, so that a long walk does not fill the memory. */
  evict(from: number, to: number): void {
    this.index()
    this.blocks.forEach((block, i) => {
      const first = this.firsts[i] ?? 0
      if (!block.rows || (first <= to && first + block.count > from)) return
      for (const { row } of block.rows) this.where.delete(row.id)
      block.rows = null
    })
  }

  /** All fetched rows between two indexes, both included. */
  slice(from: number, to: number): ConversationRow[] {
    const rows: ConversationRow[] = []
    for (let i = from; i <= to; i++) {
      const row = this.rowAt(i)
      if (row) rows.push(row)
    }
    return rows
  }

  private insert(row: ConversationRow): void {
    const placed: Placed = { row, place: row.sortKey }
    const block = this.blockFor(row.sortKey)
    if (!block) {
      const made: Block = { start: row.sortKey, count: 1, rows: [placed] }
      this.blocks.push(made)
      this.where.set(row.id, made)
      this.stale = true
      return
    }
    if (block.rows) {
      const at = block.rows.findIndex((other) => compareKeys(other.place, row.sortKey) < 0)
      block.rows.splice(at < 0 ? block.rows.length : at, 0, placed)
      this.where.set(row.id, block)
    }
    // It may have been counted under an older key in a block that was not fetched.
    if (this.blocks.some((other) => !other.rows)) this.doubtful = true
    block.count += 1
    if (compareKeys(row.sortKey, block.start) > 0) block.start = row.sortKey
    this.stale = true
    this.tidy(block)
  }

  private removeAt(block: Block, at: number): void {
    const removed = block.rows?.splice(at, 1)[0]
    if (!removed) return
    this.where.delete(removed.row.id)
    this.displaced.delete(removed.row.id)
    block.count -= 1
    this.stale = true
    this.tidy(block)
  }

  private forget(id: ConversationId): void {
    const found = this.find(id)
    if (found) this.removeAt(found.block, found.at)
  }

  /** Drops an empty block, splits a long one. */
  private tidy(block: Block): void {
    const at = this.blocks.indexOf(block)
    if (block.count <= 0) {
      this.blocks.splice(at, 1)
      return
    }
    if (!block.rows || block.rows.length <= SPLIT) return
    const half = Math.ceil(block.rows.length / 2)
    const rest = block.rows.splice(half)
    const start = rest[0]?.place
    if (start === undefined) return
    const made: Block = { start, count: rest.length, rows: rest }
    block.count = block.rows.length
    for (const { row } of rest) this.where.set(row.id, made)
    this.blocks.splice(at + 1, 0, made)
  }

  private placedAt(index: number): Placed | null {
    this.index()
    if (index < 0 || index >= this.length) return null
    const i = this.blockIndexAt(index)
    return this.blocks[i]?.rows?.[index - (this.firsts[i] ?? 0)] ?? null
  }

  private find(id: ConversationId): { block: Block; at: number; placed: Placed } | null {
    const block = this.where.get(id)
    const at = block?.rows?.findIndex((placed) => placed.row.id === id) ?? -1
    const placed = block?.rows?.[at]
    return block && placed ? { block, at, placed } : null
  }

  private firstOf(block: Block): number {
    this.index()
    return this.firsts[this.blocks.indexOf(block)] ?? 0
  }

  /** The block that a key falls in: the oldest one that starts at or above it; the first for keys above all. */
  private blockFor(key: SortKey): Block | null {
    let low = 0
    let high = this.blocks.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      const block = this.blocks[middle]
      if (block && compareKeys(block.start, key) >= 0) low = middle
      else high = middle - 1
    }
    return this.blocks[low] ?? null
  }

  private blockIndexAt(index: number): number {
    let low = 0
    let high = this.blocks.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.firsts[middle] ?? 0) <= index) low = middle
      else high = middle - 1
    }
    return low
  }

  private index(): void {
    if (!this.stale) return
    let next = 0
    this.firsts = this.blocks.map((block) => {
      const first = next
      next += block.count
      return first
    })
    this.length = next
    this.stale = false
  }
}
