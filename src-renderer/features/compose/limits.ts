import { useQuery } from '@tanstack/react-query'
import type { Message, SendLimits } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'

/** What an account may send, as its server said last; null while that is not known. */
export function useLimits(
  { identityId, accountId }: Pick<Message, 'identityId' | 'accountId'>,
  wanted = true,
): SendLimits | null {
  const { engine } = useApp()
  const { data } = useQuery({
    queryKey: ['limits', accountId],
    queryFn: ({ signal }) => engine.client.outbox.limits({ identityId, accountId }, { signal }),
    enabled: wanted,
    staleTime: 60_000,
  })
  return data?.limits ?? null
}
