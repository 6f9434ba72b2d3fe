import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LAID_OUT, laidOut, position, type ScrollState, scrolled, scrollTo } from '#renderer/data/long-scroll.ts'

const huge = { content: 70_000_000, view: 600 }
const small = { content: 5_000, view: 600 }

describe('scrolling through more than can be laid out', () => {
  it('is plain scrolling when everything fits', () => {
    expect(laidOut(small)).toBe(5_000)
    expect(scrollTo(1234, small)).toEqual({ base: 0, physical: 1234 })
    expect(scrolled({ base: 0, physical: 0 }, 4_400, small)).toEqual({ base: 0, physical: 4_400 })
    expect(scrollTo(99_999, small).physical).toBe(4_400)
  })

  it('lays out no more than a browser can', () => {
    expect(laidOut(huge)).toBe(LAID_OUT)
  })

  it('goes to the same share of the list when the bar is dragged', () => {
    const dragged = scrolled({ base: 0, physical: 0 }, (LAID_OUT - 600) / 2, huge)
    expect(position(dragged, huge)).toBeCloseTo((huge.content - huge.view) / 2, -1)
  })

  it('takes a short way pixel by pixel', () => {
    const from = scrollTo(35_000_000, huge)
    const moved = scrolled(from, from.physical + 120, huge)
    expect(position(moved, huge) - position(from, huge)).toBe(120)
  })

  it('reaches both ends by short ways', () => {
    let state: ScrollState = scrollTo(3_000, huge)
    for (let i = 0; i < 100; i++) state = scrolled(state, Math.max(0, state.physical - 100), huge)
    expect(position(state, huge)).toBe(0)
    state = scrollTo(huge.content - huge.view - 3_000, huge)
    for (let i = 0; i < 100; i++) state = scrolled(state, Math.min(LAID_OUT - huge.view, state.physical + 100), huge)
    expect(position(state, huge)).toBe(huge.content - huge.view)
  })

  it('never leaves the list or the element, and never jumps on a short way', () => {
    const way = fc.array(fc.integer({ min: -1100, max: 1100 }), { maxLength: 200 })
    fc.assert(
      fc.property(
        fc.integer({ min: 700, max: 90_000_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        way,
        (content, share, ways) => {
          const size = { content, view: 600 }
          let state = scrollTo(share * content, size)
          for (const by of ways) {
            const before = position(state, size)
            const physical = Math.min(Math.max(0, state.physical + by), laidOut(size) - size.view)
            state = scrolled(state, physical, size)
            expect(Math.abs(position(state, size) - before)).toBeLessThanOrEqual(Math.abs(by) + 1)
            expect(state.physical).toBeGreaterThanOrEqual(0)
            expect(state.physical).toBeLessThanOrEqual(laidOut(size) - size.view)
          }
        },
      ),
    )
  })
})
