import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { advance, type Interval, type Seen, type SeenState, shareOf } from '#archive/coverage.ts'
import type { CoverageState } from '#shared/model/index.ts'

const at = (minutes: number) => new Date(Date.UTC(2026, 0, 15, 9) + minutes * 60_000).toISOString()
const span = (state: CoverageState, from: number, to: number): Interval => ({ state, from: at(from), to: at(to) })
const seen = (state: SeenState, from: number, to: number, joined = true): Seen => ({
  state,
  from: at(from),
  to: at(to),
  joined,
})

/** All of an account's time after these sights, as the database would have it. */
function timeOf(...sights: Seen[]): { all: Interval[]; settled: number } {
  let open = [span('closed', 0, 0)]
  const settled: Interval[] = []
  for (const sight of sights) {
    const next = advance(open, sight)
    settled.push(...next.settled)
    open = next.open
  }
  return { all: [...settled, ...open], settled: settled.length }
}

describe('the time of an account', () => {
  it('is watched between passes of one run, and not beyond the last one', () => {
    expect(timeOf(seen('watched', 0, 1), seen('watched', 5, 6)).all).toEqual([span('watched', 0, 6)])
    expect(timeOf(seen('watched', 0, 1), seen('offline', 5, 5), seen('offline', 9, 9)).all).toEqual([
      span('watched', 0, 1),
      span('offline', 1, 9),
    ])
    expect(timeOf(seen('offline', 0, 1), seen('watched', 5, 6)).all).toEqual([span('offline', 0, 5), span('watched', 5, 6)])
  })

  it('is closed from the last that was known to the next that is', () => {
    expect(timeOf(seen('watched', 0, 6), seen('watched', 60, 61, false)).all).toEqual([
      span('watched', 0, 6),
      span('closed', 6, 60),
      span('watched', 60, 61),
    ])
    expect(timeOf(seen('watched', 30, 31, false)).all).toEqual([span('closed', 0, 30), span('watched', 30, 31)])
  })

  it('is paused while the program is closed, since the pause is kept', () => {
    expect(timeOf(seen('paused', 0, 1), seen('paused', 600, 600, false)).all).toEqual([span('paused', 0, 600)])
  })

  it('is settled when something else begins; the time when the program was closed, with what follows it', () => {
    expect(timeOf(seen('watched', 0, 1), seen('offline', 5, 5)).settled).toBe(1)
    const started = [seen('watched', 0, 1), seen('watched', 60, 61, false)]
    expect(timeOf(...started).settled).toBe(1)
    expect(timeOf(...started, seen('offline', 70, 70)).settled).toBe(3)
  })

  it('forgets a clock that ran ahead for a moment', () => {
    const ahead = [seen('watched', 0, 1), seen('watched', 90_000, 90_001, false)]
    expect(timeOf(...ahead, seen('watched', 5, 6, false)).all).toEqual([
      span('watched', 0, 1),
      span('closed', 1, 5),
      span('watched', 5, 6),
    ])
  })

  it('adds nothing while the clock is behind what is settled', () => {
    const settled = [seen('watched', 0, 50), seen('offline', 55, 60)]
    expect(timeOf(...settled, seen('watched', 10, 20), seen('watched', 20, 40)).all).toEqual([
      span('watched', 0, 50),
      span('watched', 50, 50),
    ])
    expect(timeOf(...settled, seen('watched', 10, 20), seen('watched', 20, 52)).all).toEqual([
      span('watched', 0, 50),
      span('watched', 50, 52),
    ])
  })
})

/** What an account goes through: `rest` and `pass` in minutes; before it, perhaps, a kill and a clock that is set. */
const step = fc.record({
  state: fc.constantFrom<SeenState>('watched', 'backfilling', 'throttled', 'logged_out', 'offline', 'paused'),
  rest: fc.nat(90),
  pass: fc.nat(10),
  killed: fc.boolean(),
  jump: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: -300, max: 300 })),
})

describe('whatever happens', () => {
  it('intervals follow each other without holes, what is settled stays, and nothing is watched that was not', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let open = [span('closed', 0, 0)]
        const settled: Interval[] = []
        /** Minutes that the clock showed while somebody watched. */
        const watched = new Set<number>()
        let wall = 0
        let before: SeenState = 'paused'
        for (const { state, rest, pass, killed, jump } of steps) {
          wall += jump
          // A clock that was set forward looks like a machine that slept, and counts as such.
          const joined = !killed && jump <= 0
          const from = wall + rest
          const to = from + pass
          const since = joined && state === 'watched' && before === 'watched' ? wall : from
          if (state === 'watched') for (let minute = since; minute < to; minute++) watched.add(minute)
          const next = advance(open, seen(state, from, to, joined))
          settled.push(...next.settled)
          open = next.open
          wall = to
          before = state
          const all = [...settled, ...open]
          expect(all[0]?.from).toBe(at(0))
          for (const [n, row] of all.entries()) {
            if (n > 0) expect(row.from).toBe(all[n - 1]?.to)
            if (n < all.length - 1) expect(row.from < row.to).toBe(true)
            else expect(row.from <= row.to).toBe(true)
          }
          if (jump >= 0 && all.at(-1)?.from !== all.at(-1)?.to) expect(all.at(-1)?.state).toBe(state)
        }
        for (const row of [...settled, ...open]) {
          if (row.state !== 'watched') continue
          for (let minute = 0; at(minute) < row.to; minute++)
            if (at(minute) >= row.from) expect(watched, `minute ${minute}`).toContain(minute)
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('how much of a time was watched', () => {
  const time = [span('out_of_reach', -900, -600), span('watched', 0, 60), span('offline', 60, 70), span('watched', 70, 100)]

  it('is told with what it was not', () => {
    expect(shareOf(time, at(0), at(10), at(90))).toEqual({
      from: at(10),
      to: at(90),
      ms: 80 * 60_000,
      watchedMs: 70 * 60_000,
      gaps: [{ reason: 'offline', from: at(60), to: at(70) }],
    })
  })

  it('begins with the account unless an earlier time is asked for', () => {
    expect(shareOf(time, at(0), null, at(100))).toMatchObject({ from: at(0), gaps: [{ reason: 'offline' }] })
    expect(shareOf(time, at(0), at(-1000), at(60)).gaps).toEqual([
      { reason: 'before', from: at(-1000), to: at(-900) },
      { reason: 'out_of_reach', from: at(-900), to: at(-600) },
      { reason: 'before', from: at(-600), to: at(0) },
    ])
    expect(shareOf(time, at(0), at(-20), at(-10)).gaps).toEqual([{ reason: 'before', from: at(-20), to: at(-10) }])
  })

  it('is nothing of no time', () => {
    expect(shareOf(time, at(0), at(200), at(100))).toMatchObject({ ms: 0, watchedMs: 0, gaps: [] })
  })
})
