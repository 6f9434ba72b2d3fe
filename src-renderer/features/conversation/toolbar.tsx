import type { ConversationRow } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { useText } from '../../i18n/text.ts'
import { Button } from '../../ui/parts.tsx'
import { stepBack } from '../commands/navigation.ts'

/** What can be done with the conversation that is open. */
export function Toolbar({ row }: { row: ConversationRow | null }) {
  const app = useApp()
  const t = useText()
  const off = row === null
  const act = (work: (one: ConversationRow) => Promise<void>) => () => void (row && work(row))
  return (
    <div className="toolbar" role="toolbar" aria-label={t('toolbar.title')}>
      <span className="only-narrow">
        <Button look="plain" icon="back" bare onPress={() => stepBack(app)}>
          {t('toolbar.back')}
        </Button>
      </span>
      <Button
        look="plain"
        icon="check"
        isDisabled={off}
        pressed={row?.state === 'done'}
        onPress={act((one) => app.triage.setState([one], one.state === 'done' ? 'needs_reply' : 'done'))}
      >
        {t('toolbar.done')}
      </Button>
      <Button
        look="plain"
        icon="hourglass"
        isDisabled={off}
        pressed={row?.state === 'waiting'}
        onPress={act((one) => app.triage.setState([one], one.state === 'waiting' ? 'needs_reply' : 'waiting'))}
      >
        {t('toolbar.waiting')}
      </Button>
      <Button
        look="plain"
        icon="clock"
        isDisabled={off}
        pressed={row ? row.snoozedUntil !== null : false}
        onPress={() => app.screen.set((now) => ({ ...now, dialog: 'snooze' }))}
      >
        {t('toolbar.snooze')}
      </Button>
      <Button look="plain" icon="tag" isDisabled={off} onPress={() => app.screen.set((now) => ({ ...now, dialog: 'label' }))}>
        {t('toolbar.label')}
      </Button>
      <Button look="plain" icon="unread" isDisabled={off} onPress={act((one) => app.triage.setRead([one], one.unread > 0))}>
        {row && row.unread > 0 ? t('toolbar.read') : t('toolbar.unread')}
      </Button>
      <span className="end">
        <Button look="plain" icon="undo" bare onPress={() => void app.triage.undo()}>
          {t('command.undo')}
        </Button>
        <Button look="plain" icon="print" bare isDisabled={off} onPress={() => window.print()}>
          {t('command.print')}
        </Button>
      </span>
    </div>
  )
}
