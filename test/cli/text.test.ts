import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { coverageLine, duration, percent } from '#hosts/cli/coverage-text.ts'
import { table } from '#hosts/cli/table.ts'
import { blockText, oneLine, pad, shorten, textWidth } from '#hosts/cli/text.ts'

describe('text for a terminal', () => {
  it('counts the columns that a text takes', () => {
    expect(textWidth('abc')).toBe(3)
    expect(textWidth('日本')).toBe(4)
    expect(textWidth('e\u0301')).toBe(1)
    expect(textWidth('👩‍👩‍👧')).toBe(2)
    expect(textWidth('🇫🇷')).toBe(2)
    expect(textWidth('한국어')).toBe(6)
    expect(textWidth('مرحبا')).toBe(5)
  })

  it('takes away what a terminal would obey', () => {
    expect(oneLine('a\u001b[31mred\u0007 b')).toBe('a [31mred b')
    expect(oneLine('two\r\nlines\tand tabs')).toBe('two lines and tabs')
    expect(oneLine('pay \u202eevil')).toBe('pay evil')
    expect(oneLine('\u009b2J')).toBe('2J')
    expect(blockText('one\r\ntwo\u0000')).toBe('one\ntwo ')
  })

  it('leaves no control character, whatever comes in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(oneLine(text)).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u)
      }),
    )
  })

  it('shortens to at most the width asked for, and only what is longer', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 40 }), (text, width) => {
        const clean = oneLine(text)
        const short = shorten(clean, width)
        expect(textWidth(short)).toBeLessThanOrEqual(width)
        if (textWidth(clean) <= width) expect(short).toBe(clean)
      }),
    )
  })

  it('pads on the side asked for', () => {
    expect(pad('日', 4, false)).toBe('日  ')
    expect(pad('7', 3, true)).toBe('  7')
  })
})

describe('a table', () => {
  const columns = [
    { title: 'ID', value: (row: { id: string; text: string }) => row.id, right: true },
    { title: 'TEXT', value: (row: { id: string; text: string }) => row.text, least: 6 },
    { title: 'END', value: () => 'x' },
  ]

  it('aligns its columns, wide characters too', () => {
    const lines = table(
      columns,
      [
        { id: '1', text: '日本' },
        { id: '20', text: 'abc' },
      ],
      null,
    )
    expect(lines).toEqual(['ID  TEXT  END', ' 1  日本  x', '20  abc   x'])
  })

  it('is cut to the terminal where it may be', () => {
    const lines = table(columns, [{ id: '1', text: 'a very long text that does not fit' }], 24)
    expect(lines).toEqual(['ID  TEXT             END', ' 1  a very long te…  x'])
    expect(Math.max(...lines.map(textWidth))).toBe(24)
  })

  it('is never cut below what a column needs', () => {
    const lines = table(columns, [{ id: '123456', text: 'long enough' }], 10)
    expect(lines[1]).toBe('123456  long…   x')
  })

  it('fits the terminal whatever the cells hold', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 5 }),
        fc.integer({ min: 30, max: 120 }),
        (texts, width) => {
          const lines = table(
            columns,
            texts.map((text, index) => ({ id: String(index), text })),
            width,
          )
          for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(width)
        },
      ),
    )
  })
})

describe('coverage in words', () => {
  it.each([
    [0, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [3_600_000, '1 h'],
    [12_300_000, '3 h 25 min'],
    [86_400_000, '1 day'],
    [2 * 86_400_000 + 3 * 3_600_000, '2 days 3 h'],
    [1234 * 86_400_000, '1,234 days'],
  ])('%i ms is %s', (ms, text) => expect(duration(ms)).toBe(text))

  it('never rounds up to all, nor down to nothing', () => {
    expect([0, 0.0001, 0.5, 0.979, 0.99999, 1].map(percent)).toEqual(['0 %', 'less than 1 %', '50 %', '97 %', '99.9 %', '100 %'])
  })

  it('says nothing of no account, and no reasons where there is no gap', () => {
    const all = { from: '2026-01-15T09:00:00.000Z', to: '2026-01-16T09:00:00.000Z', unwatched: [], accounts: [] }
    expect(coverageLine({ ...all, from: null, watched: null })).toBe('')
    expect(coverageLine({ ...all, watched: 1 })).toMatch(/^Watched 100 % of the time since 2026-01-15 .{5}\.$/)
    const gaps = [
      { reason: 'closed' as const, ms: 7_200_000 },
      { reason: 'offline' as const, ms: 60_000 },
    ]
    expect(coverageLine({ ...all, watched: 0.9, unwatched: [...gaps, { reason: 'backfilling', ms: 999 }] })).toMatch(
      /Not watched: program closed or computer asleep \(2 h\), not reached \(1 min\)\.$/,
    )
  })
})
