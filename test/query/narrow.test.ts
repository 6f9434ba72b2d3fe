import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { datesIn, filterIn, parseQuery, settleQuery, withCondition, without } from '#shared/query/index.ts'
import { bare, noon, typing } from './support.ts'

describe('a text that nobody types any more', () => {
  it.each([
    ['harbour wal', 'harbour wal*'],
    ['harbour wal ', 'harbour wal'],
    ['"harbour wal', '"harbour wal"*'],
    ['(a OR b', 'a OR b*'],
    ['from:ada is:unread ', 'from:ada is:unread'],
    ['a OR', 'a'],
    ['voice:loud a', 'voice:loud a'],
    ['', ''],
  ])('%j stands as %j', (text, settled) => {
    expect(settleQuery(text, noon)).toBe(settled)
  })

  it('means what it meant while it was typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab "()-*:ORfrom') }), (text) => {
        const before = parseQuery(text, typing)
        fc.pre(before.problems.length === 0 && before.query !== null)
        expect(bare(parseQuery(settleQuery(text, noon), noon).query)).toEqual(bare(before.query))
      }),
    )
  })
})

describe('narrowing', () => {
  it('adds a condition, and takes it out again', () => {
    const text = withCondition('a OR b', 'account', 'Press office')
    expect(text).toBe('a OR b account:"Press office"')
    const span = filterIn(parseQuery(text, noon), 'account', ['7', 'press OFFICE'])
    expect(span && without(text, [span])).toBe('a OR b')
    expect(withCondition('', 'network', 'mail')).toBe('network:mail')
  })

  it.each(['account:x OR b', '-account:x', 'account:xx', '"account:x"'])('is not what %j does', (text) => {
    expect(filterIn(parseQuery(text, noon), 'account', ['x'])).toBeNull()
  })

  it('finds the dates that are to be replaced by others', () => {
    const text = 'a after:2026-01  before:2026-03 (on:2025 OR b) -on:2024'
    const dates = datesIn(parseQuery(text, noon))
    expect(dates.map(({ value }) => value)).toEqual(['2026-01', '2026-03'])
    expect(
      without(
        text,
        dates.map(({ span }) => span),
      ),
    ).toBe('a (on:2025 OR b) -on:2024')
  })
})
