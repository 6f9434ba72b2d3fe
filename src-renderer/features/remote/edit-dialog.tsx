import { useState } from 'react'
import type { Message } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { useContent } from '../../data/queries.ts'
import { useText } from '../../i18n/text.ts'
import { Button, Front } from '../../ui/parts.tsx'
import { queueAct } from './queue.ts'
import { Speaker } from './speaker.tsx'

/** Other words in the place of an own post. The office keeps both. */
export function EditDialog({ message, onClose }: { message: Message; onClose: () => void }) {
  const t = useText()
  const { data } = useContent(message, true)
  return (
    <Front title={t('remote.edit.title')} onClose={onClose} wide>
      {data ? <EditForm message={message} before={data.text} onClose={onClose} /> : <p role="status">{t('common.loading')}</p>}
    </Front>
  )
}

function EditForm({ message, before, onClose }: { message: Message; before: string; onClose: () => void }) {
  const app = useApp()
  const t = useText()
  const [text, setText] = useState(before)
  const changed = text.trim() !== '' && text !== before
  const submit = () => {
    if (!changed) return
    onClose()
    void queueAct(
      app,
      { identityId: message.identityId, accountId: message.accountId, target: message.id },
      { do: 'edit', text, subject: message.subject, warning: '', language: null, media: [] },
      { key: 'remote.queued.edit', values: {} },
    )
  }
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <Speaker identityId={message.identityId} />
      <label className="field">
        <span className="label">{t('compose.text')}</span>
        <textarea
          className="input composer-text"
          rows={8}
          dir="auto"
          spellCheck
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <div className="form-foot">
        <Button type="submit" look="primary" isDisabled={!changed}>
          {t('remote.edit.act')}
        </Button>
        <Button onPress={onClose}>{t('common.cancel')}</Button>
      </div>
    </form>
  )
}
