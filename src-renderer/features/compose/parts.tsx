import { lazy, Suspense, useCallback, useEffect } from 'react'
import type { ConversationRow, Identity, Message } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { useDrafts } from '../../data/drafts.ts'
import { useAccountMap, useIdentityMap } from '../../data/queries.ts'
import { useDates } from '../../i18n/dates.ts'
import { useText } from '../../i18n/text.ts'
import { Mark } from '../../ui/mark.tsx'
import { Button, Empty } from '../../ui/parts.tsx'
import { useStore } from '../../ui/store.ts'
import { answered, hasOthers } from './answer.ts'
import { answer, close, goOn, type Intro, write } from './answering.ts'
import { useLimits } from './limits.ts'
import type { Writing } from './writing.ts'
import './compose.css'

const Composer = lazy(() => import('./composer.tsx'))

/** The line above a quoted text. */
export function useIntro(): Intro {
  const t = useText()
  const dates = useDates()
  return useCallback(
    (message) => t('compose.wrote', { name: message.from.name || message.from.handle, at: dates.full(message.at) }),
    [t, dates],
  )
}

/** Below a conversation: the answer that is being written, or how to begin one. */
export function Answer({ row, messages }: { row: ConversationRow; messages: readonly Message[] }) {
  const app = useApp()
  const t = useText()
  const intro = useIntro()
  const account = useAccountMap().get(row.accountId)
  const writing = useStore(app.compose, (now) => now.answers.get(row.id))
  const { data: drafts = [] } = useDrafts()
  const message = answered(messages)
  const wanted = useStore(app.screen, (screen) => (screen.answer?.id === row.id ? screen.answer : null))
  useEffect(() => {
    if (!wanted) return
    app.screen.set((now) => ({ ...now, answer: null }))
    void answer(app, row, { all: wanted.all, intro })
  }, [app, row, wanted, intro])
  if (writing) return <Open writing={writing} answers />
  if (!account?.capabilities.sends || !message) return null
  const begun = drafts.find(({ targetConversation }) => targetConversation === row.id)
  if (begun) {
    return (
      <p className="composer-begun">
        <span>{t('compose.begun')}</span>
        <bdi className="truncate dim">{begun.words.text.trim().slice(0, 200)}</bdi>
        <Button icon="edit" onPress={() => goOn(app, begun)}>
          {t('compose.goOn')}
        </Button>
      </p>
    )
  }
  return (
    <div className="composer-begin">
      <Button icon="reply" onPress={() => void answer(app, row, { all: false, intro })}>
        {t('command.reply')}
      </Button>
      {hasOthers(row, message, account.address) ? (
        <Button onPress={() => void answer(app, row, { all: true, intro })}>{t('command.replyAll')}</Button>
      ) : null}
    </div>
  )
}

/** In the place of a conversation: a text that answers nothing. */
export function Fresh({ writing }: { writing: Writing }) {
  return (
    <section className="conversation-body">
      <Open key={writing.place.accountId} writing={writing} answers={false} />
    </section>
  )
}

function Open({ writing, answers = true }: { writing: Writing; answers?: boolean }) {
  const app = useApp()
  const t = useText()
  const identity = useIdentityMap().get(writing.place.identityId)
  const account = useAccountMap().get(writing.place.accountId)
  const limits = useLimits(writing.place)
  if (!identity || !account) return <Empty icon="warning" title={t('compose.accountGone')} />
  return (
    <Suspense fallback={null}>
      <Composer
        writing={writing}
        identity={identity}
        account={account}
        limits={limits}
        title={t(answers ? 'compose.answerAs' : 'compose.writeAs', { name: identity.name })}
        onDone={() => close(app, writing)}
      />
    </Suspense>
  )
}

/** Who is to speak: first the identity, then one of its accounts. Never a list that mixes voices. */
export function ChooseVoice({ onDone }: { onDone: () => void }) {
  const app = useApp()
  const t = useText()
  const identities = [...useIdentityMap().values()]
  const accounts = [...useAccountMap().values()].filter(({ capabilities }) => capabilities.sends)
  const here = useStore(app.inbox.place, (place) => place.list.filter.identityId)
  const speaking = identities.filter(({ id }) => accounts.some(({ identityId }) => identityId === id))
  const [only] = accounts
  useEffect(() => {
    if (accounts.length !== 1 || !only) return
    onDone()
    write(app, only, speaking[0]?.signature ?? '')
  }, [accounts.length, only, app, onDone, speaking])
  if (speaking.length === 0) {
    return (
      <Empty icon="edit" title={t('compose.nobody')}>
        {t('compose.nobody.text')}
      </Empty>
    )
  }
  const sorted = speaking.toSorted((a, b) => Number(b.id === here) - Number(a.id === here))
  return (
    <ul className="composer-voices">
      {sorted.map((identity: Identity) => (
        <li key={identity.id} data-color={identity.color}>
          <p>
            <Mark identity={identity} />
            <strong>
              <bdi>{identity.name}</bdi>
            </strong>
            <span className="dim">{t(`voice.${identity.voice}`)}</span>
          </p>
          <ul>
            {accounts
              .filter(({ identityId }) => identityId === identity.id)
              .map((account) => (
                <li key={account.id}>
                  <Button
                    onPress={() => {
                      onDone()
                      write(app, account, identity.signature)
                    }}
                  >
                    {account.label}
                  </Button>
                </li>
              ))}
          </ul>
        </li>
      ))}
    </ul>
  )
}
