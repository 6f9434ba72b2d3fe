import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BlockList, compareKeys } from '#renderer/data/block-list.ts'
import type { ConversationRow } from '#shared/model/index.ts'
import { conversation, key, makeRow, Truth } from './rows-kit.ts'

const isOpen = (row: ConversationRow) => row.state !== 'done'
const never = () => false
const change = (rows: ConversationRow[], hold: (id: ConversationRow['id']) => boolean = never) => ({
  rows,
  matches: isOpen,
  hold,
})

function filled(count: number, step: number): { list: BlockList; truth: Truth } {
  const truth = new Truth(isOpen)
  for (let i = 1; i <= count; i++) truth.put(makeRow(i, i * 10))
  return { list: new BlockList(truth.outline(step)), truth }
}

function fetchAll(list: BlockList, truth: Truth, limit = 500): void {
  for (let rounds = 0; rounds < 1000; rounds++) {
    const [missing] = list.missing(0, list.total - 1)
    if (!missing) return
    list.fill(missing.start, truth.page({ ...missing, limit }))
  }
  throw new Error('the list never had all its rows')
}

const shown = (list: BlockList) => Array.from({ length: list.total }, (_, i) => list.rowAt(i)?.id ?? null)

describe('the list of blocks', () => {
  it('orders keys by number', () => {
    expect(compareKeys(key(9), key(10))).toBeLessThan(0)
    expect(compareKeys(key(9007199254740991), key(9007199254740990))).toBeGreaterThan(0)
    expect(compareKeys(key(7), key(7))).toBe(0)
  })

  it('knows its length before it has a row, and each row after its block was fetched', () => {
    const { list, truth } = filled(250, 100)
    expect(list.total).toBe(250)
    expect(list.rowAt(0)).toBeNull()
    const missing = list.missing(100, 199)
    expect(missing).toEqual([{ start: key(1500), from: key(1500), until: key(500) }])
    list.fill(key(1500), truth.page({ from: key(1500), until: key(500), limit: 500 }))
    expect(list.rowAt(100)?.id).toBe(conversation(150))
    expect(list.rowAt(199)?.id).toBe(conversation(51))
    expect(list.indexOf(conversation(150))).toBe(100)
    expect(list.rowAt(200)).toBeNull()
  })

  it('asks for the first block from the newest, so that later arrivals are in it', () => {
    const { list } = filled(10, 100)
    expect(list.missing(0, 5)).toEqual([{ start: key(100), from: null, until: null }])
  })

  it('corrects its length when a block holds fewer or more rows than was said', () => {
    const { list, truth } = filled(250, 100)
    for (let i = 101; i <= 150; i++) truth.put(makeRow(i, i * 10, { state: 'done' }))
    list.fill(key(1500), truth.page({ from: key(1500), until: key(500), limit: 500 }))
    expect(list.total).toBe(200)
    const some = new BlockList(truth.outline(100))
    some.fill(key(2500), truth.page({ from: null, until: key(1000), limit: 30 }))
    expect(some.total).toBe(200)
    fetchAll(some, truth, 30)
    expect(shown(some)).toEqual(truth.sorted().map((row) => row.id))
  })

  it('takes out what no longer belongs and puts in what does', () => {
    const { list, truth } = filled(5, 100)
    fetchAll(list, truth)
    list.apply(change([makeRow(3, 30, { state: 'done' })]))
    expect(shown(list)).toEqual(['5', '4', '2', '1'])
    list.apply(change([makeRow(3, 30), makeRow(6, 35)]))
    expect(shown(list)).toEqual(['5', '4', '6', '3', '2', '1'])
  })

  it('moves a row that got a newer key to its new place, unless it is held', () => {
    const { list, truth } = filled(5, 100)
    fetchAll(list, truth)
    list.apply(change([makeRow(2, 99, { subject: 'again' })], () => true))
    expect(shown(list)).toEqual(['5', '4', '3', '2', '1'])
    expect(list.get(conversation(2))?.subject).toBe('again')
    expect(list.settle(() => true)).toBe(false)
    expect(list.settle(never)).toBe(true)
    expect(shown(list)).toEqual(['2', '5', '4', '3', '1'])
    expect(list.settle(never)).toBe(false)
  })

  it('works from nothing', () => {
    const list = new BlockList()
    expect(list.total).toBe(0)
    expect(list.indexOfPlace(key(5))).toBe(0)
    expect(list.missing(0, 10)).toEqual([])
    list.apply(change([makeRow(1, 10)]))
    expect(shown(list)).toEqual(['1'])
    list.apply(change([makeRow(1, 10, { state: 'done' })]))
    expect(list.total).toBe(0)
  })

  it('says that counts are in doubt only while blocks are missing', () => {
    const { list, truth } = filled(250, 100)
    list.apply(change([makeRow(300, 5)]))
    expect(list.doubtful).toBe(true)
    const whole = new BlockList(truth.outline(100))
    fetchAll(whole, truth)
    whole.apply(change([makeRow(300, 5)]))
    expect(whole.doubtful).toBe(false)
  })

  it('lets go of far rows and keeps its length', () => {
    const { list, truth } = filled(1000, 100)
    fetchAll(list, truth)
    list.evict(450, 460)
    expect(list.total).toBe(1000)
    expect(list.rowAt(455)).not.toBeNull()
    expect(list.rowAt(0)).toBeNull()
    expect(list.get(conversation(1))).toBeNull()
  })

  it('ignores rows for a block that has them already or is gone', () => {
    const { list, truth } = filled(5, 100)
    fetchAll(list, truth)
    list.fill(key(50), { rows: [], next: null })
    list.fill(key(12345), { rows: [], next: null })
    expect(shown(list)).toEqual(['5', '4', '3', '2', '1'])
  })

  const step = fc.oneof(
    fc.record({ kind: fc.constant('arrive' as const), id: fc.integer({ min: 1, max: 400 }) }),
    fc.record({ kind: fc.constant('state' as const), id: fc.integer({ min: 1, max: 400 }), done: fc.boolean() }),
    fc.record({
      kind: fc.constant('fetch' as const),
      at: fc.integer({ min: 0, max: 400 }),
      limit: fc.integer({ min: 1, max: 150 }),
    }),
    fc.record({ kind: fc.constant('evict' as const), at: fc.integer({ min: 0, max: 400 }) }),
    fc.record({ kind: fc.constant('settle' as const) }),
  )

  it('keeps its indexes consistent and ends with the truth after any arrivals, changes, fetches and evictions', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), fc.array(step, { maxLength: 60 }), fc.boolean(), (count, steps, holding) => {
        const { list, truth } = filled(count, 20)
        let newest = 100_000
        for (const act of steps) {
          if (act.kind === 'arrive') {
            newest += 10
            const row = makeRow(act.id, newest, { unread: 1 })
            truth.put(row)
            list.apply(change([row], (id) => holding && Number(id) % 2 === 0))
          } else if (act.kind === 'state') {
            const known = truth.rows.get(conversation(act.id))
            if (!known) continue
            const row: ConversationRow = { ...known, state: act.done ? 'done' : 'waiting' }
            truth.put(row)
            list.apply(change([row]))
          } else if (act.kind === 'fetch') {
            for (const missing of list.missing(act.at, act.at + 30)) {
              list.fill(missing.start, truth.page({ ...missing, limit: act.limit }))
            }
          } else if (act.kind === 'evict') list.evict(act.at - 20, act.at + 20)
          else list.settle(never)

          const ids = new Set<string>()
          for (let i = 0; i < list.total; i++) {
            const row = list.rowAt(i)
            if (!row) continue
            expect(list.indexOf(row.id)).toBe(i)
            expect(list.get(row.id)).toBe(row)
            expect(isOpen(row)).toBe(true)
            expect(ids.has(row.id)).toBe(false)
            ids.add(row.id)
            const place = list.placeAt(i)
            if (place) expect(list.indexOfPlace(place)).toBe(i)
          }
          expect(list.rowAt(-1)).toBeNull()
          expect(list.rowAt(list.total)).toBeNull()
        }
        list.settle(never)
        // Counts that were estimates are put right by fetching; an outline does the same for what was never fetched.
        const healed = new BlockList(truth.outline(20))
        fetchAll(healed, truth)
        expect(shown(healed)).toEqual(truth.sorted().map((row) => row.id))
        list.evict(1_000_000, 1_000_000)
        fetchAll(list, truth)
        expect(shown(list)).toEqual(truth.sorted().map((row) => row.id))
      }),
      { numRuns: 150 },
    )
  })
})
