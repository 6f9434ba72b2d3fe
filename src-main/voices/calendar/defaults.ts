import type { CalendarWord, Freezes, OwnFreezes, ParliamentState, Voice } from '#shared/model/index.ts'

/** The state outside all periods, until an office says otherwise. */
export const OUTSIDE: ParliamentState = 'sitting'

const nothing: Freezes = { sitting: 'none', recess: 'none', pre_election: 'none', dissolved: 'none', new_term: 'none' }

/** What each state keeps a voice from, until an office says otherwise. */
const defaults: Record<Voice, Freezes> = {
  institutional: { ...nothing, pre_election: 'notes', dissolved: 'notes' },
  mandate: { ...nothing, pre_election: 'all', dissolved: 'all' },
  personal: nothing,
}

/** What applies to an identity: a personal voice is never frozen, whatever was set. */
export function freezesOf(voice: Voice, own: OwnFreezes): Freezes {
  return voice === 'personal' ? nothing : { ...defaults[voice], ...own }
}

/** Words in calendars and what they mean, in the languages of the program, until an office says otherwise. */
export const defaultWords: readonly CalendarWord[] = Object.entries({
  sitting: ['sitting', 'plenary', 'session', 'séance', 'plénière', 'sesión', 'pleno', 'plenaria', 'جلسة', 'sitting week'],
  recess: [
    'recess',
    'adjournment',
    'adjourned',
    'constituency week',
    'non-sitting',
    'intersession',
    'suspension des travaux',
    'vacances parlementaires',
    'receso',
    'vacaciones parlamentarias',
    'عطلة',
  ],
  pre_election: [
    'pre-election',
    'pre-election period',
    'election period',
    'purdah',
    'caretaker period',
    'période préélectorale',
    'campagne électorale',
    'campaña electoral',
    'periodo preelectoral',
    'حملة انتخابية',
  ],
  // Not “dissolution” alone: committees are dissolved too.
  dissolved: [
    'dissolution of parliament',
    'parliament dissolved',
    'prorogued',
    'dissolution de l’assemblée',
    'dissolution du parlement',
    'disolución de las cortes',
    'cortes disueltas',
    'حل البرلمان',
  ],
  new_term: [
    'new term',
    'new parliament',
    'opening of parliament',
    'nouvelle législature',
    'ouverture de la législature',
    'nueva legislatura',
    'constitución de las cámaras',
    'ولاية جديدة',
  ],
} satisfies Record<ParliamentState, string[]>).flatMap(([state, words]) =>
  words.map((word) => ({ word, state: state as ParliamentState })),
)
