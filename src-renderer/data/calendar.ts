import { useQuery } from '@tanstack/react-query'
import type { IdentityId } from '#shared/model/index.ts'
import { useApp } from '../app/context.ts'

/** Everything about parliamentary calendars begins with this. */
export const calendarKey = ['calendar'] as const

/** The calendar of an identity, its state now and its check-lists. The state moves with the clock, so it is asked for each time. */
export function useCalendar(identityId: IdentityId) {
  const { engine } = useApp()
  return useQuery({
    queryKey: [...calendarKey, identityId],
    queryFn: async () => {
      const [calendar, state, lists] = await Promise.all([
        engine.client.voices.calendar({ identityId }),
        engine.client.voices.state({ identityId }),
        engine.client.voices.checkLists({ identityId }),
      ])
      return { calendar, state, lists }
    },
    staleTime: 0,
    refetchInterval: 60_000,
  })
}

/** Where an identity's parliament stands now, and what that freezes. */
export function useParliamentState(identityId: IdentityId) {
  const { engine } = useApp()
  return useQuery({
    queryKey: [...calendarKey, identityId, 'state'],
    queryFn: ({ signal }) => engine.client.voices.state({ identityId }, { signal }),
    staleTime: 0,
    refetchInterval: 60_000,
  })
}
