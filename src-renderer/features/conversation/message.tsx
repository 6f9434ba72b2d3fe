import { memo, useState } from 'react'
import type { Message } from '#shared/model/index.ts'
import { toProblem } from '../../data/faults.ts'
import { useContent } from '../../data/queries.ts'
import { useDates } from '../../i18n/dates.ts'
import { useProblemText, useText } from '../../i18n/text.ts'
import { Icon } from '../../ui/icons.tsx'
import { Button } from '../../ui/parts.tsx'
import { Attachments } from './attachments.tsx'
import { HtmlBody } from './html-body.tsx'
import { MessageMenu } from './message-menu.tsx'
import { Source } from './source.tsx'
import { TextBody } from './text-body.tsx'

interface MessageProps {
  message: Message
  initiallyOpen: boolean
  /** It is what a search led to. */
  target: boolean
  onLink: (href: string | null) => void
}

/** One message: its head always, what it says when it is open. */
export const MessageCard = memo(function MessageCard({ message, initiallyOpen, target, onLink }: MessageProps) {
  const t = useText()
  const dates = useDates()
  const [open, setOpen] = useState(initiallyOpen || target)
  const [source, setSource] = useState(false)
  const { from, direction } = message
  const name = from.name || from.handle || t('row.nobody')
  return (
    <article
      className="message"
      data-direction={direction}
      data-open={open || undefined}
      data-target={target || undefined}
      id={`message-${message.id}`}
    >
      <header className="message-head">
        <button type="button" className="message-toggle" aria-expanded={open} onClick={() => setOpen(!open)}>
          <span className="message-from">
            <bdi className="truncate">{name}</bdi>
            {direction === 'outbound' ? <span className="tag">{t('message.ours')}</span> : null}
            {message.deletedAt && !open ? <span className="tag plain">{t('message.deletedTag')}</span> : null}
            {message.read ? null : <span className="tag unread">{t('row.unread')}</span>}
          </span>
          {open ? (
            <bdi className="message-handle truncate">{from.name && from.handle !== from.name ? from.handle : ''}</bdi>
          ) : (
            <span className="message-snippet truncate" dir="auto">
              {message.snippet}
            </span>
          )}
          {message.attachments.length > 0 && !open ? <Icon name="attachment" /> : null}
          <time dateTime={message.at} title={dates.full(message.at)}>
            {dates.medium(message.at)}
          </time>
        </button>
        {open ? <MessageMenu message={message} onSource={() => setSource(true)} /> : null}
      </header>
      {open ? <Recipients message={message} /> : null}
      {message.deletedAt && open ? (
        <p className="note warn">{t('message.deleted', { at: dates.medium(message.deletedAt) })}</p>
      ) : null}
      {message.versions > 1 && open ? <p className="note">{t('message.edited', { count: message.versions })}</p> : null}
      {open ? <Content message={message} onLink={onLink} /> : null}
      {open ? <Attachments message={message} /> : null}
      {source ? <Source message={message} onClose={() => setSource(false)} /> : null}
    </article>
  )
})

function Recipients({ message }: { message: Message }) {
  const t = useText()
  const [all, setAll] = useState(false)
  const people = [...message.to, ...message.cc]
  if (people.length === 0) return null
  const shown = all ? people : people.slice(0, 3)
  const more = people.length - shown.length
  return (
    <p className="message-to">
      {t('message.to')}{' '}
      {shown.map((party, i) => (
        <span key={`${party.handle} ${i < message.to.length ? 'to' : 'cc'}`} title={party.handle}>
          {i > 0 ? t('common.listSeparator') : ''}
          <bdi>{party.name || party.handle}</bdi>
        </span>
      ))}
      {more > 0 ? (
        <>
          {' '}
          <Button look="link" onPress={() => setAll(true)}>
            {t('message.moreRecipients', { count: more })}
          </Button>
        </>
      ) : null}
    </p>
  )
}

function Content({ message, onLink }: { message: Message; onLink: (href: string | null) => void }) {
  const t = useText()
  const say = useProblemText()
  const { data, error, refetch } = useContent(message, true)
  if (error) {
    return (
      <div className="note bad" role="alert">
        <p>{say(toProblem(error))}</p>
        <Button onPress={() => void refetch()}>{t('common.tryAgain')}</Button>
      </div>
    )
  }
  if (!data) {
    return (
      <div className="message-loading" role="status">
        <span className="visually-hidden">{t('common.loading')}</span>
      </div>
    )
  }
  const empty = data.html === null && data.text.trim() === ''
  return (
    <>
      {data.damaged ? <p className="note warn">{t('message.damaged')}</p> : null}
      {empty ? <p className="dim">{t('message.empty')}</p> : null}
      {data.html === null ? (
        <TextBody text={data.text} onLink={onLink} />
      ) : (
        <HtmlBody message={message} html={data.html} onLink={onLink} />
      )}
    </>
  )
}
