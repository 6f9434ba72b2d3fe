import type { ReadDb } from '../handle.ts'
import { monthOf } from '../ids.ts'
import { type Block, Blocks } from './blocks.ts'
import { columns } from './doc.ts'
import { perBlock } from './facts.ts'
import { tableOf } from './parts.ts'
import type { Compiled, Plan } from './plan.ts'
import { byPart, firstAtLeast, type Hit, newestOf, type Run, runsOf } from './runs.ts'

/** Blocks that are looked at first; then twice as many, and so on. */
const firstBlocks = 8
const mostBlocks = 2048
/** So few blocks (about two months of a large office) are read without asking whether their parts have few hits. */
const directBlocks = 160
/** A part in which no more than so many match is asked once for all of them. */
const fewInPart = 200
/** A part that is not sorted and has no more messages is asked once for all of them: any of its blocks may have the newest. */
const smallPart = 32_768
/** So many of the newest hits of a sorted part are asked for at once, when they are asked for by beginnings of words. */
const topOfPart = 500
/** More of the newest hits of a sorted part than a page has: one statement instead of one for every few blocks. */
const spare = 13
/** So far from its newest number a part's newest hits are asked for at once; FTS5 gets there by passing over all that match. */
const nearEnd = 4096

/** Told now and then while a search goes on; throws to end it. */
export type Watch = () => void

/** What a word counts for by where it stands, in the order of `columns`. */
const weights: Record<(typeof columns)[number], number> = {
  body: 1,
  subject: 4,
  who: 3,
  peer: 2,
  rcpt: 1,
  file: 2,
  stem: 0.5,
  f: 0,
}

/** The expression that every hit matches; null where there is none. */
function mainOf(plan: Plan): Extract<Plan, { kind: 'match' }> | null {
  for (const part of plan.kind === 'and' ? plan.parts : [plan]) if (part.kind === 'match') return part
  return null
}

/** One query on one connection, in one snapshot. */
export class Search {
  readonly blocks: Blocks
  readonly #db: ReadDb
  readonly #query: Compiled
  readonly #watch: Watch
  /** Hits can only be in a few blocks. */
  #direct = false
  /** How many hits are wanted. */
  #most = 0
  /** Hits that are not newer than this are not wanted any more. */
  #floor = -1
  /** Ids of the few messages that can be hits, from each condition that has few. */
  readonly #small: Float64Array[]
  /** What a part was found to hold; null where that is more than a few. */
  readonly #parts = new Map<number, Float64Array | null>()
  /** Of a sorted part, the newest that match the main expression, and the first and last number of the blocks of which they are all. */
  readonly #tops = new Map<number, { low: number; last: number; numbers: number[] }>()

  constructor(db: ReadDb, query: Compiled, watch: Watch) {
    this.#db = db
    this.#query = query
    this.#watch = watch
    this.blocks = Blocks.of(db)
    const { plan } = query
    const needed = plan.kind === 'and' ? plan.parts : [plan]
    this.#small = needed.flatMap((part) => (part.kind === 'check' && part.check.small !== null ? [part.check.small] : []))
  }

