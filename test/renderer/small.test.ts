import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { createNotices } from '#renderer/data/notices.ts'
import { initialPreferences, parsePreferences } from '#renderer/data/preferences.ts'
import { snoozeTimes } from '#renderer/data/snooze-times.ts'
import { throttle } from '#renderer/data/throttle.ts'
import { keyCaps, type Stroke, strokeName } from '#renderer/features/commands/keys.ts'
import { localDate } from '#renderer/features/dialogs/local-date.ts'
import { matchWords } from '#renderer/features/palette/match.ts'
import { cutSnippet } from '#renderer/features/search/snippet.ts'
import { durationWriter, shareWriter } from '#renderer/i18n/quantities.ts'

const stroke = (key: string, change: Partial<Stroke> = {}): Stroke => ({
  key,
  code: /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : '',
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...change,
})

describe('the name of a stroke', () => {
  it.each([
    ['j', stroke('j'), false],
    ['Shift+j', stroke('J', { shiftKey: true }), false],
    ['Mod+k', stroke('k', { ctrlKey: true }), false],
    ['Mod+k', stroke('k', { metaKey: true }), true],
    ['?', stroke('?', { shiftKey: true }), false],
    ['Shift+ArrowDown', stroke('ArrowDown', { shiftKey: true }), false],
    ['j', stroke('ت', { code: 'KeyJ' }), false],
    ['j', stroke('о', { code: 'KeyJ' }), false],
    ['a', stroke('a', { code: 'KeyQ' }), false],
    ['Mod+z', stroke('Z', { ctrlKey: true }), false],
  ])('is %s', (name, given, mac) => {
    expect(strokeName(given, mac)).toBe(name)
  })
  it('is none for modifiers, dead keys and strokes that belong to the system', () => {
    for (const key of ['Shift', 'Control', 'Dead', 'AltGraph']) expect(strokeName(stroke(key), false)).toBeNull()
    expect(strokeName(stroke('j', { altKey: true }), false)).toBeNull()
    expect(strokeName(stroke('j', { metaKey: true }), false)).toBeNull()
    expect(strokeName(stroke('j', { ctrlKey: true }), true)).toBeNull()
  })
  it('is drawn as keys', () => {
    expect(keyCaps('g o', false)).toEqual(['G', 'O'])
    expect(keyCaps('Mod+k', false)).toEqual(['Ctrl+K'])
    expect(keyCaps('Mod+k', true)).toEqual(['⌘K'])
    expect(keyCaps('Shift+ArrowDown', false)).toEqual(['Shift+↓'])
  })
})

describe('times to snooze until', () => {
  const kinds = (now: Date) => snoozeTimes(now).map(({ kind }) => kind)
  it('fit the hour and the day', () => {
    expect(kinds(new Date(2026, 0, 7, 9, 20))).toEqual(['later', 'evening', 'tomorrow', 'weekend', 'nextWeek'])
    expect(kinds(new Date(2026, 0, 7, 16, 0))).toEqual(['later', 'tomorrow', 'weekend', 'nextWeek'])
    expect(kinds(new Date(2026, 0, 7, 23, 0))).toEqual(['tomorrow', 'weekend', 'nextWeek'])
    expect(kinds(new Date(2026, 0, 9, 23, 0))).toEqual(['tomorrow', 'nextWeek'])
    expect(kinds(new Date(2026, 0, 11, 23, 0))).toEqual(['tomorrow'])
  })
  it('are in the future, in order, on the hour', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(2020, 0, 1), max: new Date(2040, 0, 1), noInvalidDate: true }), (now) => {
        const times = snoozeTimes(now).map(({ at }) => at)
        expect(times.every((at) => at.getTime() > now.getTime() && at.getMinutes() === 0)).toBe(true)
        expect(times).toEqual([...times].sort((a, b) => a.getTime() - b.getTime()))
      }),
    )
  })
})

