import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MOST_PERIODS } from '#shared/model/index.ts'
import { dayStart, instantIn, isZone, nextDay, wallIn } from '#shared/time/index.ts'
import { defaultWords } from '#voices/calendar/defaults.ts'
import { MOST_EVENTS, readCalendar } from '#voices/calendar/ical.ts'
import { meaningOf } from '#voices/calendar/words.ts'

const bounds = { since: Date.parse('2024-01-01T00:00:00Z'), horizon: Date.parse('2030-01-01T00:00:00Z') }
const read = (text: string, zone = 'UTC') =>
  readCalendar(text, { source: 'sittings.ics', zone, meaning: meaningOf(defaultWords), ...bounds })
const event = (...lines: string[]) => ['BEGIN:VEVENT', ...lines, 'END:VEVENT'].join('\r\n')
const file = (...events: string[]) => ['BEGIN:VCALENDAR', 'VERSION:2.0', ...events, 'END:VCALENDAR', ''].join('\r\n')
const starts = (text: string, zone?: string) => read(text, zone).periods.map(({ from }) => from.slice(0, 10))
const fails = (text: string) => {
  try {
    read(text)
  } catch (error) {
    return error
  }
  return null
}

test('whole days are days of the zone, with the last one left out as the format has it', () => {
  const text = file(event('UID:1', 'SUMMARY:Summer recess', 'DTSTART;VALUE=DATE:20260701', 'DTEND;VALUE=DATE:20260901'))
  expect(read(text, 'Europe/Paris').periods).toEqual([
    { state: 'recess', title: 'Summer recess', from: '2026-06-30T22:00:00.000Z', until: '2026-08-31T22:00:00.000Z' },
  ])
  expect(read(file(event('SUMMARY:Sitting', 'DTSTART:20260301'))).periods).toMatchObject([
    { from: '2026-03-01T00:00:00.000Z', until: '2026-03-02T00:00:00.000Z' },
  ])
})

test('times are in UTC, in the zone that they name, or in the zone of the calendar', () => {
  const at = (line: string, ...head: string[]) =>
    read(file(...head, event('SUMMARY:Sitting', line, 'DURATION:PT2H30M')), 'Asia/Tokyo').periods[0]
  expect(at('DTSTART:20260301T090000Z')).toMatchObject({ from: '2026-03-01T09:00:00.000Z', until: '2026-03-01T11:30:00.000Z' })
  expect(at('DTSTART;TZID=America/New_York:20260701T090000')).toMatchObject({ from: '2026-07-01T13:00:00.000Z' })
  expect(at('DTSTART;TZID="/lib.example/Europe/Madrid":20260701T090000')).toMatchObject({ from: '2026-07-01T07:00:00.000Z' })
  expect(at('DTSTART:20260301T090000')).toMatchObject({ from: '2026-03-01T00:00:00.000Z' })
  expect(at('DTSTART:20260301T090000', 'X-WR-TIMEZONE:Europe/Paris')).toMatchObject({ from: '2026-03-01T08:00:00.000Z' })
})

test('folded lines, escaped texts, categories, alarms inside and cancelled events', () => {
  const text = file(
    event('SUMMARY:Pl', ' enary\\, first\\n part', 'DTSTART;VALUE=DATE:20260302'),
    event(
      'SUMMARY:Week 9',
      'CATEGORIES:Calendar,RECESS',
      'DTSTART;VALUE=DATE:20260309',
      'BEGIN:VALARM',
      'TRIGGER:-PT1H',
      'END:VALARM',
    ),
    event('SUMMARY:Sitting', 'STATUS:CANCELLED', 'DTSTART;VALUE=DATE:20260316'),
    event('SUMMARY:Lunch', 'DTSTART;VALUE=DATE:20260317', 'RRULE:FREQ=SECONDLY'),
  )
  const { periods, ignored } = read(text)
  expect(periods).toMatchObject([
    { title: 'Plenary, first part', state: 'sitting' },
    { title: 'Week 9', state: 'recess' },
  ])
  expect(ignored).toBe(2)
})

