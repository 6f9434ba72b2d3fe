import type { InboxFilter, Problem, View } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import type { MessageKey } from '../../i18n/catalog.ts'
import { useProblemText, useText } from '../../i18n/text.ts'
import type { IconName } from '../../ui/icons.tsx'
import { Button, Empty } from '../../ui/parts.tsx'

const nothing: Record<View, { icon: IconName; title: MessageKey; text: MessageKey }> = {
  open: { icon: 'check', title: 'empty.open', text: 'empty.open.text' },
  needs_reply: { icon: 'check', title: 'empty.needs_reply', text: 'empty.needs_reply.text' },
  waiting: { icon: 'hourglass', title: 'empty.waiting', text: 'empty.waiting.text' },
  done: { icon: 'check', title: 'empty.done', text: 'empty.done.text' },
  snoozed: { icon: 'clock', title: 'empty.snoozed', text: 'empty.snoozed.text' },
  all: { icon: 'inbox', title: 'empty.all', text: 'empty.all.text' },
}

/** Why a list has nothing in it. */
export function ListEmpty({ filter }: { filter: InboxFilter }) {
  const app = useApp()
  const t = useText()
  if (filter.unreadOnly) {
    return (
      <Empty
        icon="check"
        title={t('empty.unread')}
        action={<Button onPress={() => app.inbox.toggleUnread()}>{t('list.showAll')}</Button>}
      >
        {t('empty.unread.text')}
      </Empty>
    )
  }
  if (filter.labelId !== null) {
    return (
      <Empty icon="tag" title={t('empty.label')}>
        {t('empty.label.text')}
      </Empty>
    )
  }
  const { icon, title, text } = nothing[filter.view]
  return (
    <Empty icon={icon} title={t(title)}>
      {t(text)}
    </Empty>
  )
}

/** The list could not be read. `quiet`: what was read before is still shown below. */
export function ListFailed({ problem, onRetry, quiet }: { problem: Problem; onRetry: () => void; quiet: boolean }) {
  const t = useText()
  const say = useProblemText()
  const again = (
    <Button icon="retry" onPress={onRetry}>
      {t('common.tryAgain')}
    </Button>
  )
  if (quiet) {
    return (
      <div className="note bad" role="alert">
        <p>{say(problem)}</p>
        {again}
      </div>
    )
  }
  return (
    <Empty icon="warning" title={t('list.failed')} action={again}>
      {say(problem)}
    </Empty>
  )
}
