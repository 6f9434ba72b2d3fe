import { useState } from 'react'
import type { SavedSearch } from '#shared/contract/index.ts'
import { useApp } from '../../app/context.ts'
import { toProblem } from '../../data/faults.ts'
import { useText } from '../../i18n/text.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Button, Field } from '../../ui/parts.tsx'
import { useCall } from '../accounts/use-call.ts'
import { finished, settled, useSavedSearches } from './queries.ts'

/** Searches that were kept: to open, rename and remove. */
export function SavedSearches({ onOpen }: { onOpen: (text: string) => void }) {
  const t = useText()
  const { data = [], error } = useSavedSearches()
  return (
    <section className="saved" aria-labelledby="saved-title">
      <h3 id="saved-title">{t('saved.title')}</h3>
      <FaultNote problem={error ? toProblem(error) : null} />
      {data.length === 0 ? <p className="dim">{t('saved.none')}</p> : null}
      <ul>
        {data.map((one) => (
          <SavedItem key={one.id} saved={one} onOpen={onOpen} />
        ))}
      </ul>
    </section>
  )
}

function SavedItem({ saved, onOpen }: { saved: SavedSearch; onOpen: (text: string) => void }) {
  const app = useApp()
  const t = useText()
  const [renaming, setRenaming] = useState(false)
  const remove = useCall(async () => {
    await app.engine.client.search.removeSaved({ id: saved.id })
    const back = () =>
      void app.engine.client.search
        .save({ name: saved.name, text: saved.text })
        .catch((fault: unknown) => app.notices.fail(toProblem(fault)))
    app.notices.tell('saved.removed', {}, back)
  })
  if (renaming) {
    return (
      <li>
        <NameForm
          initial={saved.name}
          onName={(name) => app.engine.client.search.renameSaved({ id: saved.id, name })}
          onClose={() => setRenaming(false)}
        />
      </li>
    )
  }
  return (
    <li className="saved-item">
      <button type="button" className="saved-open" onClick={() => onOpen(finished(saved.text))}>
        <Icon name="search" />
        <span>
          <bdi className="truncate">{saved.name}</bdi>
          <bdi className="truncate dim">{saved.text}</bdi>
        </span>
      </button>
      <Button look="plain" icon="edit" bare onPress={() => setRenaming(true)}>
        {t('saved.renameNamed', { name: saved.name })}
      </Button>
      <Button look="plain" icon="close" bare isDisabled={remove.busy} onPress={() => void remove.run(undefined)}>
        {t('saved.removeNamed', { name: saved.name })}
      </Button>
      <FaultNote problem={remove.problem} />
    </li>
  )
}

/** Keeps a query under a name. */
export function SaveForm({ text, onClose }: { text: string; onClose: () => void }) {
  const app = useApp()
  const save = async (name: string) => {
    await app.engine.client.search.save({ name, text: settled(text) })
    app.notices.tell('saved.done')
  }
  return <NameForm initial={text.trim().slice(0, 80)} onName={save} onClose={onClose} replaces />
}

interface NameFormProps {
  initial: string
  onName: (name: string) => Promise<unknown>
  onClose: () => void
  /** One of the same name gives way. */
  replaces?: boolean
}

function NameForm({ initial, onName, onClose, replaces = false }: NameFormProps) {
  const t = useText()
  const { data = [] } = useSavedSearches()
  const [name, setName] = useState(initial)
  const taken = replaces && data.some((one) => one.name.toLowerCase() === name.trim().toLowerCase())
  const call = useCall(async () => {
    await onName(name.trim())
    return true
  })
  return (
    <form
      className="saved-form"
      onSubmit={async (event) => {
        event.preventDefault()
        if (name.trim() !== '' && (await call.run(undefined))) onClose()
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        onClose()
      }}
    >
      <Field
        label={t('saved.name')}
        value={name}
        onChange={setName}
        autoFocus
        required
        help={taken ? t('saved.replace') : undefined}
      />
      <div className="form-foot">
        <Button type="submit" look="primary" isDisabled={call.busy || name.trim() === ''}>
          {t('saved.save')}
        </Button>
        <Button onPress={onClose}>{t('common.cancel')}</Button>
      </div>
      <FaultNote problem={call.problem} />
    </form>
  )
}
