import { useQuery } from '@tanstack/react-query'
import { useApp } from '../app/context.ts'

/** Drafts of all identities; read again when one changes. */
export const draftsKey = ['drafts'] as const

export function useDrafts() {
  const { engine } = useApp()
  return useQuery({ queryKey: draftsKey, queryFn: () => engine.client.drafts.list({ identityId: null }) })
}
