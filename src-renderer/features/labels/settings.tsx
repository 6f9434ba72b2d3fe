import { useState } from 'react'
import { type IdentityId, type Label, LabelColor, LabelKind, LabelName } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { useLabels } from '../../data/labels.ts'
import { useBadges, useIdentities } from '../../data/queries.ts'
import { useText } from '../../i18n/text.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Button, Choice, Field, Front } from '../../ui/parts.tsx'
import { useCall } from '../accounts/use-call.ts'
import { LabelChip } from './chip.tsx'
import { nextColor } from './colors.ts'
import './labels.css'

type Open = { what: 'edit' | 'merge' | 'remove'; label: Label }

/** Labels and topics of one identity at a time: made, named, coloured, merged, removed. */
export function LabelSettings() {
  const t = useText()
  const { data: identities = [] } = useIdentities()
  const [chosen, setChosen] = useState<IdentityId | null>(null)
  const identity = identities.find(({ id }) => id === chosen) ?? identities[0]
  if (!identity) return null
  return (
    <section className="settings-part" aria-labelledby="settings-labels">
      <h2 id="settings-labels">{t('label.settings')}</h2>
      <p className="dim">{t('label.settings.text')}</p>
      <Choice
        label={t('export.identity')}
        value={identity.id}
        options={identities.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={setChosen}
      />
      <LabelList key={identity.id} identityId={identity.id} />
    </section>
  )
}

function LabelList({ identityId }: { identityId: IdentityId }) {
  const t = useText()
  const { data = [] } = useLabels()
  const { data: badges } = useBadges()
  const labels = data.filter((label) => label.identityId === identityId)
  const [open, setOpen] = useState<Open | null>(null)
  const [adding, setAdding] = useState(false)
  const close = () => setOpen(null)
  const inUse = ({ id }: Label) => {
    const counts = badges?.labels[id]
    return (counts?.open ?? 0) + (counts?.done ?? 0) + (counts?.snoozed ?? 0)
  }
  return (
    <>
      {labels.length === 0 ? <p className="note">{t('label.noneYet')}</p> : null}
      <ul className="settings-list">
        {labels.map((label) => (
          <li key={label.id}>
            <span className="grow">
              <LabelChip label={label} />
              <span className="dim">
                {t(`label.kind.${label.kind}`)} · {t('label.uses', { count: inUse(label) })}
              </span>
            </span>
            <span className="buttons">
              {(['edit', 'merge', 'remove'] as const).map((what) =>
                what === 'merge' && labels.length < 2 ? null : (
                  <Button
                    key={what}
                    look="plain"
                    aria-label={t(`label.${what}Named`, { name: label.name })}
                    onPress={() => setOpen({ what, label })}
                  >
                    {t(`label.${what}`)}
                  </Button>
                ),
              )}
            </span>
          </li>
        ))}
      </ul>
      <div>
        <Button icon="plus" onPress={() => setAdding(true)}>
          {t('label.add')}
        </Button>
      </div>
      {adding ? <LabelForm identityId={identityId} label={null} all={labels} onClose={() => setAdding(false)} /> : null}
      {open?.what === 'edit' ? <LabelForm identityId={identityId} label={open.label} all={labels} onClose={close} /> : null}
      {open?.what === 'merge' ? <Merge label={open.label} all={labels} uses={inUse(open.label)} onClose={close} /> : null}
      {open?.what === 'remove' ? <Remove label={open.label} uses={inUse(open.label)} onClose={close} /> : null}
    </>
  )
}

interface FormProps {
  identityId: IdentityId
  /** Null for a new one. */
  label: Label | null
  all: readonly Label[]
  onClose: () => void
}

function LabelForm({ identityId, label, all, onClose }: FormProps) {
  const { engine } = useApp()
  const t = useText()
  const [name, setName] = useState<string>(label?.name ?? '')
  const [kind, setKind] = useState(label?.kind ?? 'label')
  const [color, setColor] = useState(label?.color ?? nextColor(all))
  const plain = LabelName.safeParse(name)
  const save = useCall(async (wanted: string) =>
    label
      ? await engine.client.labels.update({ id: label.id, identityId, name: wanted, color })
      : await engine.client.labels.add({ identityId, kind, name: wanted, color }),
  )
  return (
    <Front title={label ? t('label.editNamed', { name: label.name }) : t('label.add')} onClose={onClose}>
      <form
        className="form"
        onSubmit={async (event) => {
          event.preventDefault()
          if (plain.success && !save.busy && (await save.run(plain.data))) onClose()
        }}
      >
        <Field label={t('label.name')} value={name} onChange={setName} required autoFocus />
        <div className="settings-grid">
          {label ? null : (
            <Choice
              label={t('label.kind')}
              value={kind}
              options={LabelKind.options.map((value) => ({ value, label: t(`label.kind.${value}`) }))}
              onChange={setKind}
            />
          )}
          <Choice
            label={t('identity.color')}
            value={color}
            options={LabelColor.options.map((value) => ({ value, label: t(`color.${value}`) }))}
            onChange={setColor}
          />
        </div>
        {label ? null : <p className="dim">{t('label.kind.text')}</p>}
        {plain.success ? (
          <p className="mark-preview">
            <LabelChip label={{ kind, color, name: plain.data }} />
          </p>
        ) : null}
        <FaultNote problem={save.problem} />
        <div className="form-foot">
          <Button type="submit" look="primary" isDisabled={!plain.success}>
            {t('common.save')}
          </Button>
          <Button onPress={onClose}>{t('common.cancel')}</Button>
        </div>
      </form>
    </Front>
  )
}

interface EndProps {
  label: Label
  uses: number
  onClose: () => void
}

function Merge({ label, all, uses, onClose }: EndProps & { all: readonly Label[] }) {
  const app = useApp()
  const t = useText()
  const others = all.filter(({ id }) => id !== label.id)
  const [into, setInto] = useState(others[0]?.id)
  const target = others.find(({ id }) => id === into) ?? others[0]
  const merge = useCall(async (chosen: Label) => {
    const { id, identityId } = label
    const done = await app.engine.client.labels.merge({ id, identityId, into: chosen.id })
    app.triage.did(done.act, 'label.merged', { name: label.name, into: chosen.name })
    return done
  })
  return (
    <Front title={t('label.mergeNamed', { name: label.name })} onClose={onClose}>
      <form
        className="form"
        onSubmit={async (event) => {
          event.preventDefault()
          if (target && !merge.busy && (await merge.run(target))) onClose()
        }}
      >
        <p className="dim">{t('label.merge.text', { name: label.name, count: uses })}</p>
        {target ? (
          <Choice
            label={t('label.merge.into')}
            value={target.id}
            options={others.map((other) => ({ value: other.id, label: other.name }))}
            onChange={setInto}
          />
        ) : null}
        <FaultNote problem={merge.problem} />
        <div className="form-foot">
          <Button type="submit" look="primary">
            {t('label.merge')}
          </Button>
          <Button onPress={onClose}>{t('common.cancel')}</Button>
        </div>
      </form>
    </Front>
  )
}

function Remove({ label, uses, onClose }: EndProps) {
  const app = useApp()
  const t = useText()
  const remove = useCall(async () => {
    const done = await app.engine.client.labels.remove({ id: label.id, identityId: label.identityId })
    app.triage.did(done.act, 'label.removed', { name: label.name })
    return done
  })
  return (
    <Front title={t('label.removeNamed', { name: label.name })} onClose={onClose}>
      <form
        className="form"
        onSubmit={async (event) => {
          event.preventDefault()
          // A button that is switched off would lose the keyboard.
          if (!remove.busy && (await remove.run(undefined))) onClose()
        }}
      >
        <p className="dim">{t('label.remove.text', { count: uses })}</p>
        <FaultNote problem={remove.problem} />
        <div className="form-foot">
          <Button type="submit" look="primary">
            {t('label.remove')}
          </Button>
          <Button onPress={onClose}>{t('common.cancel')}</Button>
        </div>
      </form>
    </Front>
  )
}
