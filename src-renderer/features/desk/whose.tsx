import type { AccountId, IdentityId } from '#shared/model/index.ts'
import { useAccountMap, useIdentityMap } from '../../data/queries.ts'
import { Mark } from '../../ui/mark.tsx'

/** Who speaks, and from where: shape, colour and name. */
export function Whose({ identityId, accountId }: { identityId: IdentityId; accountId: AccountId }) {
  const identity = useIdentityMap().get(identityId)
  const account = useAccountMap().get(accountId)
  return (
    <span className="desk-whose">
      {identity ? <Mark identity={identity} /> : null}
      <strong>
        <bdi>{identity?.name ?? ''}</bdi>
      </strong>
      <bdi className="dim truncate">{account?.label ?? ''}</bdi>
    </span>
  )
}