test('what recurs is followed by the rule, without what is left out or moved', () => {
  const sitting = (...lines: string[]) => event('UID:s', 'SUMMARY:Sitting', ...lines)
  const weekly = 'RRULE:FREQ=WEEKLY;BYDAY=TU,WE;COUNT=5'
  expect(starts(file(sitting('DTSTART;VALUE=DATE:20260303', weekly)))).toEqual([
    '2026-03-03',
    '2026-03-04',
    '2026-03-10',
    '2026-03-11',
    '2026-03-17',
  ])
  const moved = event('UID:s', 'SUMMARY:Sitting', 'RECURRENCE-ID;VALUE=DATE:20260310', 'DTSTART;VALUE=DATE:20260312')
  expect(starts(file(sitting('DTSTART;VALUE=DATE:20260303', weekly, 'EXDATE;VALUE=DATE:20260304,20260317'), moved))).toEqual([
    '2026-03-03',
    '2026-03-11',
    '2026-03-12',
  ])
  const rule = (start: string, text: string) => starts(file(sitting(`DTSTART;VALUE=DATE:${start}`, `RRULE:${text}`)))
  expect(rule('20260105', 'FREQ=WEEKLY;INTERVAL=2;UNTIL=20260202')).toEqual(['2026-01-05', '2026-01-19', '2026-02-02'])
  expect(rule('20260106', 'FREQ=MONTHLY;BYDAY=1TU,-1FR;COUNT=4')).toEqual([
    '2026-01-06',
    '2026-01-30',
    '2026-02-03',
    '2026-02-27',
  ])
  expect(rule('20260131', 'FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3')).toEqual(['2026-01-31', '2026-02-28', '2026-03-31'])
  expect(rule('20240229', 'FREQ=YEARLY;COUNT=2')).toEqual(['2024-02-29', '2028-02-29'])
  expect(rule('20260101', 'FREQ=DAILY;INTERVAL=3;COUNT=3')).toEqual(['2026-01-01', '2026-01-04', '2026-01-07'])
  expect(rule('20260105', 'FREQ=YEARLY;BYMONTH=9;BYDAY=2MO;COUNT=3')).toEqual(['2026-01-05', '2026-09-14', '2027-09-13'])
})

test('a rule without an end is followed within bounds, and one that never falls ends', () => {
  const weekly = starts(file(event('SUMMARY:Sitting', 'DTSTART;VALUE=DATE:20200106', 'RRULE:FREQ=WEEKLY')))
  expect([weekly[0], weekly[1]]).toEqual(['2020-01-06', '2024-01-01'])
  expect(weekly.at(-1)).toBe('2029-12-31')
  const never = 'RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30'
  expect(starts(file(event('SUMMARY:Sitting', 'DTSTART;VALUE=DATE:20260105', never)))).toEqual(['2026-01-05'])
})

test('the clock on the wall stays the same across a change of the clocks', () => {
  const text = file(
    event('SUMMARY:Sitting', 'DTSTART;TZID=Europe/Paris:20260327T090000', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;COUNT=3'),
  )
  expect(read(text).periods.map(({ from }) => from.slice(11, 16))).toEqual(['08:00', '08:00', '07:00'])
})

test.each([
  ['no calendar at all', '<html>', { line: '1' }],
  ['nothing', '', { line: '1' }],
  ['a file that was cut off', file(event('SUMMARY:Sitting', 'DTSTART:20260301')).slice(0, -20), { line: '6' }],
  ['an end that was not begun', 'BEGIN:VCALENDAR\nEND:VEVENT\nEND:VCALENDAR', { line: '2' }],
  ['parts in parts', 'BEGIN:VCALENDAR\n'.repeat(20), { detail: /parts/ }],
  ['a day that there is not', file(event('SUMMARY:Sitting', 'DTSTART:20260230')), { line: '5', detail: /20260230/ }],
  ['no beginning', file(event('SUMMARY:Sitting')), { detail: /begins/ }],
  ['an end before the beginning', file(event('SUMMARY:Sitting', 'DTSTART:20260302', 'DTEND:20260301')), { line: '6' }],
  [
    'a rule that is not known',
    file(event('SUMMARY:Sitting', 'DTSTART:20260302', 'RRULE:FREQ=WEEKLY;BYSETPOS=2')),
    { detail: /BYSETPOS/ },
  ],
  [
    'a duration that is none',
    file(event('SUMMARY:Sitting', 'DTSTART:20260302T090000Z', 'DURATION:soon')),
    { detail: /duration/ },
  ],
])('refused: %s', (_, text, params) => {
  const expected = Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, value instanceof RegExp ? expect.stringMatching(value) : value]),
  )
  expect(fails(text)).toMatchObject({ code: 'calendar_invalid', params: { source: 'sittings.ics', ...expected } })
})

