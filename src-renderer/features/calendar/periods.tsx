import { useState } from 'react'
import { type Calendar, type CalendarPeriod, ParliamentState } from '#shared/model/index.ts'
import { dayStart, nextDay } from '#shared/time/index.ts'
import { useApp } from '../../app/context.ts'
import { useDates } from '../../i18n/dates.ts'
import { useText } from '../../i18n/text.ts'
import { native } from '../../platform/native.ts'
import { Button, Choice, Field } from '../../ui/parts.tsx'
import { Decide } from '../retention/decide.tsx'

/** Periods that are shown at once; the rest is asked for. */
const AT_ONCE = 20

type Open = { what: 'add' | 'import' } | { what: 'remove'; period: CalendarPeriod }

/** The periods of a calendar: entered by hand or read from a file. */
export function Periods({ calendar }: { calendar: Calendar }) {
  const t = useText()
  const dates = useDates()
  const [open, setOpen] = useState<Open | null>(null)
  const [all, setAll] = useState(false)
  const now = new Date().toISOString()
  const recent = calendar.periods.filter(({ until }) => until === null || until > now)
  const shown = all ? calendar.periods : recent.slice(0, AT_ONCE)
  const nameOf = ({ state, title, from }: CalendarPeriod) =>
    [t(`calendar.state.${state}`), title, dates.day(from)].filter((part) => part !== '').join(' · ')
  const close = () => setOpen(null)
  return (
    <div className="form">
      <h3>{t('calendar.periods')}</h3>
      <p className="dim">{t('calendar.overlap')}</p>
      {calendar.periods.length === 0 ? (
        <p className="note">{t('calendar.none', { state: t(`calendar.state.${calendar.outside}`) })}</p>
      ) : null}
      <ul className="settings-list">
        {shown.map((period) => (
          <li key={period.id}>
            <span className="grow">
              <strong>{t(`calendar.state.${period.state}`)}</strong>
              {period.title === '' ? null : <span dir="auto">{period.title}</span>}
              <span>
                {period.until === null
                  ? t('calendar.since', { from: dates.medium(period.from) })
                  : t('calendar.span', { from: dates.medium(period.from), until: dates.medium(period.until) })}
              </span>
              <span className="dim">
                {period.source === ''
                  ? t('calendar.by', { by: period.by, at: dates.medium(period.at) })
                  : t('calendar.from', { by: period.by, at: dates.medium(period.at), source: period.source })}
              </span>
            </span>
            <span className="buttons">
              <Button
                look="plain"
                aria-label={t('calendar.removeNamed', { what: nameOf(period) })}
                onPress={() => setOpen({ what: 'remove', period })}
              >
                {t('calendar.remove')}
              </Button>
            </span>
          </li>
        ))}
      </ul>
      <div className="form-foot">
        <Button onPress={() => setOpen({ what: 'add' })}>{t('calendar.add')}</Button>
        <Button onPress={() => setOpen({ what: 'import' })}>{t('calendar.import')}</Button>
        {shown.length < calendar.periods.length ? (
          <Button look="plain" onPress={() => setAll(true)}>
            {t('calendar.showAll', { count: calendar.periods.length })}
          </Button>
        ) : null}
      </div>
      {open?.what === 'add' ? <Add calendar={calendar} onClose={close} /> : null}
      {open?.what === 'import' ? <Import calendar={calendar} onClose={close} /> : null}
      {open?.what === 'remove' ? <Remove period={open.period} name={nameOf(open.period)} onClose={close} /> : null}
    </div>
  )
}

interface DialogProps {
  calendar: Calendar
  onClose: () => void
}

function Add({ calendar: { identityId, zone }, onClose }: DialogProps) {
  const { engine } = useApp()
  const t = useText()
  const [state, setState] = useState<ParliamentState>('recess')
  const [first, setFirst] = useState('')
  const [last, setLast] = useState('')
  const [title, setTitle] = useState('')
  const from = dayStart(zone, first)
  const until = last === '' ? null : dayStart(zone, last) && dayStart(zone, nextDay(last))
  const ready = from !== null && (last === '' || (until !== null && until > from))
  return (
    <Decide
      title={t('calendar.add')}
      text={t('calendar.add.text', { zone })}
      act={t('calendar.add')}
      reasoned={false}
      ready={ready}
      decide={async ({ by }) => {
        if (from !== null) await engine.client.voices.addPeriod({ identityId, by, state, from, until, title })
      }}
      onClose={onClose}
    >
      <Choice
        label={t('calendar.state')}
        value={state}
        options={ParliamentState.options.map((value) => ({ value, label: t(`calendar.state.${value}`) }))}
        onChange={setState}
      />
      <Day label={t('calendar.first')} value={first} onChange={setFirst} />
      <Day label={t('calendar.last')} value={last} onChange={setLast} />
      <Field label={t('calendar.name')} value={title} onChange={setTitle} />
    </Decide>
  )
}

function Day({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  return (
    <label className="label">
      {label}
      <input className="input" type="date" max="2200-12-31" value={value} onChange={(event) => onChange(event.target.value)} />
    </label>
  )
}

function Import({ calendar: { identityId }, onClose }: DialogProps) {
  const app = useApp()
  const t = useText()
  const [from, setFrom] = useState('')
  const choose = async () => {
    const picked = await native?.chooseFile({ kind: 'file' })
    if (picked) setFrom(picked)
  }
  return (
    <Decide
      title={t('calendar.import')}
      text={t('calendar.import.text')}
      act={t('calendar.import')}
      reasoned={false}
      ready={from.trim() !== ''}
      decide={async ({ by }) => {
        await app.engine.client.voices.importCalendar({ identityId, by, from: from.trim() })
        app.notices.tell('calendar.imported')
      }}
      onClose={onClose}
    >
      <div className="inline-form">
        <Field label={t('calendar.import.from')} value={from} onChange={setFrom} required ltr />
        {native ? <Button onPress={() => void choose()}>{t('import.choose')}</Button> : null}
      </div>
    </Decide>
  )
}

function Remove({ period: { id, identityId }, name, onClose }: { period: CalendarPeriod; name: string; onClose: () => void }) {
  const { engine } = useApp()
  const t = useText()
  return (
    <Decide
      title={t('calendar.removeNamed', { what: name })}
      text={t('calendar.remove.text')}
      act={t('calendar.remove')}
      reasoned={false}
      decide={({ by }) => engine.client.voices.removePeriod({ identityId, id, by })}
      onClose={onClose}
    />
  )
}
