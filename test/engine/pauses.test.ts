import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backoffMs } from '#engine/backoff.ts'
import { quietDays } from '#engine/silence.ts'

describe('pauses after faults', () => {
  it('double from five seconds to a quarter of an hour', () => {
    expect([1, 2, 3, 4, 20, 500].map((failures) => backoffMs(failures, 0))).toEqual([
      5_000, 10_000, 20_000, 40_000, 900_000, 900_000,
    ])
  })

  it('are spread by at most a quarter, never longer', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (failures, random) => {
          const pause = backoffMs(failures, random)
          const whole = backoffMs(failures, 0)
          expect(pause).toBeLessThanOrEqual(whole)
          expect(pause).toBeGreaterThanOrEqual(Math.floor(whole * 0.75))
        },
      ),
    )
  })
})

describe('silence', () => {
  const busy = Array.from({ length: 24 }, () => 40)

  it('is noticed when a busy account brings nothing for three days', () => {
    expect(quietDays([...busy, 40, 0, 0, 0])).toBe(3)
  })

  it('is not a weekend, a rarely used account, or an account that never had anything', () => {
    expect(quietDays([...busy, 40, 40, 0, 0])).toBe(0)
    expect(quietDays([1, ...Array.from({ length: 23 }, () => 0), 1, 0, 0, 0])).toBe(0)
    expect(quietDays(Array.from({ length: 28 }, () => 0))).toBe(0)
  })

  it('ends with the first message', () => {
    expect(quietDays([...busy, 0, 0, 0, 1])).toBe(0)
  })
})
