import { useCallback, useState } from 'react'
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import type { ConversationId, MessageId } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { toProblem } from '../../data/faults.ts'
import { useAccountMap, useConversation, useIdentityMap } from '../../data/queries.ts'
import { useDates } from '../../i18n/dates.ts'
import { useText } from '../../i18n/text.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Mark } from '../../ui/mark.tsx'
import { Button } from '../../ui/parts.tsx'
import { RecordPanel } from '../archive/record.tsx'
import { openConversation } from '../commands/navigation.ts'
import { MessageCard } from '../conversation/message.tsx'
import '../conversation/conversation.css'

interface DetailsProps {
  conversation: ConversationId
  message: MessageId
}

/** The chosen message in its conversation, and what the office kept and can prove of it. */
export default function Details({ conversation, message, onClose }: DetailsProps & { onClose: () => void }) {
  const app = useApp()
  const t = useText()
  const { data, error, refetch } = useConversation(conversation)
  const open = () => {
    app.screen.set((now) => ({ ...now, name: 'inbox' }))
    openConversation(app)
  }
  const one = data?.messages.find(({ id }) => id === message)
  return (
    <>
      <div className="details-tools">
        <Button look="plain" icon="back" onPress={onClose}>
          {t('archive.back')}
        </Button>
        <Button look="plain" icon="open" onPress={open}>
          {t('archive.open')}
        </Button>
      </div>
      <div className="details-body">
        <About message={message} conversation={conversation} />
        <FaultNote problem={error && !data ? toProblem(error) : null}>
          <Button onPress={() => void refetch()}>{t('common.tryAgain')}</Button>
        </FaultNote>
        <Tabs className="tabs">
          <TabList className="tab-list" aria-label={t('archive.message')}>
            <Tab id="thread" className="tab">
              {t('archive.thread')}
            </Tab>
            <Tab id="record" className="tab">
              {t('record.title')}
            </Tab>
          </TabList>
          <TabPanel id="thread" className="details-panel">
            {data ? <Thread key={message} messages={data.messages} older={data.older} chosen={one?.id ?? null} /> : null}
          </TabPanel>
          <TabPanel id="record" className="details-panel">
            <RecordPanel key={message} id={message} />
          </TabPanel>
        </Tabs>
      </div>
    </>
  )
}

function About({ conversation, message }: DetailsProps) {
  const t = useText()
  const dates = useDates()
  const { data } = useConversation(conversation)
  const identity = useIdentityMap().get(data?.row.identityId as never)
  const account = useAccountMap().get(data?.row.accountId as never)
  const one = data?.messages.find(({ id }) => id === message)
  return (
    <header className="details-about">
      {identity ? (
        <p className="voice-line">
          <Mark identity={identity} />
          <strong>
            <bdi>{identity.name}</bdi>
          </strong>
          <span>{t(`voice.${identity.voice}`)}</span>
          {account ? <bdi className="dim">{account.label}</bdi> : null}
        </p>
      ) : null}
      <h2 dir="auto">{one?.subject || data?.row.subject || t('row.noSubject')}</h2>
      {one ? <p className="dim">{dates.full(one.at)}</p> : null}
    </header>
  )
}

interface ThreadProps {
  messages: Parameters<typeof MessageCard>[0]['message'][]
  older: number
  chosen: MessageId | null
}

/** The conversation around the message, which is the one that is open. */
function Thread({ messages, older, chosen }: ThreadProps) {
  const t = useText()
  const [href, setHref] = useState<string | null>(null)
  const onLink = useCallback((link: string | null) => setHref(link), [])
  return (
    <>
      <p className="dim">{t('archive.thread.count', { count: messages.length })}</p>
      {older > 0 ? <p className="note">{t('conversation.older', { count: older })}</p> : null}
      {messages.map((one) => (
        <MessageCard key={one.id} message={one} initiallyOpen={false} target={one.id === chosen} onLink={onLink} />
      ))}
      {href ? (
        <output className="link-status">
          <bdi dir="ltr">{href}</bdi>
        </output>
      ) : null}
    </>
  )
}
