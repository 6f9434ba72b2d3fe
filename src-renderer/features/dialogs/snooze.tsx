import { useMemo, useState } from 'react'
import { Menu, MenuItem } from 'react-aria-components'
import { useApp } from '../../app/context.ts'
import { snoozeTimes } from '../../data/snooze-times.ts'
import { useDates } from '../../i18n/dates.ts'
import { useText } from '../../i18n/text.ts'
import { Icon } from '../../ui/icons.tsx'
import { Button, Front } from '../../ui/parts.tsx'
import { localDate } from './local-date.ts'

/** Until when what is picked stays out of sight. */
export function Snooze({ onClose }: { onClose: () => void }) {
  const app = useApp()
  const t = useText()
  const dates = useDates()
  const [subjects] = useState(() => app.inbox.subjects())
  const times = useMemo(() => snoozeTimes(new Date()), [])
  const [picked, setPicked] = useState('')
  const asleep = subjects.some((row) => row.snoozedUntil !== null)
  const until = (at: Date | null) => {
    onClose()
    void app.triage.snooze(subjects, at?.toISOString() ?? null)
  }
  const chosen = picked === '' ? null : new Date(picked)
  const valid = chosen !== null && chosen.getTime() > Date.now()
  return (
    <Front title={t('snooze.title', { count: subjects.length })} onClose={onClose}>
      <Menu
        className="menu flat"
        autoFocus="first"
        aria-label={t('snooze.title', { count: subjects.length })}
        onAction={(key) => (key === 'wake' ? until(null) : until(times.find(({ kind }) => kind === key)?.at ?? null))}
      >
        {times.map(({ kind, at }) => (
          <MenuItem key={kind} id={kind} className="menu-item" textValue={t(`snooze.${kind}`)}>
            <Icon name="clock" />
            <span>{t(`snooze.${kind}`)}</span>
            <span className="end">{dates.weekdayTime(at)}</span>
          </MenuItem>
        ))}
        {asleep ? (
          <MenuItem id="wake" className="menu-item" textValue={t('snooze.wake')}>
            <Icon name="undo" />
            <span>{t('snooze.wake')}</span>
          </MenuItem>
        ) : null}
      </Menu>
      <form
        className="inline-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (valid) until(chosen)
        }}
      >
        <label className="field">
          <span className="label">{t('snooze.pick')}</span>
          <input
            className="input"
            type="datetime-local"
            value={picked}
            min={localDate(new Date(), true)}
            onChange={(event) => setPicked(event.target.value)}
          />
        </label>
        <Button type="submit" look="primary" isDisabled={!valid}>
          {t('snooze.set')}
        </Button>
      </form>
    </Front>
  )
}
