import { useState } from 'react'
import { Label, Radio, RadioGroup } from 'react-aria-components'
import { defaultMark, Voice } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { useText } from '../../i18n/text.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Mark } from '../../ui/mark.tsx'
import { Button, Field } from '../../ui/parts.tsx'
import { useCall } from '../accounts/use-call.ts'

/** A name, and in which voice it speaks. The list of identities learns of it from the engine. */
export function IdentityForm({ onDone }: { onDone?: () => void }) {
  const { engine } = useApp()
  const t = useText()
  const [name, setName] = useState('')
  const [voice, setVoice] = useState<Voice>('institutional')
  const add = useCall(() => engine.client.identities.add({ name: name.trim(), voice, shape: null, color: null }))
  const submit = async () => {
    if (await add.run(undefined)) onDone?.()
  }
  const choose = (value: string) => {
    const parsed = Voice.safeParse(value)
    if (parsed.success) setVoice(parsed.data)
  }
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <Field label={t('identity.name')} value={name} onChange={setName} help={t('identity.name.help')} required autoFocus />
      <RadioGroup className="choices" value={voice} onChange={choose}>
        <Label className="label">{t('identity.voice')}</Label>
        {Voice.options.map((option) => (
          <Radio key={option} value={option} className="choice">
            <span className="radio-dot" />
            <span className="choice-text">
              <strong>{t(`voice.${option}`)}</strong>
              <span className="dim">{t(`voice.${option}.text`)}</span>
            </span>
            <Mark identity={{ name: '', ...defaultMark[option] }} />
          </Radio>
        ))}
      </RadioGroup>
      <FaultNote problem={add.problem} />
      <div className="form-foot">
        <Button type="submit" look="primary" isDisabled={add.busy || name.trim() === ''}>
          {t('common.continue')}
        </Button>
      </div>
    </form>
  )
}
