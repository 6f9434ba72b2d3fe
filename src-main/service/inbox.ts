import { implement } from '@orpc/server'
import { contract } from '#shared/contract/index.ts'
import { ProblemError } from '#shared/model/index.ts'
import type { ServiceOptions } from './service.ts'

/** Messages of one conversation that are sent to the screen at a time; older ones are counted. */
const MESSAGES_AT_ONCE = 200

/** Calls about lists and what a person does to conversations. */
export function inboxCalls({ engine }: ServiceOptions) {
  const on = implement(contract)
  const { store, triage } = engine
  return {
    inbox: on.inbox.router({
      page: on.inbox.page.handler(({ input }) => store.read.page(input)),
      outline: on.inbox.outline.handler(({ input }) => store.read.outline(input.filter)),
      keyAt: on.inbox.keyAt.handler(async ({ input }) => ({ key: await store.read.keyAt(input.filter, input.at) })),
      badges: on.inbox.badges.handler(() => store.read.badges()),
    }),
    conversations: on.conversations.router({
      get: on.conversations.get.handler(async ({ input }) => {
        const found = await store.read.conversation(input.id, MESSAGES_AT_ONCE)
        if (!found) throw new ProblemError('not_found', { what: 'conversation', id: input.id })
        return found
      }),
      setState: on.conversations.setState.handler(({ input }) => triage.setState(input.targets, input.state)),
      snooze: on.conversations.snooze.handler(({ input }) => triage.snooze(input.targets, input.until)),
      setRead: on.conversations.setRead.handler(({ input }) => triage.setRead(input.targets, input.read)),
      undo: on.conversations.undo.handler(({ input }) => triage.undo(input.act)),
    }),
  }
}
