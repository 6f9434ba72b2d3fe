import type { Draft } from '#shared/model/index.ts'
import { type App, useApp } from '../../app/context.ts'
import { toProblem } from '../../data/faults.ts'
import { useDates } from '../../i18n/dates.ts'
import { useText } from '../../i18n/text.ts'
import { Button } from '../../ui/parts.tsx'
import { goOn } from '../compose/answering.ts'
import { Whose } from './whose.tsx'

/** A text that was begun. */
export function DraftRow({ draft }: { draft: Draft }) {
  const app = useApp()
  const t = useText()
  const dates = useDates()
  const { words } = draft
  const discard = async () => {
    try {
      const { identityId, accountId, target, by } = await app.engine.client.drafts.discard({
        id: draft.id,
        identityId: draft.identityId,
      })
      app.notices.tell('compose.discarded', {}, () => {
        app.engine.client.drafts
          .add({ identityId, accountId, target, words, by })
          .catch((error: unknown) => app.notices.fail(toProblem(error)))
      })
    } catch (error) {
      app.notices.fail(toProblem(error))
    }
  }
  return (
    <>
      <div className="grow">
        <Whose identityId={draft.identityId} accountId={draft.accountId} />
        <span className="truncate" dir="auto">
          {words.subject || words.text.trim().slice(0, 200) || t('desk.noText')}
        </span>
        <span className="dim">
          {words.to === '' ? null : (
            <>
              {t('message.to')} <bdi dir="ltr">{words.to}</bdi> ·{' '}
            </>
          )}
          <time dateTime={draft.savedAt}>{dates.medium(draft.savedAt)}</time>
        </span>
      </div>
      <span className="buttons">
        <Button icon="edit" onPress={() => void resume(app, draft)}>
          {t('compose.goOn')}
        </Button>
        <Button look="plain" icon="close" bare onPress={() => void discard()}>
          {t('compose.discard')}
        </Button>
      </span>
    </>
  )
}

/** Goes on with a draft where it belongs: below what it answers, or by itself. */
async function resume(app: App, draft: Draft): Promise<void> {
  try {
    if (draft.targetConversation) {
      const { row } = await app.engine.client.conversations.get({ id: draft.targetConversation })
      app.screen.set((now) => ({ ...now, name: 'inbox', search: null }))
      app.inbox.select(row)
    }
    goOn(app, draft)
  } catch (error) {
    app.notices.fail(toProblem(error))
  }
}