test('a zone that nobody knows is named, and nothing is guessed', () => {
  const text = file(event('SUMMARY:Sitting', 'DTSTART;TZID=Mars/Olympus:20260301T090000', 'DURATION:PT1H'))
  expect(fails(text)).toMatchObject({ code: 'calendar_zone', params: { zone: 'Mars/Olympus' } })
})

test('as many events as there may be, and one more; periods likewise', () => {
  const lunch = event('SUMMARY:Lunch', 'DTSTART:20260302')
  expect(read(file(...Array<string>(MOST_EVENTS).fill(lunch))).ignored).toBe(MOST_EVENTS)
  expect(fails(file(...Array<string>(MOST_EVENTS + 1).fill(lunch)))).toMatchObject({ code: 'calendar_too_many' })
  const daily = (count: number) => file(event('SUMMARY:Sitting', 'DTSTART:20240101', `RRULE:FREQ=DAILY;COUNT=${count}`))
  expect(read(daily(MOST_PERIODS)).periods).toHaveLength(MOST_PERIODS)
  expect(fails(daily(MOST_PERIODS + 1))).toMatchObject({ code: 'calendar_too_many' })
})

test('whatever the bytes, it is read or refused in words, and soon', () => {
  const lines = fc.array(
    fc.oneof(
      fc.constantFrom('BEGIN:VEVENT', 'END:VEVENT', 'SUMMARY:Sitting', 'DTSTART:20260302', 'DTEND:20260304', 'RRULE:FREQ=DAILY'),
      fc.string().map((text) => `X:${text}`),
      fc.string({ unit: 'binary' }),
    ),
    { maxLength: 12 },
  )
  fc.assert(
    fc.property(lines, (all) => {
      const error = fails(file(...all))
      if (error !== null) expect(error).toMatchObject({ code: expect.stringMatching(/^calendar_/) })
    }),
  )
})

test('days and walls of zones', () => {
  expect([isZone('Europe/Paris'), isZone('Europe/Atlantis')]).toEqual([true, false])
  expect(dayStart('Europe/Paris', '2026-07-01')).toBe('2026-06-30T22:00:00.000Z')
  expect([dayStart('UTC', '2026-02-30'), dayStart('UTC', 'soon')]).toEqual([null, null])
  expect([nextDay('2026-02-28'), nextDay('2026-12-31')]).toEqual(['2026-03-01', '2027-01-01'])
  const paris = (hour: number, day: number, month: number) =>
    new Date(instantIn('Europe/Paris', { year: 2026, month, day, hour, minute: 30, second: 0 })).toISOString()
  // 2.30 is shown twice on 25 October, and never on 29 March.
  expect(paris(2, 25, 10)).toBe('2026-10-25T00:30:00.000Z')
  expect(paris(2, 29, 3)).toBe('2026-03-29T01:30:00.000Z')
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => seconds * 1000),
      fc.constantFrom('Europe/Paris', 'Asia/Kathmandu', 'America/St_Johns', 'Pacific/Apia'),
      (ms, zone) => {
        const again = instantIn(zone, wallIn(zone, ms))
        expect(wallIn(zone, again)).toEqual(wallIn(zone, ms))
      },
    ),
    { numRuns: 300 },
  )
})
