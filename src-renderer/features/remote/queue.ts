import type { AccountId, IdentityId, MessageId, OutgoingContent } from '#shared/model/index.ts'
import type { App } from '../../app/context.ts'
import { toProblem } from '../../data/faults.ts'
import type { MessageKey } from '../../i18n/catalog.ts'
import type { Values } from '../../i18n/text.ts'
import { personOf } from './person.ts'

/** Whose act it is, and what it is about. */
export interface Subject {
  identityId: IdentityId
  accountId: AccountId
  /** The message that is acted on; null where it is about a person. */
  target: MessageId | null
}

/**
 * Puts something that is not written into the outbox: a like is a public act of a voice as much as a post. Nothing leaves the
 * office for ten seconds, in which it can be taken back.
 */
export async function queueAct(
  app: App,
  { identityId, accountId, target }: Subject,
  content: OutgoingContent,
  told: { key: MessageKey; values: Values },
): Promise<void> {
  const { outbox } = app.engine.client
  try {
    const by = await personOf(app)
    if (by === null) return
    const item = await outbox.queue({
      identityId,
      accountId,
      content,
      target,
      by,
    })
    app.notices.tell(told.key, told.values, () => {
      outbox.cancel({ id: item.id, identityId, by }).then(
        () => app.notices.tell('act.undone', { count: 1 }),
        (error: unknown) => app.notices.fail(toProblem(error)),
      )
    })
  } catch (error) {
    app.notices.fail(toProblem(error))
  }
}
