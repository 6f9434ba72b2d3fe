import type { IdentityId, OutgoingKind } from '#shared/model/index.ts'
import { useParliamentState } from '../../data/calendar.ts'
import { useDates } from '../../i18n/dates.ts'
import { useText } from '../../i18n/text.ts'

/** Where parliament stands, when that is anything but an ordinary sitting, and whether what is being written may be published then. */
export function CalendarLine({ identityId, kind }: { identityId: IdentityId; kind: OutgoingKind }) {
  const t = useText()
  const dates = useDates()
  const { data } = useParliamentState(identityId)
  if (!data || (data.state === 'sitting' && data.freezes === 'none')) return null
  const state = t(`calendar.state.${data.state}`)
  const frozen = data.frozen.some((one) => one === kind)
  return (
    <p className={frozen ? 'note warn' : 'dim'} role={frozen ? 'alert' : undefined}>
      {data.until === null ? t('calendar.now.open', { state }) : t('calendar.now', { state, until: dates.medium(data.until) })}{' '}
      {t(`calendar.freeze.${data.freezes}`)}
    </p>
  )
}