  /** The newest hits with ids below `before`, newest first; `most` of them, or all there are. */
  newest(most: number, before: number): Hit[] {
    const { plan } = this.#query
    if (plan.kind === 'none') return []
    const list = this.#candidates(before)
    const done = new Set<number>()
    let hits: Hit[] = []
    this.#most = most
    this.#floor = -1
    // A few blocks are read at once, without a look at the rest of their parts.
    this.#direct = list !== this.blocks.newest && list.length <= directBlocks && mainOf(plan)?.prefix !== true
    let size = this.#direct ? directBlocks : firstBlocks
    for (let at = 0; at < list.length; ) {
      this.#watch()
      const chosen: Block[] = []
      for (; at < list.length && chosen.length < size; at++) {
        const block = list[at]
        if (block && !done.has(block.part) && this.#mayHave(block, before)) chosen.push(block)
      }
      for (const hit of this.#among(chosen, done)) if (hit.id < before) hits.push(hit)
      hits = newestOf(hits, most)
      this.#floor = hits[most - 1]?.id ?? -1
      if (this.#floor > (list[at]?.last ?? -1)) break
      size = Math.min(size * 2, mostBlocks)
    }
    return hits
  }

  /** How many hits each month (`2026-11`, UTC) has. Blocks of one month are counted by SQLite, without a look at each hit. */
  months(): Map<string, number> {
    const months = new Map<string, number>()
    const { plan } = this.#query
    const add = (month: string, count: number) => months.set(month, (months.get(month) ?? 0) + count)
    const blocks = plan.kind === 'none' ? [] : this.blocks.newest.filter((block) => this.#mayHave(block, Number.MAX_SAFE_INTEGER))
    for (const [part, list] of byPart(blocks)) {
      this.#watch()
      const hits: Hit[] = []
      const few = this.#fewOf(part, [])
      const pure = (block: Block) =>
        plan.kind === 'match' && monthOf(block.first) !== null && monthOf(block.first) === monthOf(block.last)
      if (few !== null) this.#keep(hits, part, few)
      else {
        for (const run of runsOf(list.filter((block) => !pure(block)))) this.#keep(hits, part, this.#evaluate(plan, run))
        const oneMonth = runsOf(list.filter(pure), (a, b) => monthOf(a.first) === monthOf(b.first))
        for (const run of oneMonth) add(monthOf(this.blocks.at(part, run.from)?.first ?? 0) ?? '', this.#count(run))
      }
      for (const hit of hits) add(monthOf(hit.id) ?? this.atOf(hit).slice(0, 7), 1)
    }
    for (const [month, count] of months) if (count === 0) months.delete(month)
    return months
  }

  #count({ part, from, to }: Run): number {
    const { plan } = this.#query
    const table = tableOf(part)
    const sql = `SELECT count(*) FROM ${table} WHERE ${table} MATCH ? AND rowid BETWEEN CAST(? AS INTEGER) AND CAST(? AS INTEGER)`
    return plan.kind === 'match' ? (this.#db.value<number>(sql, plan.match, from, to) ?? 0) : 0
  }

  /** The date of a hit, ISO 8601. */
  atOf(hit: Hit): string {
    const slot = this.blocks.facts(hit.block).slots[hit.number - hit.block.low] ?? 0
    return this.#db.value<string>('SELECT at FROM message WHERE slot = ?', slot) ?? ''
  }

  /** Those of some hits that another plan matches too. */
  among(plan: Plan, hits: readonly Hit[]): Set<Hit> {
    const found = new Set<Hit>()
    for (const [part, own] of byPart(hits)) {
      const numbers = own.map(({ number }) => number).sort((a, b) => a - b)
      const kept = new Set(this.#narrow(plan, part, numbers))
      for (const hit of own) if (kept.has(hit.number)) found.add(hit)
    }
    return found
  }

  /** How well hits fit, by what SQLite says of their words: the lower the better. Those that were not found by words have none. */
  scores(hits: readonly Hit[]): Map<Hit, number> {
    const scores = new Map<Hit, number>()
    const main = mainOf(this.#query.plan)
    if (main === null) return scores
    for (const [part, own] of byPart(hits)) {
      this.#watch()
      const table = tableOf(part)
      const byNumber = new Map(own.map((hit) => [hit.number, hit]))
      const numbers = [...byNumber.keys()].sort((a, b) => a - b)
      // One statement for each part: with every one SQLite counts anew how rare the words are. Only what is asked for is scored.
      const sql = `SELECT rowid, bm25(${table}, ${columns.map((column) => weights[column]).join(', ')}) FROM ${table}
        WHERE ${table} MATCH ? AND rowid BETWEEN CAST(? AS INTEGER) AND CAST(? AS INTEGER) AND +rowid IN (SELECT value FROM json_each(?))`
      const [from, to] = [numbers[0] ?? 0, numbers.at(-1) ?? 0]
      for (const [number, score] of this.#db.each<[number, number]>(sql, main.match, from, to, JSON.stringify(numbers))) {
        const hit = byNumber.get(number)
        if (hit) scores.set(hit, score)
      }
    }
    return scores
  }

  /** The blocks that hits may be in, those with the newest mail first. */
  #candidates(before: number): readonly Block[] {
    const { from, until, accounts } = this.#query
    const all = this.blocks.newest
    if (from === 0 && until === Number.MAX_SAFE_INTEGER && accounts === null && this.#small.length === 0) return all
    return all.filter((block) => this.#mayHave(block, before))
  }

  /** Whether hits may be in a block, by its times and accounts, and by the few messages of which something must be true. */
  #mayHave(block: Block, before: number): boolean {
    const { from, until, accounts } = this.#query
    if (block.first >= before || block.first >= until || block.last < from) return false
    if (accounts !== null && !block.accounts.some((account) => accounts.has(account))) return false
    return this.#small.every((ids) => (ids[firstAtLeast(ids, block.first)] ?? Number.POSITIVE_INFINITY) <= block.last)
  }

  /** Hits in blocks, in no order. A part that turns out to have few is done with at once. */
  #among(blocks: readonly Block[], done: Set<number>): Hit[] {
    const hits: Hit[] = []
    for (const [part, list] of byPart(blocks)) {
      const few = this.#direct ? null : this.#fewOf(part, list)
      if (few !== null) {
        done.add(part)
        this.#keep(hits, part, few)
        continue
      }
      const top = this.#tops.get(part)
      const isKnown = ({ low }: Block) => top !== undefined && low >= top.low && low < top.last
      const [known, others] = [list.filter(isKnown), list.filter((block) => !isKnown(block))]
      for (const { from, to } of runsOf(known)) {
        const numbers = top?.numbers.filter((number) => number >= from && number <= to) ?? []
        this.#keep(hits, part, this.#narrow(this.#besides(), part, numbers))
      }
      for (const run of runsOf(others)) this.#keep(hits, part, this.#evaluate(this.#query.plan, run))
    }
    return hits
  }

  /** What hits must be besides matching the main expression. */
  #besides(): Plan {
    const { plan } = this.#query
    return { kind: 'and', parts: plan.kind === 'and' ? plan.parts.filter((part) => part !== mainOf(plan)) : [] }
  }

  /** @param numbers Ascending, mostly: neighbours are of one block. */
  #keep(hits: Hit[], part: number, numbers: Iterable<number>): void {
    let block: Block | undefined
    for (const number of numbers) {
      if (!block || number < block.low || number >= block.low + perBlock) block = this.blocks.at(part, number)
      if (!block) continue
      const facts = this.blocks.facts(block)
      const id = facts.ids[number - block.low] ?? 0
      if (id > this.#floor && facts.slots[number - block.low] !== 0) hits.push({ id, part, number, block })
    }
  }

  /**
   * All numbers of a part that match, where they are few; null where they are not. Beginnings of words are gathered anew for every
   * statement, so a part is asked once: for its newest where it is sorted by time (`blocks` are those that are looked at), else for all.
   * A page of the newest is asked for in the same way.
   */
  #fewOf(part: number, blocks: readonly Block[]): number[] | Float64Array | null {
    const known = this.#parts.get(part)
    if (known !== undefined) return known
    const main = mainOf(this.#query.plan)
    let few: Float64Array | null = null
    const { size, sorted } = this.blocks.shape(part)
    const inOrder = sorted === 1 && blocks.length > 0
    const last = Math.max(...blocks.map(({ low }) => low)) + perBlock - 1
    if (main?.prefix && inOrder) this.#askTop(part, main.match, last, topOfPart)
    else if (main !== null && inOrder && this.#most <= topOfPart && size - last < nearEnd)
      few = this.#few(part, this.#askTop(part, main.match, size, this.#most + spare))
    else if (main !== null) {
      const whole = main.prefix || (sorted === 0 && size <= smallPart)
      const most = whole ? Number.MAX_SAFE_INTEGER : fewInPart
      const table = tableOf(part)
      const sql = `SELECT rowid FROM ${table} WHERE ${table} MATCH ? LIMIT CAST(? AS INTEGER)`
      const found = this.#db.column<number>(sql, main.match, most)
      few = this.#few(part, found.length < most ? found : null)
    }
    this.#parts.set(part, few)
    return few
  }

  /** All of a part that match the main expression, and the rest of the query too. */
  #few(part: number, all: number[] | null): Float64Array | null {
    return all && Float64Array.from(this.#narrow(this.#besides(), part, all))
  }

  /** Asks for the newest that match the main expression, up to a number. @returns them where they are all there are. */
  #askTop(part: number, match: string, last: number, most: number): number[] | null {
    const table = tableOf(part)
    const sql = `SELECT rowid FROM ${table} WHERE ${table} MATCH ? AND rowid <= CAST(? AS INTEGER) ORDER BY rowid DESC LIMIT CAST(? AS INTEGER)`
    const numbers = this.#db.column<number>(sql, match, last, most).reverse()
    const complete = numbers.length < most
    // The oldest block may have been met in part only.
    const first = numbers[0] ?? 0
    this.#tops.set(part, { low: complete ? 0 : first - (first % perBlock) + perBlock, last, numbers })
    return complete ? numbers : null
  }

  /** The numbers of a run that a plan matches, ascending. */
  #evaluate(plan: Plan, run: Run): number[] {
    switch (plan.kind) {
      case 'none':
        return []
      case 'match': {
        const table = tableOf(run.part)
        // FTS5 only seeks by integers, and numbers are bound as doubles: hence the casts.
        return this.#db.column<number>(
          `SELECT rowid FROM ${table} WHERE ${table} MATCH ? AND rowid BETWEEN CAST(? AS INTEGER) AND CAST(? AS INTEGER)`,
          plan.match,
          run.from,
          run.to,
        )
      }
      case 'or': {
        const found = new Set<number>()
        for (const part of plan.parts) for (const number of this.#evaluate(part, run)) found.add(number)
        return [...found].sort((a, b) => a - b)
      }
      case 'and': {
        const [first, ...others] = plan.parts
        if (!first) return this.#everyone(run)
        return this.#narrow({ kind: 'and', parts: others }, run.part, this.#evaluate(first, run))
      }
      default:
        return this.#narrow(plan, run.part, this.#everyone(run))
    }
  }

  /** Those of some numbers that a plan matches as well. */
  #narrow(plan: Plan, part: number, numbers: number[]): number[] {
    const [from, to] = [numbers[0], numbers.at(-1)]
    if (from === undefined || to === undefined) return numbers
    switch (plan.kind) {
      case 'check':
        return numbers.filter((number) => {
          const block = this.blocks.at(part, number)
          return block !== undefined && plan.check.has(this.blocks.facts(block), number - block.low)
        })
      case 'not': {
        const without = new Set(this.#narrow(plan.part, part, numbers))
        return numbers.filter((number) => !without.has(number))
      }
      case 'and':
        return plan.parts.reduce((left, one) => this.#narrow(one, part, left), numbers)
      case 'or': {
        const found = new Set(plan.parts.flatMap((one) => this.#narrow(one, part, numbers)))
        return numbers.filter((number) => found.has(number))
      }
      default: {
        const found = new Set(this.#evaluate(plan, { part, from, to }))
        return numbers.filter((number) => found.has(number))
      }
    }
  }

  #everyone(run: Run): number[] {
    const numbers: number[] = []
    for (let low = run.from - (run.from % perBlock); low <= run.to; low += perBlock) {
      const block = this.blocks.at(run.part, low)
      if (!block) continue
      const { slots } = this.blocks.facts(block)
      for (let at = 0; at < perBlock; at++) {
        const number = low + at
        if (slots[at] !== 0 && number >= run.from && number <= run.to) numbers.push(number)
      }
    }
    return numbers
  }
}
