import type { Calendar, CalendarState, CheckList, IdentityId } from '#shared/model/index.ts'
import type { Samples } from './samples.ts'

/** Questions and answers of the calls about the parliamentary calendar. */
export function voicesSamples(identityId: IdentityId): Pick<Samples, 'voices'> {
  const [from, until, at] = ['2026-03-01T00:00:00.000Z', '2026-05-01T00:00:00.000Z', '2026-01-01T09:00:00.000Z']
  const by = 'Ada'
  const period = { id: '4', identityId, state: 'dissolved' as const, from, until, title: 'Élections 議会', source: '', by, at }
  const calendar: Calendar = {
    identityId,
    zone: 'Europe/Paris',
    outside: 'sitting',
    periods: [period, { ...period, id: '5', until: null, source: 'https://parliament.example/calendar.ics' }],
    words: [
      { word: 'Session', state: 'sitting' },
      { word: 'Training session', state: null },
    ],
    freezes: { sitting: 'none', recess: 'notes', pre_election: 'answers', dissolved: 'all', new_term: 'none' },
  }
  const state: CalendarState = {
    identityId,
    state: 'dissolved',
    since: from,
    until,
    freezes: 'all',
    frozen: ['post', 'reply', 'comment', 'direct', 'edit', 'act'],
    next: { state: 'new_term', at: until, freezes: 'none' },
  }
  const list: CheckList = {
    identityId,
    before: 'sitting',
    state: 'dissolved',
    at: from,
    until,
    freezes: 'all',
    items: [
      { name: 'scheduled', count: 3, check: null },
      { name: 'names', count: null, check: { outcome: 'signed_off', by, at, reason: 'It says nothing of a mandate' } },
    ],
  }
  const item = { identityId, by, state: 'dissolved' as const, at: from, name: 'names' as const }
  return {
    voices: {
      state: { input: { identityId }, output: state },
      calendar: { input: { identityId }, output: calendar },
      addPeriod: { input: { identityId, by, state: 'dissolved', from, until: null, title: 'Élections' }, output: period },
      removePeriod: { input: { identityId, by, id: '4' }, output: {} },
      importCalendar: {
        input: { identityId, by, from: 'https://parliament.example/calendar.ics' },
        output: { added: 41, removed: 0, ignored: 7 },
      },
      setCalendar: {
        input: { identityId, by, zone: null, outside: 'recess', words: calendar.words, freezes: { recess: 'notes' } },
        output: calendar,
      },
      checkLists: { input: { identityId }, output: [list] },
      check: { input: { ...item, outcome: 'signed_off', reason: 'It says nothing of a mandate' }, output: [list] },
      uncheck: { input: item, output: [{ ...list, until: null }] },
    },
  }
}
