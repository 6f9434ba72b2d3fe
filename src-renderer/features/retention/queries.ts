import { useQuery } from '@tanstack/react-query'
import { type IdentityId, type Message, type MessageId, ProblemError } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'

/** Everything about keeping and letting go begins with this. */
export const retentionKey = ['retention'] as const

/** Messages of a disposal that are shown. */
export const MOST_ITEMS = 50

export function useHolds(identityId: IdentityId) {
  const { engine } = useApp()
  return useQuery({
    queryKey: [...retentionKey, 'holds', identityId],
    queryFn: () => engine.client.retention.holds({ identityId, lifted: false }),
    staleTime: 0,
  })
}

export function useSchedules(identityId: IdentityId) {
  const { engine } = useApp()
  return useQuery({
    queryKey: [...retentionKey, 'schedules', identityId],
    queryFn: () => engine.client.retention.schedules({ identityId }),
    staleTime: 0,
  })
}

/** @param stir Changes when a disposal that is being carried out has come further. */
export function useDisposals(identityId: IdentityId, stir: string) {
  const { engine } = useApp()
  return useQuery({
    queryKey: [...retentionKey, 'disposals', identityId, stir],
    queryFn: () => engine.client.retention.disposals({ identityId }),
    staleTime: 0,
    placeholderData: (before) => before,
  })
}

/** A message that a disposal names; null where nothing of it is left. */
export interface NamedMessage {
  id: string
  message: Message | null
  hold: string | null
  gone: boolean
}

/** The first messages that a disposal names. */
export function useDisposalItems(identityId: IdentityId, id: string) {
  const { engine } = useApp()
  /** It may be removed between the list and this. */
  const find = (wanted: MessageId) =>
    engine.client.messages.get({ id: wanted }).catch((error: unknown) => {
      if (error instanceof ProblemError && error.code === 'not_found') return null
      throw error
    })
  return useQuery({
    queryKey: [...retentionKey, 'items', identityId, id],
    queryFn: async (): Promise<NamedMessage[]> => {
      const items = await engine.client.retention.disposalItems({ id, identityId, after: null, limit: MOST_ITEMS })
      return Promise.all(
        items.map(async ({ messageId, hold, gone }) => {
          const message = gone ? null : await find(messageId)
          return { id: messageId, message, hold, gone }
        }),
      )
    },
    staleTime: 0,
    gcTime: 0,
  })
}
