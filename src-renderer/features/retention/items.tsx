import type { Disposal } from '#shared/contract/index.ts'
import { toProblem } from '../../data/faults.ts'
import { useDates } from '../../i18n/dates.ts'
import { useText } from '../../i18n/text.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Front } from '../../ui/parts.tsx'
import { MOST_ITEMS, type NamedMessage, useDisposalItems } from './queries.ts'

interface ItemsProps {
  disposal: Disposal
  title: string
  onClose: () => void
}

/** The messages that a disposal names: what goes, and what a hold keeps. */
export function DisposalItems({ disposal, title, onClose }: ItemsProps) {
  const t = useText()
  const { data: items, error } = useDisposalItems(disposal.identityId, disposal.id)
  return (
    <Front title={t('disposal.lookNamed', { what: title })} onClose={onClose} wide>
      <FaultNote problem={error ? toProblem(error) : null} />
      {items ? (
        <p className="dim">
          {t('disposal.going', { count: disposal.going })} · {t('disposal.kept', { count: disposal.kept })}
        </p>
      ) : (
        <p className="dim">{error ? null : t('common.loading')}</p>
      )}
      <ul className="settings-list">
        {(items ?? []).map((item) => (
          <Item key={item.id} item={item} />
        ))}
      </ul>
      {items && items.length === MOST_ITEMS ? <p className="dim">{t('disposal.more', { count: MOST_ITEMS })}</p> : null}
    </Front>
  )
}

function Item({ item: { message, hold, gone } }: { item: NamedMessage }) {
  const t = useText()
  const dates = useDates()
  return (
    <li>
      {message ? (
        <span className="grow">
          <strong dir="auto">{message.subject || t('row.noSubject')}</strong>
          <span className="dim">
            <bdi>{message.from.name || message.from.handle || t('row.nobody')}</bdi> · {dates.day(message.at)}
          </span>
        </span>
      ) : null}
      {hold === null ? null : <span className="tag plain">{t('disposal.itemKept')}</span>}
      {gone ? <span className="tag plain">{t('disposal.itemGone')}</span> : null}
    </li>
  )
}
