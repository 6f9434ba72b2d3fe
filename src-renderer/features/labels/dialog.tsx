import { useEffect, useMemo, useRef, useState } from 'react'
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { type ConversationRow, foldLabel, type IdentityId, type Label, LabelName } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { identitiesOf, useLabels } from '../../data/labels.ts'
import { useIdentityMap } from '../../data/queries.ts'
import { useText } from '../../i18n/text.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Mark } from '../../ui/mark.tsx'
import { Choice } from '../../ui/parts.tsx'
import { useCall } from '../accounts/use-call.ts'
import { LabelMark } from './chip.tsx'
import { nextColor } from './colors.ts'
import './labels.css'

interface Option {
  id: string
  /** A label that there is, or one to be made. */
  label: Pick<Label, 'kind' | 'name' | 'color'> & { id: Label['id'] | null }
  /** Whether all, some or none have it. */
  state: 'true' | 'mixed' | 'false'
}

/** Puts labels and topics on conversations and takes them off; makes new ones from what is typed. */
export function LabelDialog({ onClose }: { onClose: () => void }) {
  const app = useApp()
  const t = useText()
  const identities = useIdentityMap()
  const [subjects, setSubjects] = useState(() => app.inbox.subjects())
  const owners = identitiesOf(subjects)
  const [owner, setOwner] = useState(owners[0])
  const rows = subjects.filter((row) => row.identityId === owner)
  const identity = owner === undefined ? undefined : identities.get(owner)
  const title = t('label.title', { count: rows.length })
  if (!owner) return null
  return (
    <ModalOverlay className="veil" isOpen isDismissable onOpenChange={(open) => !open && onClose()}>
      <Modal className="dialog">
        <Dialog style={{ outline: 'none' }} aria-label={title}>
          <div className="dialog-head">
            <Heading slot="title" level={2}>
              {title}
            </Heading>
          </div>
          {owners.length === 1 && identity ? (
            <p className="label-owner">
              <Mark identity={identity} />
              <bdi>{identity.name}</bdi>
            </p>
          ) : null}
          {owners.length > 1 ? (
            <div className="label-owners">
              <Choice
                label={t('label.whose')}
                value={owner}
                options={owners.map((id) => ({ value: id, label: identities.get(id)?.name ?? id }))}
                onChange={setOwner}
              />
            </div>
          ) : null}
          <Options
            key={owner}
            owner={owner}
            rows={rows}
            onPut={(changed) => setSubjects((now) => now.map((row) => changed.find(({ id }) => id === row.id) ?? row))}
          />
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

interface OptionsProps {
  owner: IdentityId
  rows: readonly ConversationRow[]
  onPut: (changed: readonly ConversationRow[]) => void
}

function Options({ owner, rows, onPut }: OptionsProps) {
  const app = useApp()
  const t = useText()
  const { data = [] } = useLabels()
  const [words, setWords] = useState('')
  const [at, setAt] = useState(0)
  const list = useRef<HTMLDivElement>(null)
  const mine = useMemo(() => data.filter((label) => label.identityId === owner), [data, owner])
  const options = useMemo(() => optionsOf(mine, rows, words), [mine, rows, words])
  const active = options[Math.min(at, options.length - 1)]
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the active option that has to be in view.
  useEffect(() => {
    list.current?.querySelector('[data-focused]')?.scrollIntoView({ block: 'nearest' })
  }, [active?.id])
  const take = useCall(async ({ label, state }: Option) => {
    const { kind, name, color } = label
    const known =
      label.id === null ? await app.engine.client.labels.add({ identityId: owner, kind, name, color }) : { id: label.id }
    const add = state !== 'true'
    onPut(withLabel(rows, known.id, add))
    setWords('')
    await app.triage.putLabel(rows, known.id, add, name)
  })
  const run = (option: Option | undefined) => {
    if (option && !take.busy) void take.run(option)
  }
  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      setAt((now) => (Math.min(now, options.length - 1) + step + options.length) % Math.max(1, options.length))
    } else if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault()
      run(active)
    }
  }
  return (
    <>
      <input
        className="palette-input"
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls="label-options"
        aria-activedescendant={active ? `label-option-${active.id}` : undefined}
        aria-label={t('label.find')}
        placeholder={t('label.find')}
        // biome-ignore lint/a11y/noAutofocus: the dialog is opened to type into.
        autoFocus
        value={words}
        maxLength={60}
        spellCheck={false}
        onChange={(event) => {
          setWords(event.target.value)
          setAt(0)
        }}
        onKeyDown={onKeyDown}
      />
      <FaultNote problem={take.problem} />
      <div
        className="palette-list"
        id="label-options"
        role="listbox"
        aria-multiselectable="true"
        aria-label={t('label.title', { count: rows.length })}
        ref={list}
      >
        {options.map((option) => (
          // biome-ignore lint/a11y/useFocusableInteractive lint/a11y/useKeyWithClickEvents: the text field keeps the focus and steers the list.
          <div
            key={option.id}
            id={`label-option-${option.id}`}
            role="option"
            aria-selected={option.state === 'true'}
            className="menu-item"
            data-focused={option === active || undefined}
            onClick={() => run(option)}
            onPointerMove={() => setAt(options.indexOf(option))}
          >
            <OptionText option={option} count={rows.filter((row) => row.labels.some((id) => id === option.label.id)).length} />
          </div>
        ))}
      </div>
      {options.length === 0 ? <p className="palette-empty">{t('label.none')}</p> : null}
    </>
  )
}

function OptionText({ option: { label, state }, count }: { option: Option; count: number }) {
  const t = useText()
  return (
    <>
      <span className="label-box">
        {label.id === null ? <Icon name="plus" /> : state === 'true' ? <Icon name="check" /> : null}
      </span>
      <LabelMark label={label} />
      <span className="truncate">{label.id === null ? t(`label.make.${label.kind}`, { name: label.name }) : label.name}</span>
      <span className="end">
        {label.id === null ? null : state === 'mixed' ? t('label.some', { count }) : t(`label.kind.${label.kind}`)}
      </span>
    </>
  )
}

function optionsOf(mine: readonly Label[], rows: readonly ConversationRow[], words: string): Option[] {
  const sought = foldLabel(words)
  const options: Option[] = mine
    .filter((label) => foldLabel(label.name).includes(sought))
    .map((label) => {
      const having = rows.filter((row) => row.labels.includes(label.id)).length
      return { id: label.id, label, state: having === 0 ? 'false' : having === rows.length ? 'true' : 'mixed' }
    })
  const name = LabelName.safeParse(words)
  if (!name.success) return options
  for (const kind of ['label', 'topic'] as const)
    if (!mine.some((label) => label.kind === kind && foldLabel(label.name) === sought))
      options.push({ id: `make-${kind}`, label: { id: null, kind, name: name.data, color: nextColor(mine) }, state: 'false' })
  return options
}

/** Rows as they are with a label, or without it. */
function withLabel(rows: readonly ConversationRow[], label: Label['id'], on: boolean): ConversationRow[] {
  return rows.map((row) => {
    const others = row.labels.filter((id) => id !== label)
    return { ...row, labels: on ? [...others, label] : others }
  })
}
