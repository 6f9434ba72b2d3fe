import type { Client } from '#shared/contract/client.ts'
import type { ConversationId, ConversationRow, InboxFilter, Instant, Problem, SortKey } from '#shared/model/index.ts'
import { createStore } from '../ui/store.ts'
import { BlockList, type Missing } from './block-list.ts'
import { toProblem } from './faults.ts'
import { inList } from './rows.ts'

/** Rows asked for at a time; blocks are about a hundred rows long. */
const PAGE = 500
/** Rows fetched ahead of and behind what is shown. */
const AHEAD = 200
/** After a leap further than that nothing is fetched ahead before one has stayed this long: the scroll bar may be on its way. */
const STAY_MS = 80
/** Rows kept around what is shown. */
const KEEP = 4_000
/** Most rows that one act can carry. */
const MOST_TARGETS = 5_000
/** Between two outlines of a list that is being filled. */
const OUTLINE_EVERY_MS = 1_000

/** What the list looks like at one moment. */
export interface ListView {
  version: number
  total: number
  /** False until the first rows are there. */
  ready: boolean
  problem: Problem | null
}

/** One list of conversations: what is known of it, and the fetching of what is looked at. */
export class InboxList {
  readonly filter: InboxFilter
  readonly view = createStore<ListView>({ version: 0, total: 0, ready: false, problem: null })
  private readonly client: () => Client
  private blocks = new BlockList()
  private readonly loading = new Map<SortKey, Promise<void>>()
  /** Changes told while something was on its way; they are applied again on top of it. */
  private since: ConversationRow[] = []
  private inFlight = 0
  private window = { from: 0, to: 50 }
  /** Rows fetched for somebody who is about to use them, far from the window perhaps. */
  private pinned: { from: number; to: number } | null = null
  private outlineTimer: ReturnType<typeof setTimeout> | null = null
  private aheadTimer: ReturnType<typeof setTimeout> | null = null
  private closed = false
  /** Conversations that keep their place although a message came: what the reader has in view. */
  private held: ReadonlySet<ConversationId> = new Set()

  constructor(client: () => Client, filter: InboxFilter) {
    this.client = client
    this.filter = filter
  }

  /** Fetches the first rows and the outline, side by side. Again after a failure or a lost connection. */
  async open(): Promise<void> {
    this.tell({ problem: null })
    const first = this.request(async () => {
      const page = await this.client().inbox.page({ filter: this.filter, from: null, until: null, limit: 60 })
      if (this.view.get().ready) return
      const keys = page.rows[0] ? [page.rows[0].sortKey] : []
      this.blocks = new BlockList({ total: keys.length, step: 100, keys })
      if (keys[0]) this.blocks.fill(keys[0], page)
      this.tell({ ready: true, problem: null })
    })
    await Promise.all([first, this.outline()])
  }

  close(): void {
    this.closed = true
    if (this.aheadTimer !== null) clearTimeout(this.aheadTimer)
    if (this.outlineTimer !== null) clearTimeout(this.outlineTimer)
  }

  get total(): number {
    return this.blocks.total
  }
  /** Index of the first row on the screen. */
  get firstShown(): number {
    return Math.max(0, Math.min(this.window.from, this.blocks.total - 1))
  }
  rowAt(index: number): ConversationRow | null {
    return this.blocks.rowAt(index)
  }
  placeAt(index: number): SortKey | null {
    return this.blocks.placeAt(index)
  }
  get(id: ConversationId): ConversationRow | null {
    return this.blocks.get(id)
  }
  indexOf(id: ConversationId): number {
    return this.blocks.indexOf(id)
  }
  indexOfPlace(place: SortKey): number {
    return this.blocks.indexOfPlace(place)
  }

  /** Fetched rows between two indexes, both included. */
  slice(from: number, to: number): ConversationRow[] {
    return this.blocks.slice(from, to)
  }

  /** Rows between two indexes are on the screen: fetches what is missing there and around. */
  show(from: number, to: number): void {
    const leap = Math.abs(from - this.window.from) > AHEAD
    this.window = { from, to }
    this.held = new Set(this.blocks.slice(from, to).map((row) => row.id))
    if (this.blocks.settle((id) => this.held.has(id))) this.tell({})
    this.ensure(from, to)
    this.ahead(leap)
    if (this.pinned && from <= this.pinned.from && this.pinned.to <= to) this.pinned = null
    if (!this.pinned) this.blocks.evict(from - KEEP, to + KEEP)
  }

  /** Puts every row where it belongs, also those in view. */
  release(): void {
    if (this.blocks.settle(() => false)) this.tell({})
  }

  /** The row at an index, fetched if need be; null past the end. */
  async fetchRow(index: number): Promise<ConversationRow | null> {
    await this.fetchRange(index, index)
    return this.blocks.rowAt(index)
  }

