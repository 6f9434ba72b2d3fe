import { useState } from 'react'
import { useApp } from '../../app/context.ts'
import { useText } from '../../i18n/text.ts'
import { Button, Field, Front } from '../../ui/parts.tsx'
import { useStore } from '../../ui/store.ts'

/** Asks under which name something is done, once; it is remembered. */
export function PersonDialog() {
  const app = useApp()
  const t = useText()
  const asked = useStore(app.asked)
  const [name, setName] = useState('')
  if (!asked) return null
  const answer = (given: string | null) => {
    app.asked.set(null)
    asked.answer(given)
  }
  return (
    <Front title={t('person.title')} onClose={() => answer(null)}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          if (name.trim() === '') return
          app.preferences.set('person', name.trim())
          answer(name.trim())
        }}
      >
        <Field label={t('compose.by')} help={t('compose.by.help')} value={name} onChange={setName} required autoFocus />
        <div className="form-foot">
          <Button type="submit" look="primary" isDisabled={name.trim() === ''}>
            {t('common.continue')}
          </Button>
          <Button onPress={() => answer(null)}>{t('common.cancel')}</Button>
        </div>
      </form>
    </Front>
  )
}
