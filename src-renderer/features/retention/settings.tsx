import { useState } from 'react'
import type { IdentityId } from '#shared/model/index.ts'
import { useIdentities } from '../../data/queries.ts'
import { useText } from '../../i18n/text.ts'
import { Choice } from '../../ui/parts.tsx'
import { Disposals } from './disposals.tsx'
import { Holds } from './holds.tsx'
import { Schedules } from './schedules.tsx'

/** Holds, schedules and disposals of one identity at a time: none of them reaches across voices. */
export function RetentionSettings() {
  const t = useText()
  const { data: identities = [] } = useIdentities()
  const [chosen, setChosen] = useState<IdentityId | null>(null)
  const identity = identities.find(({ id }) => id === chosen) ?? identities[0]
  if (!identity) return null
  return (
    <section className="settings-part" aria-labelledby="settings-retention">
      <h2 id="settings-retention">{t('retention.title')}</h2>
      <p className="dim">{t('retention.text')}</p>
      <Choice
        label={t('export.identity')}
        value={identity.id}
        options={identities.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={setChosen}
      />
      <Holds key={`holds ${identity.id}`} identityId={identity.id} />
      <Schedules key={`schedules ${identity.id}`} identityId={identity.id} />
      <Disposals key={`disposals ${identity.id}`} identityId={identity.id} />
    </section>
  )
}
