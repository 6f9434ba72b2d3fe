import { useCallback, useEffect, useRef, useState } from 'react'
import type { ConversationId, MessageId } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { toProblem } from '../../data/faults.ts'
import { labelsOf, useLabelMap } from '../../data/labels.ts'
import { type OpenConversation, useAccountMap, useConversation, useIdentityMap } from '../../data/queries.ts'
import { useDates } from '../../i18n/dates.ts'
import { useProblemText, useText } from '../../i18n/text.ts'
import { Icon } from '../../ui/icons.tsx'
import { Mark } from '../../ui/mark.tsx'
import { Button, Empty } from '../../ui/parts.tsx'
import { useStore } from '../../ui/store.ts'
import { places } from '../commands/navigation.ts'
import { watchCopies } from '../compose/copied.ts'
import { Answer, Fresh } from '../compose/parts.tsx'
import type { Writing } from '../compose/writing.ts'
import { LabelChip } from '../labels/chip.tsx'
import { Notes } from '../labels/notes.tsx'
import { MessageCard } from './message.tsx'
import { passages, Quiet } from './quiet.tsx'
import { Toolbar } from './toolbar.tsx'

/** A conversation counts as read when it has been on the screen this long; passing by with `j` leaves it unread. */
const SEEN_MS = 700

/** The conversation under the cursor. */
export function ConversationPane() {
  const app = useApp()
  const t = useText()
  const cursor = useStore(app.inbox.place, (place) => place.cursor)
  const message = useStore(app.inbox.place, (place) => place.message)
  const fresh = useFresh()
  const [href, setHref] = useState<string | null>(null)
  const onLink = useCallback((link: string | null) => setHref(link), [])
  return (
    <main id={places.conversation} className="conversation" tabIndex={-1} aria-label={t('pane.conversation')}>
      <Toolbar row={fresh ? null : cursor} />
      {fresh ? (
        <Fresh writing={fresh} />
      ) : cursor ? (
        <Conversation key={cursor.id} id={cursor.id} message={message} onLink={onLink} />
      ) : (
        <Empty icon="inbox" title={t('conversation.none')}>
          {t('conversation.none.text')}
        </Empty>
      )}
      {href ? (
        <output className="link-status">
          <LinkTarget href={href} />
        </output>
      ) : null}
    </main>
  )
}

/** A text that answers nothing, until a conversation is chosen. It stays among the drafts. */
function useFresh(): Writing | null {
  const app = useApp()
  const fresh = useStore(app.compose, (now) => now.fresh)
  const cursor = useStore(app.inbox.place, (place) => place.cursor)
  const at = useRef(cursor)
  useEffect(() => {
    if (at.current?.id === cursor?.id) return
    at.current = cursor
    if (app.compose.get().fresh) app.compose.set((now) => ({ ...now, fresh: null }))
  }, [app, cursor])
  return fresh
}

interface ConversationProps {
  id: ConversationId
  message: MessageId | null
  onLink: (href: string | null) => void
}

function Conversation({ id, message, onLink }: ConversationProps) {
  const app = useApp()
  const t = useText()
  const say = useProblemText()
  const { data, error, refetch } = useConversation(id)
  const unread = data ? data.row.unread > 0 : false
  useEffect(() => {
    if (!unread) return
    const timer = setTimeout(() => {
      const { cursor } = app.inbox.place.get()
      if (cursor?.id === id && document.hasFocus()) void app.triage.markSeen(cursor)
    }, SEEN_MS)
    return () => clearTimeout(timer)
  }, [app, id, unread])
  if (error && !data) {
    return (
      <Empty
        icon="warning"
        title={t('conversation.failed')}
        action={<Button onPress={() => void refetch()}>{t('common.tryAgain')}</Button>}
      >
        {say(toProblem(error))}
      </Empty>
    )
  }
  if (!data) {
    return (
      <div className="conversation-loading" role="status">
        <span className="visually-hidden">{t('common.loading')}</span>
      </div>
    )
  }
  return <Messages open={data} message={message} onLink={onLink} />
}

