import { useState } from 'react'
import { useApp } from '../../app/context.ts'
import { toProblem } from '../../data/faults.ts'
import { useText } from '../../i18n/text.ts'
import { Button, Front } from '../../ui/parts.tsx'
import { focusPlace } from '../commands/navigation.ts'
import { localDate } from './local-date.ts'

/** Goes to where the list reaches a day. */
export function Jump({ onClose }: { onClose: () => void }) {
  const app = useApp()
  const t = useText()
  const [day, setDay] = useState(localDate(new Date(), false))
  const [year, month, date] = day.split('-').map(Number)
  const valid = year !== undefined && month !== undefined && date !== undefined && !Number.isNaN(date)
  const go = async () => {
    if (!valid) return
    onClose()
    try {
      const end = new Date(year, month - 1, date, 23, 59, 59, 999)
      await app.inbox.moveTo(await app.inbox.list.indexAt(end.toISOString()))
      focusPlace('list')
    } catch (error) {
      app.notices.fail(toProblem(error))
    }
  }
  return (
    <Front title={t('jump.title')} onClose={onClose}>
      <form
        className="inline-form"
        onSubmit={(event) => {
          event.preventDefault()
          void go()
        }}
      >
        <label className="field">
          <span className="label">{t('jump.day')}</span>
          {/* biome-ignore lint/a11y/noAutofocus: it is the one thing this dialog asks for. */}
          <input className="input" type="date" autoFocus value={day} onChange={(event) => setDay(event.target.value)} />
        </label>
        <Button type="submit" look="primary" isDisabled={!valid}>
          {t('jump.go')}
        </Button>
      </form>
    </Front>
  )
}