  /** Every row of the list, as far as one act can carry them. */
  async fetchAll(): Promise<ConversationRow[]> {
    const last = Math.min(this.blocks.total, MOST_TARGETS) - 1
    await this.fetchRange(0, last)
    return this.blocks.slice(0, last)
  }

  /** The index at which the list reaches a date. */
  async indexAt(at: Instant): Promise<number> {
    const { key } = await this.client().inbox.keyAt({ filter: this.filter, at })
    if (key === null) return Math.max(0, this.blocks.total - 1)
    const near = this.blocks.indexOfPlace(key)
    await this.fetchRange(near - 100, near + 100)
    return this.blocks.indexOfPlace(key)
  }

  /** Takes rows that the engine told of, or that the person has just changed. */
  apply(rows: readonly ConversationRow[]): void {
    if (rows.length === 0) return
    if (this.inFlight > 0) this.since.push(...rows)
    this.applyRows(rows)
    this.tell({})
    if (this.blocks.doubtful) this.outlineSoon()
  }

  /** Reads the outline again, soon and not too often; rows that are on the screen are fetched again before it is shown. */
  outlineSoon(): void {
    if (this.outlineTimer !== null || this.closed) return
    this.outlineTimer = setTimeout(() => {
      this.outlineTimer = null
      void this.outline()
    }, OUTLINE_EVERY_MS)
  }

  private applyRows(rows: readonly ConversationRow[]): void {
    this.blocks.apply({
      rows,
      matches: (row) => inList(row, this.filter, this.blocks.get(row.id) !== null),
      hold: (id) => this.held.has(id),
    })
  }

  private outline(): Promise<void> {
    return this.request(async () => {
      const next = new BlockList(await this.client().inbox.outline({ filter: this.filter }))
      if (this.closed) return
      const first = this.blocks.placeAt(this.window.from)
      const from = first === null ? this.window.from : next.indexOfPlace(first)
      const wanted = next.missing(Math.max(0, from - 50), from + (this.window.to - this.window.from) + 50)
      await Promise.all(wanted.map((missing) => this.fetchBlock(next, missing)))
      if (this.closed) return
      this.blocks = next
      this.applyRows(this.since)
      if (this.blocks.doubtful) this.outlineSoon()
      this.tell({ ready: true, problem: null })
    })
  }

  /** Fetches around what is shown: now, or once it is clear that one stays. */
  private ahead(leap: boolean): void {
    if (!leap && this.aheadTimer === null) {
      this.ensure(this.window.from - AHEAD, this.window.to + AHEAD)
      return
    }
    if (!leap) return
    if (this.aheadTimer !== null) clearTimeout(this.aheadTimer)
    this.aheadTimer = setTimeout(() => {
      this.aheadTimer = null
      this.ensure(this.window.from - AHEAD, this.window.to + AHEAD)
    }, STAY_MS)
  }

  private ensure(from: number, to: number): void {
    // After a failure nothing is asked again by itself: `open` is what tries again.
    if (this.view.get().problem) return
    for (const missing of this.blocks.missing(from, Math.min(to, this.blocks.total - 1))) void this.load(missing)
  }

  private async fetchRange(from: number, to: number): Promise<void> {
    this.pinned = { from, to }
    // Filling a block can show that there is more behind it, so it is looked at again until nothing is missing.
    for (let rounds = 0; rounds < 20; rounds++) {
      const missing = this.blocks.missing(from, Math.min(to, this.blocks.total - 1))
      if (missing.length === 0) return
      for (const block of missing) await this.load(block)
      if (this.view.get().problem) return
    }
  }

  private load(missing: Missing): Promise<void> {
    const running = this.loading.get(missing.start)
    if (running) return running
    const work = this.request(async () => {
      const into = this.blocks
      await this.fetchBlock(into, missing)
      if (this.closed || into !== this.blocks) return
      this.applyRows(this.since)
      this.tell({ problem: null })
    }).finally(() => this.loading.delete(missing.start))
    this.loading.set(missing.start, work)
    return work
  }

  private async fetchBlock(into: BlockList, { start, from, until }: Missing): Promise<void> {
    const page = await this.client().inbox.page({ filter: this.filter, from, until, limit: PAGE })
    into.fill(start, page)
  }

  private async request(work: () => Promise<void>): Promise<void> {
    this.inFlight += 1
    try {
      await work()
    } catch (error) {
      if (!this.closed) this.tell({ problem: toProblem(error) })
    } finally {
      this.inFlight -= 1
      if (this.inFlight === 0) this.since = []
    }
  }

  private tell(change: Partial<ListView>): void {
    this.view.set((now) => ({ ...now, ...change, version: now.version + 1, total: this.blocks.total }))
  }
}
