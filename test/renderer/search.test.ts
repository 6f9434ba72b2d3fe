import { describe, expect, it } from 'vitest'
import { initialPreferences, parsePreferences } from '#renderer/data/preferences.ts'
import { barsOf, following } from '#renderer/features/archive-screen/bars.ts'
import { commandFor } from '#renderer/features/search/command.ts'

describe('the months of a search', () => {
  it('are there without hits too', () => {
    const months = [
      { month: '2025-11', count: 2 },
      { month: '2026-02', count: 5 },
    ]
    expect(barsOf(months)).toEqual([
      { value: '2025-11', count: 2 },
      { value: '2025-12', count: 0 },
      { value: '2026-01', count: 0 },
      { value: '2026-02', count: 5 },
    ])
    expect(barsOf([])).toEqual([])
  })

  it('become years where there are many, and only the years with hits where there are very many', () => {
    const long = [
      { month: '1999-05', count: 1 },
      { month: '1999-07', count: 2 },
      { month: '2026-02', count: 5 },
    ]
    expect(barsOf(long)).toHaveLength(28)
    expect(barsOf(long)[0]).toEqual({ value: '1999', count: 3 })
    expect(barsOf([{ month: '1066-10', count: 1 }, ...long]).map(({ value }) => value)).toEqual(['1066', '1999', '2026'])
  })

  it.each([
    ['2026-11', '2026-12'],
    ['2026-12', '2027-01'],
    ['2026', '2027'],
  ])('end where the next begins: %s', (value, next) => {
    expect(following(value)).toBe(next)
  })
})

describe('a search as a command', () => {
  it.each([
    ['"harbour wall" from:ada', 'newest', false, `dispatch search '"harbour wall" from:ada'`],
    ["aujourd'hui", 'best', false, `dispatch search --order best 'aujourd'\\''hui'`],
    ["aujourd'hui", 'newest', true, "dispatch search 'aujourd''hui'"],
    ['-is:unread', 'newest', false, "dispatch search -- '-is:unread'"],
    ['$(rm -rf ~) `x` !!', 'newest', false, "dispatch search '$(rm -rf ~) `x` !!'"],
  ] as const)('is quoted: %s', (text, order, windows, command) => {
    expect(commandFor(text, order, windows)).toBe(command)
  })
})

describe('the widths of columns', () => {
  it('are remembered when they make sense', () => {
    expect(parsePreferences({ 'columns.from': '14.5', 'columns.at': '900', 'panes.details': 'wide' })).toEqual({
      ...initialPreferences,
      columnFrom: 14.5,
    })
  })
})
