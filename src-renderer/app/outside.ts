import { ConversationId } from '#shared/model/index.ts'
import { toProblem } from '../data/faults.ts'
import { openConversation } from '../features/commands/navigation.ts'
import type { App } from './context.ts'

/** Opens the conversation of a notification that was clicked on the desktop. */
export function followOutside(app: App): void {
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (event.source !== window || typeof event.data !== 'object' || event.data === null) return
    if (!('type' in event.data) || event.data.type !== 'dispatch-open' || !('conversationId' in event.data)) return
    const id = ConversationId.safeParse(event.data.conversationId)
    if (id.success) show(id.data).catch((error: unknown) => app.notices.fail(toProblem(error)))
  })

  async function show(id: ConversationId): Promise<void> {
    const { row } = await app.engine.client.conversations.get({ id })
    app.screen.set((now) => ({ ...now, name: 'inbox', dialog: null, search: null }))
    app.inbox.select(row)
    openConversation(app)
  }
}
