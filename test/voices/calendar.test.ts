import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Calendar, ParliamentState } from '#shared/model/index.ts'
import { changesAround, countOf } from '#voices/calendar/check-list.ts'
import { defaultWords, freezesOf } from '#voices/calendar/defaults.ts'
import { mayPublish, stateAt } from '#voices/calendar/gate.ts'
import { segments } from '#voices/calendar/state.ts'
import { meaningOf } from '#voices/calendar/words.ts'
import { act, calendarOf, day, edit, publishing } from './support.ts'

const at = (text: string) => Date.parse(day(text))
const stateOn = (calendar: Calendar, text: string) => stateAt(calendar, at(text)).state

test('outside all periods it is sitting, unless the office says otherwise', () => {
  expect(stateAt(calendarOf([]), 0)).toMatchObject({ state: 'sitting', since: null, until: null, next: null, frozen: [] })
  expect(stateOn(calendarOf([], { outside: 'recess' }), '2026-01-01')).toBe('recess')
})

test('a period begins at its first moment and is over at its end', () => {
  const calendar = calendarOf([['recess', '2026-07-01', '2026-09-01']])
  expect(stateAt(calendar, at('2026-07-01') - 1)).toMatchObject({ state: 'sitting', since: null, until: day('2026-07-01') })
  expect(stateAt(calendar, at('2026-07-01'))).toMatchObject({
    state: 'recess',
    since: day('2026-07-01'),
    until: day('2026-09-01'),
  })
  expect(stateAt(calendar, at('2026-09-01'))).toMatchObject({ state: 'sitting', since: day('2026-09-01'), until: null })
})

test('where periods overlap, the state that matters more counts, then the one that began later', () => {
  const calendar = calendarOf([
    ['dissolved', '2026-03-01', '2026-05-01'],
    ['recess', '2026-02-01', '2026-06-01'],
    ['sitting', '2026-02-10', '2026-02-12'],
    ['pre_election', '2026-04-01', ''],
    ['new_term', '2026-05-10', '2026-05-20'],
  ])
  const days = ['2026-01-31', '2026-02-05', '2026-02-11', '2026-02-12', '2026-03-15', '2026-04-15', '2026-05-15']
  expect(days.map((text) => stateOn(calendar, text))).toEqual([
    'sitting',
    'recess',
    'sitting',
    'recess',
    'dissolved',
    'dissolved',
    'pre_election',
  ])
})

/** A period that begins on day `from` of a year and lasts `days`. */
const anyPeriods = fc.array(
  fc.record({
    state: fc.constantFrom(...ParliamentState.options),
    from: fc.integer({ min: 0, max: 60 }),
    days: fc.option(fc.integer({ min: 1, max: 30 })),
  }),
  { maxLength: 12 },
)
const dayOf = (n: number) => new Date(at('2026-01-01') + n * 86_400_000).toISOString().slice(0, 10)

test('whatever the periods: one state at any time, and the segments say the same as looking at each period', () => {
  fc.assert(
    fc.property(anyPeriods, fc.constantFrom(...ParliamentState.options), (raw, outside) => {
      const calendar = calendarOf(
        raw.map(({ state, from, days }) => [state, dayOf(from), days === null ? '' : dayOf(from + days)]),
        { outside },
      )
      const all = segments(calendar)
      expect([all[0]?.from, all.at(-1)?.until]).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY])
      all.slice(1).forEach((segment, index) => {
        expect(segment.from).toBe(all[index]?.until)
        expect(segment.state).not.toBe(all[index]?.state)
      })
      for (let n = -1; n < 95; n++) expect(stateOn(calendar, dayOf(n))).toBe(naive(raw, n) ?? outside)
    }),
    { numRuns: 150 },
  )
})

/** The rule for overlaps, as it reads. */
function naive(raw: { state: ParliamentState; from: number; days: number | null }[], n: number): ParliamentState | undefined {
  const end = (one: (typeof raw)[number]) => (one.days === null ? Number.POSITIVE_INFINITY : one.from + one.days)
  const rank = { dissolved: 0, pre_election: 1, new_term: 2, sitting: 3, recess: 3 }
  let best: ((typeof raw)[number] & { index: number }) | undefined
  for (const [index, one] of raw.entries()) {
    if (n < one.from || n >= end(one)) continue
    const wins =
      !best ||
      rank[one.state] < rank[best.state] ||
      (rank[one.state] === rank[best.state] && (one.from > best.from || (one.from === best.from && end(one) <= end(best))))
    if (wins) best = { ...one, index }
  }
  return best?.state
}

