import { type ConversationId, MessageId } from '#shared/model/index.ts'
import type { App } from '../../app/context.ts'
import { toProblem } from '../../data/faults.ts'

/** Opens the record of a message. */
export function showRecord(app: App, record: MessageId): void {
  app.screen.set((now) => ({ ...now, dialog: 'record', record }))
}

/** Opens the record of the message that has the keyboard, else of the one that a search led to, else of the newest. */
export async function showRecordHere(app: App): Promise<void> {
  const { cursor, message } = app.inbox.place.get()
  const { name, found } = app.screen.get()
  const card = document.activeElement?.closest('article[id^="message-"]')
  const focused = MessageId.safeParse(card?.id.slice('message-'.length))
  if (focused.success) showRecord(app, focused.data)
  else if (name === 'archive' && found) showRecord(app, found)
  else if (message) showRecord(app, message)
  else if (cursor) await showNewest(app, cursor.id)
}

async function showNewest(app: App, id: ConversationId): Promise<void> {
  try {
    const { messages } = await app.engine.client.conversations.get({ id })
    const newest = messages.at(-1)
    if (newest) showRecord(app, newest.id)
  } catch (error) {
    app.notices.fail(toProblem(error))
  }
}
