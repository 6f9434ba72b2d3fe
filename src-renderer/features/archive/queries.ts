import { useQuery } from '@tanstack/react-query'
import type { IdentityId, MessageId } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'

export const archiveKeys = {
  history: (id: MessageId) => ['history', id],
  ledgers: ['ledgers'],
} as const

/** How a message came and what can be proved of it. Read anew each time it is looked at. */
export function useHistory(id: MessageId) {
  const { engine } = useApp()
  return useQuery({
    queryKey: archiveKeys.history(id),
    queryFn: async ({ signal }) => {
      const [history, message] = await Promise.all([
        engine.client.archive.history({ messageId: id }, { signal }),
        engine.client.messages.get({ id }, { signal }),
      ])
      return { history, message }
    },
    staleTime: 0,
    gcTime: 0,
  })
}

export function useLedgers() {
  const { engine } = useApp()
  return useQuery({ queryKey: archiveKeys.ledgers, queryFn: () => engine.client.archive.ledgers({}), staleTime: 0 })
}

/** How many records an export would have. */
export function useRecordCount(query: string, identityIds: IdentityId[] | null) {
  const { engine } = useApp()
  return useQuery({
    queryKey: ['record-count', query, identityIds],
    queryFn: ({ signal }) => engine.client.archive.count({ query, identityIds }, { signal }),
    staleTime: 0,
    gcTime: 0,
  })
}
