import { useState } from 'react'
import type { CalendarState, IdentityId } from '#shared/model/index.ts'
import { useCalendar } from '../../data/calendar.ts'
import { toProblem } from '../../data/faults.ts'
import { useIdentities } from '../../data/queries.ts'
import { useDates } from '../../i18n/dates.ts'
import { useText } from '../../i18n/text.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Choice } from '../../ui/parts.tsx'
import { CheckLists } from './check-lists.tsx'
import { Periods } from './periods.tsx'
import { Policy } from './policy.tsx'

/** The parliamentary calendar of one identity at a time, and what it freezes. */
export function CalendarSettings() {
  const t = useText()
  const { data: identities = [] } = useIdentities()
  const [chosen, setChosen] = useState<IdentityId | null>(null)
  const identity = identities.find(({ id }) => id === chosen) ?? identities[0]
  if (!identity) return null
  return (
    <section className="settings-part" aria-labelledby="settings-calendar">
      <h2 id="settings-calendar">{t('calendar.title')}</h2>
      <p className="dim">{t('calendar.text')}</p>
      <Choice
        label={t('export.identity')}
        value={identity.id}
        options={identities.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={setChosen}
      />
      <OneCalendar key={identity.id} identityId={identity.id} personal={identity.voice === 'personal'} />
    </section>
  )
}

function OneCalendar({ identityId, personal }: { identityId: IdentityId; personal: boolean }) {
  const { data, error } = useCalendar(identityId)
  return (
    <>
      <FaultNote problem={error ? toProblem(error) : null} />
      {data ? (
        <>
          <Now state={data.state} />
          <CheckLists lists={data.lists} />
          <Periods calendar={data.calendar} />
          <Policy calendar={data.calendar} personal={personal} />
        </>
      ) : null}
    </>
  )
}

/** The state now, until when, what it freezes, and what comes next. */
function Now({ state }: { state: CalendarState }) {
  const t = useText()
  const dates = useDates()
  const name = t(`calendar.state.${state.state}`)
  return (
    <div className="note" role="status">
      <p>
        <strong>
          {state.until === null
            ? t('calendar.now.open', { state: name })
            : t('calendar.now', { state: name, until: dates.medium(state.until) })}
        </strong>{' '}
        {t(`calendar.freeze.${state.freezes}`)}
      </p>
      {state.next ? (
        <p>
          {t('calendar.next', { state: t(`calendar.state.${state.next.state}`), at: dates.medium(state.next.at) })}{' '}
          {t(`calendar.freeze.${state.next.freezes}`)}
        </p>
      ) : null}
    </div>
  )
}
