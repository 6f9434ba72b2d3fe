import { useState } from 'react'
import type { Message } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { useText } from '../../i18n/text.ts'
import { Button, Front } from '../../ui/parts.tsx'
import { queueAct } from './queue.ts'
import { Speaker } from './speaker.tsx'

/** The most that a network's moderators are told. */
const MOST = 1000

/** What the network's moderators are told of a message, and under whose name. */
export function ReportDialog({ message, onClose }: { message: Message; onClose: () => void }) {
  const app = useApp()
  const t = useText()
  const [comment, setComment] = useState('')
  const name = message.from.name || message.from.handle
  const submit = () => {
    onClose()
    void queueAct(
      app,
      { identityId: message.identityId, accountId: message.accountId, target: message.id },
      { do: 'act', act: 'report', on: true, handle: message.from.handle, comment: comment.trim() },
      { key: 'remote.queued.report', values: { name } },
    )
  }
  return (
    <Front title={t('remote.report.title', { name })} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <Speaker identityId={message.identityId} />
        <p>{t('remote.report.text')}</p>
        <label className="field">
          <span className="label">{t('remote.report.comment')}</span>
          <textarea
            className="input"
            rows={4}
            maxLength={MOST}
            dir="auto"
            value={comment}
            onChange={(event) => setComment(event.target.value)}
          />
        </label>
        <div className="form-foot">
          <Button type="submit" look="primary">
            {t('remote.report')}
          </Button>
          <Button onPress={onClose}>{t('common.cancel')}</Button>
        </div>
      </form>
    </Front>
  )
}
