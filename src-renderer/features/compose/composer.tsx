import { useEffect, useId, useRef, useState } from 'react'
import type { Account, DraftWords, Identity, IdentityId, SendLimits } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { toProblem } from '../../data/faults.ts'
import { useIdentityMap } from '../../data/queries.ts'
import { useText } from '../../i18n/text.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Mark } from '../../ui/mark.tsx'
import { Button, Field } from '../../ui/parts.tsx'
import { useStore } from '../../ui/store.ts'
import { focusPlace, places } from '../commands/navigation.ts'
import { CalendarLine } from './calendar-line.tsx'
import { foreignTo, watchCopies } from './copied.ts'
import { FileButton, Files, useFiles } from './files.tsx'
import { GuardList, useGuard } from './guard.tsx'
import { lengthOf } from './length.ts'
import { Options } from './options.tsx'
import { type Lack, missing } from './ready.ts'
import { RecipientFields } from './recipient-fields.tsx'
import { useSend } from './send.ts'
import { SendLater } from './send-later.tsx'
import type { Writing } from './writing.ts'

interface ComposerProps {
  writing: Writing
  identity: Identity
  account: Account
  limits: SendLimits | null
  /** What it is, for those who do not see the frame: "Answer as ...". */
  title: string
  /** It was sent or thrown away. */
  onDone: () => void
}

/**
 * Where a text is written. Its frame carries the voice in shape, colour and words; from where it goes is fixed and cannot be
 * changed from inside, so that nothing is ever sent under another name by a slip.
 */
export default function Composer({ writing, identity, account, limits, title, onDone }: ComposerProps) {
  const app = useApp()
  const t = useText()
  const id = useId()
  const { words, saved, problem } = useStore(writing.state)
  const known = useStore(app.preferences.store, (now) => now.person)
  const [by, setBy] = useState(known)
  const box = useRef<HTMLTextAreaElement>(null)
  const files = useFiles(writing)
  const send = useSend({ writing, account, by: by.trim(), onDone })
  const guarded = useGuard(writing.place, words)
  const lacks: Lack[] = missing({ words, limits, voice: identity.voice, by })
  if (guarded.stops) lacks.push({ key: 'compose.lacks.guard' })
  const identities = useIdentityMap()
  const [foreign, setForeign] = useState<{ from: IdentityId; text: string } | null>(null)
  useEffect(() => watchCopies(document, identity.id), [identity.id])
  const insert = (text: string) => {
    const field = box.current
    if (!field) return
    field.setRangeText(text, field.selectionStart, field.selectionEnd, 'end')
    writing.write({ text: field.value })
  }
  const busy = send.busy || files.busy
  // What is left when one goes elsewhere is stored at once.
  useEffect(() => () => void writing.flush(), [writing])
  useEffect(() => {
    const text = box.current
    if (!text) return
    text.focus({ preventScroll: true })
    text.setSelectionRange(0, 0)
    bringIntoView(text)
  }, [])
  const discard = async () => {
    try {
      const draft = await writing.discard()
      onDone()
      app.notices.tell(
        'compose.discarded',
        {},
        draft &&
          (() => {
            const { identityId, accountId, target, words: before, by: name } = draft
            app.engine.client.drafts
              .add({ identityId, accountId, target, words: before, by: name })
              .catch((error: unknown) => app.notices.fail(toProblem(error)))
          }),
      )
    } catch (error) {
      app.notices.fail(toProblem(error))
    }
  }
  const submit = (at: string | null) => {
    if (busy || lacks.length > 0) return
    app.preferences.set('person', by.trim())
    void send.run(at)
  }
  return (
    <form
      className="composer"
      data-color={identity.color}
      data-voice={identity.voice}
      aria-label={title}
      aria-busy={busy}
      onSubmit={(event) => {
        event.preventDefault()
        submit(null)
      }}
      onDragOver={(event) => {
        if (event.dataTransfer.types.includes('Files')) event.preventDefault()
      }}
      onDrop={(event) => {
        if (event.dataTransfer.files.length === 0) return
        event.preventDefault()
        void files.add([...event.dataTransfer.files])
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
          event.preventDefault()
          submit(null)
        } else if (event.key === 'Escape') {
          event.preventDefault()
          void writing.flush()
          focusPlace('conversation')
        }
      }}
    >
      <header className="composer-voice">
        <Mark identity={identity} />
        <strong>
          <bdi>{identity.name}</bdi>
        </strong>
        <span className="tag plain">{t(`voice.${identity.voice}`)}</span>
        <span className="composer-from">
          {t('compose.from')} <bdi>{account.label}</bdi>
          {account.address !== '' && account.address !== account.label ? <bdi className="dim">{account.address}</bdi> : null}
        </span>
      </header>
      <div className="composer-body">
        <CalendarLine identityId={identity.id} kind={words.kind} />
        <RecipientFields words={words} onWrite={(change) => writing.write(change)} />
        {words.kind === 'mail' || limits?.kinds.includes('post') === true ? (
          <Subject words={words} account={account} onWrite={(change) => writing.write(change)} />
        ) : null}
        <label className="label visually-hidden" htmlFor={writing.place.target === null ? id : places.answer}>
          {t('compose.text')}
        </label>
        <textarea
          id={writing.place.target === null ? id : places.answer}
          ref={box}
          className="input composer-text"
          dir="auto"
          rows={8}
          spellCheck
          lang={words.language ?? undefined}
          value={words.text}
          placeholder={t('compose.placeholder', { name: identity.name })}
          onChange={(event) => writing.write({ text: event.target.value })}
          onPaste={(event) => {
            const text = event.clipboardData.getData('text/plain')
            const from = foreignTo(text, identity.id)
            if (from !== null) {
              event.preventDefault()
              setForeign({ from, text })
            }
            if (event.clipboardData.files.length === 0) return
            event.preventDefault()
            void files.add([...event.clipboardData.files])
          }}
        />
        {foreign ? (
          <Foreign
            name={identities.get(foreign.from)?.name ?? ''}
            as={identity.name}
            onAnswer={(put) => {
              setForeign(null)
              box.current?.focus()
              if (put) insert(foreign.text)
            }}
          />
        ) : null}
        <GuardList
          text={words.text}
          remarks={guarded.remarks}
          onShow={(from, to) => {
            box.current?.focus()
            box.current?.setSelectionRange(from, to)
          }}
        />
        <Length words={words} limits={limits} />
        <Files words={words} writing={writing} limits={limits} voice={identity.voice} problem={files.problem} />
        <Options words={words} limits={limits} onWrite={(change) => writing.write(change)} />
        <Field label={t('compose.by')} help={t('compose.by.help')} value={by} onChange={setBy} required />
        <FaultNote problem={send.problem ?? problem} />
      </div>
      <div className="composer-foot">
        <Button type="submit" look="primary" icon="send" isDisabled={busy || lacks.length > 0}>
          {t('compose.send')}
        </Button>
        <SendLater isDisabled={busy || lacks.length > 0} onChoose={submit} />
        <FileButton files={files} limits={limits} />
        <Button look="plain" onPress={() => void discard()}>
          {t('compose.discard')}
        </Button>
        <span className="composer-state">
          {lacks[0] && words.text.trim() !== '' ? <strong role="status">{t(lacks[0].key, lacks[0].values)}</strong> : null}
          <span role="status">{t(`compose.saved.${saved}`)}</span>
        </span>
      </div>
    </form>
  )
}

