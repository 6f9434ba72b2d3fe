import type { Answer, Context, IncomingMessage } from '#connectors/connector.ts'

/** What a batch may hold: fewer than the office takes, so that one large message still fits. */
const most = { messages: 500, bytes: 6 * 1024 * 1024 }

/**
 * Saves messages with the cursor that is true once all of them are there; until then the one from before stands, and a kill brings them again.
 */
export async function save(
  context: Pick<Context<unknown>, 'commit'>,
  stream: string,
  messages: IncomingMessage[],
  cursor: { before: string; after: string },
  answer: Answer | null,
): Promise<void> {
  let batch: IncomingMessage[] = []
  let bytes = 0
  const commit = (at: string) =>
    context.commit({ stream, cursor: at, messages: batch, marks: [], gone: [], ...(answer && { answer }) })
  for (const message of messages) {
    if (batch.length > 0 && (batch.length >= most.messages || bytes + message.raw.byteLength > most.bytes)) {
      await commit(cursor.before)
      batch = []
      bytes = 0
    }
    batch.push(message)
    bytes += message.raw.byteLength
  }
  await commit(cursor.after)
}
