import { memo } from 'react'
import type { ConversationRow, Identity, Label, LabelId } from '#shared/model/index.ts'
import { labelsOf } from '../../data/labels.ts'
import type { useDates } from '../../i18n/dates.ts'
import type { Text } from '../../i18n/text.ts'
import { Icon } from '../../ui/icons.tsx'
import { Mark } from '../../ui/mark.tsx'
import { LabelChip } from '../labels/chip.tsx'

interface RowProps {
  row: ConversationRow | null
  index: number
  total: number
  top: number
  active: boolean
  picked: boolean
  identity: Identity | undefined
  /** Labels and topics by id. */
  labels: ReadonlyMap<LabelId, Label>
  /** Say the state in words: the list mixes several. */
  showState: boolean
  t: Text
  dates: ReturnType<typeof useDates>
}

/** Id of a row's element, for `aria-activedescendant`. */
export const rowElementId = (id: string): string => `row-${id}`

/** One conversation in the list, or its outline while it is on its way. */
export const Row = memo(function Row({
  row,
  index,
  total,
  top,
  active,
  picked,
  identity,
  labels,
  showState,
  t,
  dates,
}: RowProps) {
  const place = { transform: `translateY(${top}px)` }
  if (!row) {
    return (
      <div className="row waiting" style={place} aria-hidden="true" data-index={index}>
        <i />
        <i />
        <i />
      </div>
    )
  }
  const unread = row.unread > 0
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the list itself has the focus and names its active row.
    <div
      id={rowElementId(row.id)}
      className="row"
      role="option"
      aria-selected={picked || active}
      aria-posinset={index + 1}
      aria-setsize={total}
      data-index={index}
      data-active={active || undefined}
      data-picked={picked || undefined}
      data-unread={unread || undefined}
      style={place}
    >
      <span className="row-pick" data-pick>
        {identity ? <Mark identity={identity} labelled /> : null}
        {picked ? <Icon name="check" /> : null}
      </span>
      <span className="row-head">
        {unread ? <span className="visually-hidden">{t('row.unread')} </span> : null}
        <bdi className="row-from truncate">{row.from || t('row.nobody')}</bdi>
        {row.messages > 1 ? (
          <span className="row-count" title={t('row.messages', { count: row.messages })}>
            {row.messages}
          </span>
        ) : null}
        <time className="row-at" dateTime={row.at} title={dates.full(row.at)}>
          {dates.short(row.at)}
        </time>
      </span>
      <span className="row-subject truncate" dir="auto">
        {row.subject || t('row.noSubject')}
      </span>
      <span className="row-tail">
        {row.outbound ? <span className="row-you">{t('row.you')}</span> : null}
        <RowLabels labels={labelsOf(row, labels)} />
        <span className="row-snippet truncate" dir="auto">
          {row.snippet}
        </span>
        {row.notes > 0 ? <Glyph icon="note" text={t('row.notes', { count: row.notes })} /> : null}
        {row.hasAttachment ? <Glyph icon="attachment" text={t('row.attachment')} /> : null}
        {row.snoozedUntil ? <Glyph icon="clock" text={t('row.snoozed', { at: dates.medium(row.snoozedUntil) })} /> : null}
        {showState && row.state === 'waiting' ? <span className="row-state">{t('state.waiting')}</span> : null}
      </span>
    </div>
  )
})

function Glyph({ icon, text }: { icon: 'attachment' | 'clock' | 'note'; text: string }) {
  return (
    <span className="row-glyph" title={text}>
      <Icon name={icon} />
      <span className="visually-hidden">{text}</span>
    </span>
  )
}

/** Labels that a row has room for. */
const MOST_SHOWN = 2

function RowLabels({ labels }: { labels: readonly Label[] }) {
  if (labels.length === 0) return null
  return (
    <span className="row-labels">
      {labels.slice(0, MOST_SHOWN).map((label) => (
        <LabelChip key={label.id} label={label} />
      ))}
      {labels.length > MOST_SHOWN ? (
        <span className="label-chip" title={labels.map(({ name }) => name).join(', ')}>
          +{labels.length - MOST_SHOWN}
        </span>
      ) : null}
    </span>
  )
}
