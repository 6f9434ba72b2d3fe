import { useMemo, useState } from 'react'
import { Button as AriaButton, Dialog, DialogTrigger, Popover } from 'react-aria-components'
import { snoozeTimes } from '../../data/snooze-times.ts'
import { useDates } from '../../i18n/dates.ts'
import { useText } from '../../i18n/text.ts'
import { Icon } from '../../ui/icons.tsx'
import { Button } from '../../ui/parts.tsx'
import { localDate } from '../dialogs/local-date.ts'

/** Chooses when it is to be sent. */
export function SendLater({ isDisabled, onChoose }: { isDisabled: boolean; onChoose: (at: string) => void }) {
  const t = useText()
  return (
    <DialogTrigger>
      <AriaButton className="button plain" isDisabled={isDisabled}>
        <Icon name="clock" />
        <span>{t('compose.later')}</span>
      </AriaButton>
      <Popover className="popover" placement="top start">
        <Dialog className="composer-later" aria-label={t('compose.later')}>
          {({ close }) => (
            <Times
              onChoose={(at) => {
                close()
                onChoose(at)
              }}
            />
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}

function Times({ onChoose }: { onChoose: (at: string) => void }) {
  const t = useText()
  const dates = useDates()
  const times = useMemo(() => snoozeTimes(new Date()), [])
  const [own, setOwn] = useState('')
  const chosen = own === '' ? Number.NaN : new Date(own).getTime()
  const valid = chosen > Date.now()
  return (
    <>
      <ul className="composer-times">
        {times.map(({ kind, at }) => (
          <li key={kind}>
            <Button look="plain" onPress={() => onChoose(at.toISOString())}>
              {`${t(`snooze.${kind}`)} · ${dates.weekdayTime(at)}`}
            </Button>
          </li>
        ))}
      </ul>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          if (valid) onChoose(new Date(chosen).toISOString())
        }}
      >
        <label className="label">
          {t('compose.at')}
          <input
            className="input"
            type="datetime-local"
            min={localDate(new Date(), true)}
            value={own}
            onChange={(event) => setOwn(event.target.value)}
          />
        </label>
        <Button type="submit" isDisabled={!valid}>
          {t('compose.schedule')}
        </Button>
      </form>
    </>
  )
}
