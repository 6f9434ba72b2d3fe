import { useQuery } from '@tanstack/react-query'
import type { OutboxItem } from '#shared/model/index.ts'
import { useApp } from '../app/context.ts'

/** What is on its way, of all identities; read again when anything of it changes. */
export const deskKey = ['desk'] as const

/** As much as is still looked through; older ones are in the record. */
const MOST = 200

export function useDesk() {
  const { engine } = useApp()
  return useQuery({
    queryKey: deskKey,
    queryFn: ({ signal }) => engine.client.outbox.list({ identityId: null, limit: MOST }, { signal }),
  })
}

/** Where an item belongs: what asks something of a person comes first. */
export function partOf({ state, toConfirm }: OutboxItem): 'attention' | 'waiting' | 'ended' {
  if (state === 'failed' || state === 'unknown' || toConfirm) return 'attention'
  return state === 'sent' || state === 'cancelled' ? 'ended' : 'waiting'
}