test('a freeze refuses what is published, and nothing else, until it ends', () => {
  const calendar = calendarOf([
    ['pre_election', '2026-03-01', '2026-04-01'],
    ['dissolved', '2026-04-01', '2026-05-01'],
  ])
  const frozen = { code: 'calendar_frozen', params: { period: 'pre_election', until: day('2026-05-01') } }
  const on = day('2026-03-15')
  for (const content of [publishing('post'), publishing('reply'), publishing('comment'), publishing('direct'), edit, act('like')])
    expect(mayPublish(calendar, content, on)).toEqual(frozen)
  for (const content of [publishing('mail'), publishing('sms'), act('like', false), act('block'), { do: 'delete' as const }])
    expect(mayPublish(calendar, content, on)).toBeNull()
  expect(mayPublish(calendar, publishing('post'), day('2026-02-28'))).toBeNull()
  expect(mayPublish(calendar, publishing('post'), day('2026-05-01'))).toBeNull()
})

test('a freeze without an end says so, and one for answers lets them through', () => {
  const open = calendarOf([['dissolved', '2026-03-01', '']])
  expect(mayPublish(open, publishing('post'), day('2030-01-01'))).toEqual({
    code: 'calendar_frozen_open',
    params: { period: 'dissolved' },
  })
  const answers = { ...open, freezes: { ...open.freezes, dissolved: 'answers' as const } }
  expect(mayPublish(answers, publishing('reply'), day('2026-03-01'))).toBeNull()
  expect(mayPublish(answers, publishing('direct'), day('2026-03-01'))).toBeNull()
  expect(mayPublish(answers, edit, day('2026-03-01'))).toMatchObject({ code: 'calendar_frozen_open' })
  expect(stateAt(answers, at('2026-03-01')).frozen).toEqual(['post', 'edit', 'act'])
})

test('each voice has its own defaults, and a personal one is never frozen', () => {
  expect(freezesOf('mandate', {})).toMatchObject({ pre_election: 'all', dissolved: 'all', recess: 'none' })
  expect(freezesOf('institutional', {})).toMatchObject({ pre_election: 'notes', dissolved: 'notes' })
  expect(freezesOf('mandate', { recess: 'answers' })).toMatchObject({ recess: 'answers', dissolved: 'all' })
  expect(new Set(Object.values(freezesOf('personal', { dissolved: 'all' })))).toEqual(new Set(['none']))
  const institution = calendarOf([['dissolved', '2026-03-01', '']], { voice: 'institutional' })
  expect(mayPublish(institution, publishing('post'), day('2026-03-02'))).toBeNull()
})

test('a change asks for what it touches, and counts what is scheduled into it', () => {
  const calendar = calendarOf([
    ['recess', '2026-02-01', '2026-03-01'],
    ['dissolved', '2026-03-01', '2026-05-01'],
  ])
  expect(changesAround(calendar, at('2026-01-15'))).toEqual([])
  const [coming] = changesAround(calendar, at('2026-02-15'))
  if (!coming) throw new Error('the dissolution comes')
  expect(coming).toMatchObject({ before: 'recess', names: ['freeze', 'scheduled', 'names', 'bios', 'disclaimers'] })
  const waiting = ['2026-02-20', '2026-03-20', '2026-04-30', '2026-05-02'].map((text) => {
    return { content: publishing('post'), notBefore: day(text), held: text === '2026-03-20' }
  })
  const letter = { content: publishing('mail'), notBefore: day('2026-03-20'), held: false }
  expect(countOf(calendar, 'scheduled', coming.segment, [...waiting, letter])).toBe(2)
  const [began, ends] = changesAround(calendar, at('2026-04-01'))
  expect(began?.segment.state).toBe('dissolved')
  expect(ends).toMatchObject({ before: 'dissolved', names: ['thaw', 'waiting', 'names', 'bios', 'disclaimers'] })
  if (ends) expect(countOf(calendar, 'waiting', ends.segment, waiting)).toBe(1)
})

test('words mean a state as whole words, whatever their case and accents, and the longest counts', () => {
  const meaning = meaningOf(defaultWords)
  expect(meaning(['Plenary sitting'])).toBe('sitting')
  expect(meaning(['Suspension des travaux'])).toBe('recess')
  expect(meaning(['PERIODE PREELECTORALE'])).toBe('pre_election')
  expect(meaning(['حل البرلمان'])).toBe('dissolved')
  expect(meaning(['Visit of the sittings clerk'])).toBeNull()
  expect(meaning(['Week 12', 'Recess'])).toBe('recess')
  const own = meaningOf([
    { word: 'session', state: 'sitting' },
    { word: 'Training session', state: null },
  ])
  expect([own(['Session']), own(['A training  session'])]).toEqual(['sitting', null])
})