function Messages({
  open,
  message,
  onLink,
}: {
  open: OpenConversation
  message: MessageId | null
  onLink: (href: string | null) => void
}) {
  const t = useText()
  const { row, messages, older } = open
  useEffect(() => watchCopies(document, row.identityId), [row.identityId])
  const body = useRef<HTMLDivElement>(null)
  // What was unread when it was opened stays open, although it counts as read a moment later.
  const [openAtFirst] = useState(() => new Set(messages.filter((one) => !one.read).map((one) => one.id)))
  const last = messages.findLast(({ kind }) => kind !== 'act') ?? messages.at(-1)
  // Where one arrives, once: messages that come later must not move what is being read.
  const [first] = useState(() =>
    messages.length > 1 ? (messages.find((one) => openAtFirst.has(one.id)) ?? last)?.id : undefined,
  )
  const target = message ?? first
  useEffect(() => {
    const card = target ? document.getElementById(`message-${target}`) : null
    if (card && body.current) body.current.scrollTop = Math.max(0, card.offsetTop - body.current.offsetTop - 8)
  }, [target])
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable from the keyboard.
    <section className="conversation-body" ref={body} tabIndex={0} aria-label={row.subject || t('row.noSubject')}>
      <VoiceFrame open={open} />
      {older > 0 ? <p className="note">{t('conversation.older', { count: older })}</p> : null}
      {passages(messages, message).map((passage) =>
        'quiet' in passage ? (
          <Quiet key={passage.quiet[0]?.id} messages={passage.quiet} />
        ) : (
          <MessageCard
            key={passage.said.id}
            message={passage.said}
            initiallyOpen={passage.said.id === last?.id || openAtFirst.has(passage.said.id)}
            target={passage.said.id === message}
            onLink={onLink}
          />
        ),
      )}
      <Answer row={row} messages={messages} />
      <Notes row={row} />
    </section>
  )
}

/** Whose conversation this is, in shape, colour and words, and what it is about. */
function VoiceFrame({ open: { row } }: { open: OpenConversation }) {
  const t = useText()
  const dates = useDates()
  const identity = useIdentityMap().get(row.identityId)
  const account = useAccountMap().get(row.accountId)
  const labels = labelsOf(row, useLabelMap())
  return (
    <header className="voice" data-color={identity?.color}>
      {identity ? (
        <p className="voice-line">
          <Mark identity={identity} />
          <strong>
            <bdi>{identity.name}</bdi>
          </strong>
          <span>{t(`voice.${identity.voice}`)}</span>
          {account ? <bdi className="dim">{account.label}</bdi> : null}
          <span className="voice-state">
            {row.snoozedUntil ? (
              <>
                <Icon name="clock" />
                {t('row.snoozed', { at: dates.medium(row.snoozedUntil) })}
              </>
            ) : (
              t(`state.${row.state}`)
            )}
          </span>
        </p>
      ) : null}
      <h1 dir="auto">{row.subject || t('row.noSubject')}</h1>
      {labels.length > 0 ? (
        <ul className="voice-labels" aria-label={t('label.ofConversation')}>
          {labels.map((label) => (
            <li key={label.id}>
              <LabelChip label={label} />
            </li>
          ))}
        </ul>
      ) : null}
    </header>
  )
}

/** An address with its host made plain, so that a look-alike stands out. */
function LinkTarget({ href }: { href: string }) {
  const { host } = new URL(href)
  const at = host === '' ? -1 : href.indexOf(host)
  if (at < 0) return <bdi dir="ltr">{href}</bdi>
  return (
    <bdi dir="ltr">
      {href.slice(0, at)}
      <strong>{host}</strong>
      {href.slice(at + host.length)}
    </bdi>
  )
}
