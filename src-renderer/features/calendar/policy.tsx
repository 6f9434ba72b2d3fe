import { useState } from 'react'
import { type Calendar, type CalendarWord, Freeze, ParliamentState } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { type Text, useText } from '../../i18n/text.ts'
import { Button, Choice, Field } from '../../ui/parts.tsx'
import { Decide } from '../retention/decide.tsx'

interface PolicyProps {
  calendar: Calendar
  /** A personal identity is never frozen. */
  personal: boolean
}

/** What each state freezes, the state outside all periods, and what words in calendars mean. */
export function Policy({ calendar, personal }: PolicyProps) {
  const t = useText()
  const [open, setOpen] = useState(false)
  const [words, setWords] = useState(false)
  return (
    <div className="form">
      <h3>{t('calendar.policy')}</h3>
      <p className="dim">{t(personal ? 'calendar.policy.personal' : 'calendar.policy.text')}</p>
      <ul className="settings-list">
        {ParliamentState.options.map((state) => (
          <li key={state}>
            <span className="grow">
              <strong>{t(`calendar.state.${state}`)}</strong>
              <span>{t(`calendar.freeze.${calendar.freezes[state]}`)}</span>
              <span className="dim" dir="auto">
                {t('calendar.words.of', { words: written(calendar.words, state, t) || '–' })}
              </span>
            </span>
          </li>
        ))}
      </ul>
      <p className="dim">{t('calendar.outside', { state: t(`calendar.state.${calendar.outside}`), zone: calendar.zone })}</p>
      <div className="form-foot">
        <Button onPress={() => setOpen(true)}>{t('calendar.policy.change')}</Button>
        <Button onPress={() => setWords(true)}>{t('calendar.words.change')}</Button>
      </div>
      {open ? <ChangePolicy calendar={calendar} personal={personal} onClose={() => setOpen(false)} /> : null}
      {words ? <ChangeWords calendar={calendar} onClose={() => setWords(false)} /> : null}
    </div>
  )
}

function written(words: readonly CalendarWord[], state: ParliamentState | null, t: Text): string {
  return words
    .filter((word) => word.state === state)
    .map(({ word }) => word)
    .join(t('common.listSeparator'))
}

function ChangePolicy({ calendar, personal, onClose }: PolicyProps & { onClose: () => void }) {
  const { engine } = useApp()
  const t = useText()
  const { identityId } = calendar
  const [freezes, setFreezes] = useState(calendar.freezes)
  const [outside, setOutside] = useState(calendar.outside)
  const [zone, setZone] = useState(calendar.zone)
  return (
    <Decide
      title={t('calendar.policy.change')}
      text={t('calendar.policy.text')}
      act={t('common.save')}
      reasoned={false}
      ready={zone.trim() !== ''}
      decide={({ by }) => {
        const named = zone.trim()
        return engine.client.voices.setCalendar({ identityId, by, freezes: personal ? undefined : freezes, outside, zone: named })
      }}
      onClose={onClose}
    >
      {personal
        ? null
        : ParliamentState.options.map((state) => (
            <Choice
              key={state}
              label={t(`calendar.state.${state}`)}
              value={freezes[state]}
              options={Freeze.options.map((value) => ({ value, label: t(`calendar.freeze.${value}`) }))}
              onChange={(value) => setFreezes({ ...freezes, [state]: value })}
            />
          ))}
      <Choice
        label={t('calendar.outside.label')}
        value={outside}
        options={ParliamentState.options.map((value) => ({ value, label: t(`calendar.state.${value}`) }))}
        onChange={setOutside}
      />
      <Field label={t('calendar.zone')} value={zone} onChange={setZone} required ltr help={t('calendar.zone.help')} />
    </Decide>
  )
}

const meanings = [...ParliamentState.options, null]

function ChangeWords({ calendar, onClose }: { calendar: Calendar; onClose: () => void }) {
  const { engine } = useApp()
  const t = useText()
  const { identityId } = calendar
  const [texts, setTexts] = useState(() => meanings.map((state) => written(calendar.words, state, t)))
  const words = meanings.flatMap((state, index) =>
    (texts[index] ?? '')
      .split(/[,،]/)
      .map((word) => word.trim())
      .filter((word) => word !== '')
      .map((word) => ({ word, state })),
  )
  return (
    <Decide
      title={t('calendar.words.change')}
      text={t('calendar.words.text')}
      act={t('common.save')}
      reasoned={false}
      decide={({ by }) => engine.client.voices.setCalendar({ identityId, by, words })}
      onClose={onClose}
    >
      {meanings.map((state, index) => (
        <Field
          key={state ?? ''}
          label={state === null ? t('calendar.words.nothing') : t(`calendar.state.${state}`)}
          value={texts[index] ?? ''}
          onChange={(text) => setTexts(texts.map((before, at) => (at === index ? text : before)))}
        />
      ))}
    </Decide>
  )
}
