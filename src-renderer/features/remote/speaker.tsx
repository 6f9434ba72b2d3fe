import type { IdentityId } from '#shared/model/index.ts'
import { useIdentityMap } from '../../data/queries.ts'
import { Mark } from '../../ui/mark.tsx'

/** Under whose name something is about to be done, in shape, colour and words. */
export function Speaker({ identityId }: { identityId: IdentityId }) {
  const identity = useIdentityMap().get(identityId)
  if (!identity) return null
  return (
    <p className="voice-line" data-color={identity.color}>
      <Mark identity={identity} />
      <strong>
        <bdi>{identity.name}</bdi>
      </strong>
    </p>
  )
}
