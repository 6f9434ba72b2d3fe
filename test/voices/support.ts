import type { Calendar, CalendarPeriod, IdentityId, OutgoingContent, ParliamentState, Voice } from '#shared/model/index.ts'
import { freezesOf } from '#voices/calendar/defaults.ts'

const identityId = '1' as IdentityId

/** A calendar of periods in the order in which they were entered. Days of 2026, `2026-03-01`; an empty end is none. */
export function calendarOf(
  periods: [state: ParliamentState, from: string, until: string][],
  change: Partial<Calendar> & { voice?: Voice } = {},
): Calendar {
  const { voice = 'mandate', ...rest } = change
  const made = periods.map(([state, from, until], index): CalendarPeriod => {
    const common = { identityId, title: '', source: '', by: 'Ada', at: '2026-01-01T00:00:00.000Z' }
    return { ...common, id: String(index + 1), state, from: day(from), until: until === '' ? null : day(until) }
  })
  return { identityId, zone: 'UTC', outside: 'sitting', words: [], freezes: freezesOf(voice, {}), periods: made, ...rest }
}

export const day = (text: string): string => `${text}T00:00:00.000Z`

const words = { text: 'The ferry', subject: '', warning: '', language: null, media: [] }

export function publishing(kind: Extract<OutgoingContent, { do: 'publish' }>['kind']): OutgoingContent {
  return { do: 'publish', kind, ...words, to: [], cc: [], bcc: [], visibility: null }
}

export const edit: OutgoingContent = { do: 'edit', ...words }

export function act(name: Extract<OutgoingContent, { do: 'act' }>['act'], on = true): OutgoingContent {
  return { do: 'act', act: name, on, handle: null, comment: '' }
}
