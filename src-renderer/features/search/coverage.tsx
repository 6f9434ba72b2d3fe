import { useCoverage } from '../../data/queries.ts'
import { useDates } from '../../i18n/dates.ts'
import { useQuantities } from '../../i18n/quantities.ts'
import { useText } from '../../i18n/text.ts'

/** Beside a search that found nothing: how much of the time somebody watched, and why not the rest. */
export function CoverageLine() {
  const t = useText()
  const dates = useDates()
  const { share, duration, list } = useQuantities()
  const { data } = useCoverage()
  if (!data || data.from === null || data.watched === null) return null
  // A start takes milliseconds; that is no reason to name.
  const named = data.unwatched.filter(({ ms }) => ms >= 1000)
  const reasons = named.map(({ reason, ms }) => `${t(`coverage.${reason}`)} (${duration(ms)})`)
  return (
    <p className="dim">
      {t('coverage.watched', { share: share(data.watched), date: dates.day(data.from) })}
      {reasons.length > 0 ? ` ${t('coverage.unwatched', { reasons: list(reasons) })}` : null}
    </p>
  )
}
