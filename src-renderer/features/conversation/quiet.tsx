import type { Message } from '#shared/model/index.ts'
import { useDates } from '../../i18n/dates.ts'
import { useText } from '../../i18n/text.ts'
import { Icon } from '../../ui/icons.tsx'

/** What one scrolls through: messages that say something, and what happened in between, in one line. */
export type Passage = { said: Message } | { quiet: Message[] }

/** Puts likes, boosts and follows that stand together into one passage each, unless one of them is what is looked for. */
export function passages(messages: readonly Message[], target: Message['id'] | null | undefined): Passage[] {
  const found: Passage[] = []
  for (const message of messages) {
    const last = found.at(-1)
    if (message.kind !== 'act' || message.id === target) found.push({ said: message })
    else if (last && 'quiet' in last) last.quiet.push(message)
    else found.push({ quiet: [message] })
  }
  // One by itself is as short as the line that would stand for it.
  return found.map((passage) =>
    'quiet' in passage && passage.quiet.length === 1 && passage.quiet[0] ? { said: passage.quiet[0] } : passage,
  )
}

/** What happened without a word being said: how much, and on demand by whom. */
export function Quiet({ messages }: { messages: readonly Message[] }) {
  const t = useText()
  const dates = useDates()
  const names = [...new Set(messages.map(({ from }) => from.name || from.handle))]
  const first = names.slice(0, 3).join(t('common.listSeparator'))
  return (
    <details className="message quiet">
      <summary>
        <Icon name="more" />
        <span className="truncate">
          {t('message.quiet', { count: messages.length })} <bdi className="dim">{first}</bdi>
          {names.length > 3 ? '…' : ''}
        </span>
      </summary>
      <ul>
        {messages.map((message) => (
          <li key={message.id} id={`message-${message.id}`}>
            <bdi>{message.from.name || message.from.handle}</bdi> <span dir="auto">{message.snippet}</span>{' '}
            <time className="dim" dateTime={message.at}>
              {dates.medium(message.at)}
            </time>
          </li>
        ))}
      </ul>
    </details>
  )
}
