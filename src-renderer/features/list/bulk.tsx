import { useApp } from '../../app/context.ts'
import { useText } from '../../i18n/text.ts'
import { Button } from '../../ui/parts.tsx'
import { useStore } from '../../ui/store.ts'
import { toggleRead } from '../commands/commands.ts'

/** What can be done with several conversations at once. */
export function BulkBar() {
  const app = useApp()
  const t = useText()
  const count = useStore(app.inbox.place, (place) => place.picked.size)
  if (count === 0) return null
  const subjects = () => app.inbox.subjects()
  return (
    <div className="bulk" role="toolbar" aria-label={t('bulk.title')}>
      <strong>{t('bulk.count', { count })}</strong>
      <Button look="plain" icon="check" bare onPress={() => void app.triage.setState(subjects(), 'done')}>
        {t('command.done')}
      </Button>
      <Button look="plain" icon="hourglass" bare onPress={() => void app.triage.setState(subjects(), 'waiting')}>
        {t('command.waiting')}
      </Button>
      <Button look="plain" icon="reply" bare onPress={() => void app.triage.setState(subjects(), 'needs_reply')}>
        {t('command.needsReply')}
      </Button>
      <Button look="plain" icon="clock" bare onPress={() => app.screen.set((now) => ({ ...now, dialog: 'snooze' }))}>
        {t('command.snooze')}
      </Button>
      <Button look="plain" icon="tag" bare onPress={() => app.screen.set((now) => ({ ...now, dialog: 'label' }))}>
        {t('command.label')}
      </Button>
      <Button look="plain" icon="unread" bare onPress={() => toggleRead(app)}>
        {t('command.read')}
      </Button>
      <Button look="plain" icon="close" bare onPress={() => app.inbox.pickNone()}>
        {t('bulk.none')}
      </Button>
    </div>
  )
}
