import type { Connector } from '#connectors/connector.ts'

/** The first line of a text: what the kit calls its subject, which a text message has none of. */
export const nameOf = (text: string): string => text.split('\n', 1)[0] ?? ''

/** The connector with messages that are called by their first line, as the kit calls them. Nothing else is other than in the real one. */
export function named<Settings>(connector: Connector<Settings>): Connector<Settings> {
  return {
    ...connector,
    create: (context) =>
      connector.create({
        ...context,
        commit: (batch) =>
          context.commit({
            ...batch,
            messages: batch.messages.map((message) => ({ ...message, subject: nameOf(message.text) })),
          }),
      }),
  }
}