describe('a search snippet', () => {
  it('is cut at its marks', () => {
    expect(cutSnippet('a \u{E000}b\u{E001} c')).toEqual([
      { text: 'a ', hit: false },
      { text: 'b', hit: true },
      { text: ' c', hit: false },
    ])
  })
  it('keeps every other character in order, whatever the marks', () => {
    const part = fc.constantFrom('\u{E000}', '\u{E001}', 'x', ' ', 'é', '<')
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const text = parts.join('')
        expect(
          cutSnippet(text)
            .map((piece) => piece.text)
            .join(''),
        ).toBe(text.replace(/[\u{E000}\u{E001}]/gu, ''))
      }),
    )
  })
})

describe('small things', () => {
  it('find commands by the beginnings of their words, without accents', () => {
    expect(matchWords('Keyboard shortcuts', 'sho key')).toBe(true)
    expect(matchWords('Réglages', 'reg')).toBe(true)
    expect(matchWords('Copier l’adresse', 'adr')).toBe(true)
    expect(matchWords('Done', 'one')).toBe(false)
    expect(matchWords('Done', '')).toBe(true)
  })

  it('read preferences, and count nonsense as not set', () => {
    expect(parsePreferences({})).toEqual(initialPreferences)
    expect(parsePreferences({ 'panes.rail': '9999', 'panes.list': 'NaN', theme: 'pink' })).toEqual(initialPreferences)
    expect(parsePreferences({ 'panes.rail': '18.5', theme: 'dark', language: 'fr', 'keys.letters': 'off' })).toEqual({
      ...initialPreferences,
      rail: 18.5,
      theme: 'dark',
      language: 'fr',
      letters: false,
    })
  })

  it('write a moment as date inputs do', () => {
    expect(localDate(new Date(2026, 0, 5, 9, 3), false)).toBe('2026-01-05')
    expect(localDate(new Date(2026, 0, 5, 9, 3), true)).toBe('2026-01-05T09:03')
  })

  it('run throttled work at once, then once more for any number of askings', () => {
    vi.useFakeTimers()
    const work = vi.fn()
    const ask = throttle(work, 100)
    for (let i = 0; i < 5; i++) ask()
    expect(work).toHaveBeenCalledTimes(1)
    vi.advanceTimersByTime(100)
    expect(work).toHaveBeenCalledTimes(2)
    vi.advanceTimersByTime(1000)
    expect(work).toHaveBeenCalledTimes(2)
    vi.useRealTimers()
  })

  it('replace a passing notice by the next, and keep faults', () => {
    const notices = createNotices()
    notices.tell('act.undone', { count: 1 })
    notices.fail({ code: 'disk_full', params: {} })
    notices.tell('act.done', { count: 2 }, () => undefined)
    expect(notices.list.get().map(({ problem, text }) => problem?.code ?? text?.key)).toEqual(['disk_full', 'act.done'])
    for (const { id } of notices.list.get()) notices.dismiss(id)
    expect(notices.list.get()).toEqual([])
  })
})

describe('how much of a time', () => {
  it('is cut, never rounded to all of it or to nothing, in every language', () => {
    expect([0, 0.0042, 0.005, 0.5, 0.979, 0.99999, 1].map(shareWriter('en'))).toEqual([
      '0%',
      '0.42%',
      '0.5%',
      '50%',
      '97%',
      '99.99%',
      '100%',
    ])
    expect(shareWriter('fr')(0.97).replace(/\s/g, ' ')).toBe('97 %')
  })

  it('is told in its two largest units', () => {
    const hour = 3_600_000
    expect([0, 59_999, 60_000, 3 * hour + 90_000, 24 * hour, 51 * hour].map(durationWriter('en'))).toEqual([
      '0 sec',
      '59 sec',
      '1 min',
      '3 hr 1 min',
      '1 day',
      '2 days 3 hr',
    ])
    expect(durationWriter('es')(51 * hour)).toBe('2 d 3 h')
  })
})
