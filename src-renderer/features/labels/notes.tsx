import { useEffect, useId, useState } from 'react'
import type { Client } from '#shared/contract/client.ts'
import type { ActId, ConversationRow, Note } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { toProblem } from '../../data/faults.ts'
import { useNotes } from '../../data/labels.ts'
import { useDates } from '../../i18n/dates.ts'
import { useText } from '../../i18n/text.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Button, Field } from '../../ui/parts.tsx'
import { useStore } from '../../ui/store.ts'
import { useCall } from '../accounts/use-call.ts'
import { focusPlace, places } from '../commands/navigation.ts'
import './labels.css'

/** What the office wrote about a conversation. Looks like no message, and says that it is never sent. */
export function Notes({ row }: { row: ConversationRow }) {
  const t = useText()
  const app = useApp()
  const { data: notes = [], error } = useNotes(row.id)
  const wanted = useStore(app.screen, (screen) => screen.note === row.id)
  useEffect(() => {
    const box = wanted ? document.getElementById(places.note) : null
    if (!box) return
    app.screen.set((now) => ({ ...now, note: null }))
    box.focus({ preventScroll: true })
    box.scrollIntoView({ block: 'end' })
  }, [app, wanted])
  return (
    <section className="notes" aria-labelledby="notes-title">
      <h2 id="notes-title">
        <Icon name="note" />
        {t('note.title')}
        <span className="tag plain">{t('note.inside')}</span>
      </h2>
      <FaultNote problem={error ? toProblem(error) : null} />
      {notes.length > 0 ? (
        <ol>
          {notes.map((note) => (
            <NoteItem key={note.id} note={note} />
          ))}
        </ol>
      ) : null}
      <NoteForm
        label={t('note.label')}
        act={t('note.add')}
        id={places.note}
        text=""
        save={(client, by, text) => client.notes.add({ conversationId: row.id, identityId: row.identityId, by, text })}
        told="note.added"
      />
    </section>
  )
}

function NoteItem({ note }: { note: Note }) {
  const app = useApp()
  const t = useText()
  const dates = useDates()
  const [editing, setEditing] = useState(false)
  const name = useStore(app.preferences.store, (now) => now.person)
  const last = note.versions.at(-1)
  const { id, identityId } = note
  const withdraw = useCall(async (by: string) => {
    const { act } = await app.engine.client.notes.withdraw({ id, identityId, by })
    app.triage.did(act, 'note.wasWithdrawn')
  })
  if (!last) return null
  const earlier = note.versions.slice(0, -1)
  return (
    <li>
      <p className="note-head">
        <strong>
          <bdi>{last.by}</bdi>
        </strong>
        <time dateTime={last.at}>{dates.medium(last.at)}</time>
        {earlier.length > 0 && last.text !== null ? <span>{t('note.edited')}</span> : null}
      </p>
      {editing ? (
        <NoteForm
          label={t('note.label')}
          act={t('common.save')}
          text={last.text ?? ''}
          save={(client, by, text) => client.notes.edit({ id, identityId, by, text })}
          told="note.changed"
          onDone={() => setEditing(false)}
        />
      ) : (
        <p className="note-text" dir="auto">
          {last.text ?? <span className="dim">{t('note.withdrawn')}</span>}
        </p>
      )}
      <FaultNote problem={withdraw.problem} />
      {editing || last.text === null ? null : (
        <span className="note-acts">
          <Button look="link" onPress={() => setEditing(true)}>
            {t('common.edit')}
          </Button>
          <Button look="link" onPress={() => void (withdraw.busy || withdraw.run(name === '' ? last.by : name))}>
            {t('note.withdraw')}
          </Button>
        </span>
      )}
      {earlier.length > 0 ? (
        <details>
          <summary>{t('note.earlier', { count: earlier.length })}</summary>
          <ol>
            {earlier.map(({ version, by, at, text }) => (
              <li key={version}>
                <p className="note-head">
                  <bdi>{by}</bdi>
                  <time dateTime={at}>{dates.medium(at)}</time>
                </p>
                <p className="note-text" dir="auto">
                  {text ?? t('note.withdrawn')}
                </p>
              </li>
            ))}
          </ol>
        </details>
      ) : null}
    </li>
  )
}

interface NoteFormProps {
  label: string
  act: string
  id?: string
  text: string
  save: (client: Client, by: string, text: string) => Promise<{ act: ActId }>
  told: 'note.added' | 'note.changed'
  onDone?: () => void
}

/** Text, and under which name; the name is remembered. */
function NoteForm({ label, act, id, text: first, save, told, onDone }: NoteFormProps) {
  const app = useApp()
  const t = useText()
  const own = useId()
  const known = useStore(app.preferences.store, (now) => now.person)
  const [text, setText] = useState(first)
  const [by, setBy] = useState(known)
  const filled = text.trim() !== '' && by.trim() !== ''
  const call = useCall(async () => {
    const done = await save(app.engine.client, by.trim(), text.trim())
    app.preferences.set('person', by.trim())
    app.triage.did(done.act, told)
  })
  const submit = async () => {
    if (!filled || call.busy || (await call.run(undefined)) === null) return
    setText('')
    onDone?.()
  }
  return (
    <form
      className="form note-form"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <label className="label" htmlFor={id ?? own}>
        {label}
      </label>
      <textarea
        id={id ?? own}
        className="input"
        rows={2}
        maxLength={20_000}
        dir="auto"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault()
            void submit()
          } else if (event.key === 'Escape') focusPlace('conversation')
        }}
      />
      {text.trim() === '' ? null : (
        <>
          <Field label={t('decide.by')} value={by} onChange={setBy} required />
          <FaultNote problem={call.problem} />
          <div className="form-foot">
            <Button type="submit" look="primary" isDisabled={!filled}>
              {act}
            </Button>
            <Button
              onPress={() => {
                setText('')
                onDone?.()
              }}
            >
              {t('common.cancel')}
            </Button>
            <span className="dim">{t('note.keys')}</span>
          </div>
        </>
      )}
    </form>
  )
}