/** Scrolls the conversation, and nothing around it, so that the box begins at its top. */
function bringIntoView(inside: HTMLElement): void {
  const box = inside.closest('.composer')
  const body = inside.closest('.conversation-body')
  if (box && body) body.scrollTop += box.getBoundingClientRect().top - body.getBoundingClientRect().top - 8
}

function Subject({
  words,
  account,
  onWrite,
}: {
  words: DraftWords
  account: Account
  onWrite: (change: Partial<DraftWords>) => void
}) {
  const t = useText()
  const has = words.kind === 'mail' || (account.network === 'blog' && words.kind === 'post')
  if (!has) return null
  return <Field label={t('compose.subject')} value={words.subject} onChange={(subject) => onWrite({ subject })} />
}

/** Words of one voice are about to be put into the mouth of another: that is asked, never done by the way. */
function Foreign({ name, as, onAnswer }: { name: string; as: string; onAnswer: (put: boolean) => void }) {
  const t = useText()
  return (
    <div className="note warn" role="alert">
      <p>{t('compose.foreign', { from: name, to: as })}</p>
      <div className="form-foot">
        <Button onPress={() => onAnswer(true)}>{t('compose.foreign.put', { to: as })}</Button>
        <Button look="primary" autoFocus onPress={() => onAnswer(false)}>
          {t('compose.foreign.leave')}
        </Button>
      </div>
    </div>
  )
}

/** How much room is left, where the network counts. Read out only when it is nearly used up. */
function Length({ words, limits }: { words: DraftWords; limits: SendLimits | null }) {
  const t = useText()
  const count = lengthOf(words, limits)
  if (count === null) return null
  const left = count.most - count.used
  return (
    <p className="composer-length" data-over={count.over || undefined} role={left < 20 ? 'status' : undefined}>
      {count.over ? t('compose.over', { count: -left }) : t('compose.left', { count: left })}
    </p>
  )
}
