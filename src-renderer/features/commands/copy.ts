import type { App } from '../../app/context.ts'
import { toProblem } from '../../data/faults.ts'
import { copyText } from '../../platform/native.ts'

/** Copies the address of who wrote last in the conversation under the cursor. */
export async function copyAddress(app: App): Promise<void> {
  const { cursor } = app.inbox.place.get()
  if (!cursor) return
  try {
    const { messages } = await app.engine.client.conversations.get({ id: cursor.id })
    const last = messages.findLast((message) => message.direction === 'inbound') ?? messages.at(-1)
    app.notices.tell(last && copyText(last.from.handle) ? 'copy.done' : 'copy.failed')
  } catch (error) {
    app.notices.fail(toProblem(error))
  }
}
