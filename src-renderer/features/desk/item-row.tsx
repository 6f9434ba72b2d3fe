import type { OutboxItem } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { useDates } from '../../i18n/dates.ts'
import { type Text, useProblemText, useText } from '../../i18n/text.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Button } from '../../ui/parts.tsx'
import { useCall } from '../accounts/use-call.ts'
import { openConversation } from '../commands/navigation.ts'
import { signed } from '../remote/person.ts'
import { Whose } from './whose.tsx'

/** One thing that is on its way: what, where it is and why, and what a person can do about it. */
export function ItemRow({ item }: { item: OutboxItem }) {
  const app = useApp()
  const t = useText()
  const say = useProblemText()
  const dates = useDates()
  const { outbox, conversations } = app.engine.client
  const { id, identityId } = item
  const mine = (by: string) => ({ id, identityId, by })
  const act = useCall((work: (by: string) => Promise<unknown>) => signed(app, work))
  const run = (work: (by: string) => Promise<unknown>) => () => void act.run(work)
  const show = useCall(async () => {
    if (!item.targetConversation) return
    const { row } = await conversations.get({ id: item.targetConversation })
    app.screen.set((now) => ({ ...now, name: 'inbox', search: null }))
    app.inbox.select(row)
    openConversation(app)
  })
  return (
    <>
      <div className="grow">
        <Whose identityId={identityId} accountId={item.accountId} />
        <span className="truncate" dir="auto">
          {whatOf(item, t)}
        </span>
        <span className={item.state === 'failed' || item.state === 'unknown' ? 'bad-text' : 'dim'}>
          {stateOf(item, t, dates)}
          {item.reason ? ` ${say(item.reason)}` : ''}
        </span>
        <FaultNote problem={act.problem ?? show.problem} />
      </div>
      <span className="buttons">
        {item.toConfirm && item.state === 'queued' ? (
          <Button look="primary" isDisabled={act.busy} onPress={run((by) => outbox.confirm(mine(by)))}>
            {t('desk.confirm')}
          </Button>
        ) : null}
        {item.state === 'failed' ? (
          <Button icon="retry" isDisabled={act.busy} onPress={run((by) => outbox.retry(mine(by)))}>
            {t('common.tryAgain')}
          </Button>
        ) : null}
        {item.state === 'unknown' ? (
          <>
            <Button isDisabled={act.busy} onPress={run((by) => outbox.settle({ ...mine(by), outcome: 'sent' }))}>
              {t('desk.wasSent')}
            </Button>
            <Button isDisabled={act.busy} onPress={run((by) => outbox.settle({ ...mine(by), outcome: 'again' }))}>
              {t('desk.sendAgain')}
            </Button>
          </>
        ) : null}
        {item.targetConversation ? (
          <Button look="plain" icon="open" bare onPress={() => void show.run(undefined)}>
            {t('desk.show')}
          </Button>
        ) : null}
        {item.state === 'queued' || item.state === 'failed' ? (
          <Button look="plain" icon="close" bare isDisabled={act.busy} onPress={run((by) => outbox.cancel(mine(by)))}>
            {t('desk.cancel')}
          </Button>
        ) : null}
      </span>
    </>
  )
}

/** What it is in a few words: its own, or what is done. */
function whatOf({ content }: OutboxItem, t: Text): string {
  if (content.do === 'delete') return t('desk.delete')
  if (content.do === 'act') {
    const what = t(`remote.${content.act}`)
    const about = content.handle === null ? what : `${what}: ${content.handle}`
    return content.on ? about : t('desk.takeBack', { what: about })
  }
  const words = content.subject || content.text.trim().slice(0, 200)
  return content.do === 'edit' ? t('desk.edit', { text: words }) : words || t('desk.noText')
}

function stateOf(item: OutboxItem, t: Text, dates: ReturnType<typeof useDates>): string {
  const { state, toConfirm, endedAt, notBefore, nextTryAt, queuedAt } = item
  if (state === 'queued' && toConfirm) return t('desk.state.toConfirm', { at: dates.medium(queuedAt) })
  if (state === 'queued' && nextTryAt) return t('desk.state.again', { at: dates.medium(nextTryAt) })
  if (state === 'queued') {
    return Date.parse(notBefore) > Date.now() ? t('desk.state.at', { at: dates.medium(notBefore) }) : t('desk.state.queued')
  }
  if (state === 'sent' || state === 'cancelled') return t(`desk.state.${state}`, { at: dates.medium(endedAt ?? queuedAt) })
  return t(`desk.state.${state}`)
}
