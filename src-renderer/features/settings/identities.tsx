import { useState } from 'react'
import { type Identity, IdentityColor, IdentityShape } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { useIdentities } from '../../data/queries.ts'
import { useText } from '../../i18n/text.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Mark } from '../../ui/mark.tsx'
import { Button, Choice, Field, Front } from '../../ui/parts.tsx'
import { useCall } from '../accounts/use-call.ts'
import { IdentityForm } from '../first-run/identity-form.tsx'

/** Who speaks in this office. */
export function IdentitySettings() {
  const t = useText()
  const { data: identities = [] } = useIdentities()
  const [editing, setEditing] = useState<Identity | null>(null)
  const [adding, setAdding] = useState(false)
  return (
    <section className="settings-part" aria-labelledby="settings-identities">
      <h2 id="settings-identities">{t('rail.identities')}</h2>
      <ul className="settings-list">
        {identities.map((identity) => (
          <li key={identity.id}>
            <Mark identity={identity} />
            <span className="grow">
              <strong>
                <bdi>{identity.name}</bdi>
              </strong>
              <span className="dim">{t(`voice.${identity.voice}`)}</span>
            </span>
            <Button onPress={() => setEditing(identity)} aria-label={t('identity.editNamed', { name: identity.name })}>
              {t('common.edit')}
            </Button>
          </li>
        ))}
      </ul>
      <div>
        <Button icon="plus" onPress={() => setAdding(true)}>
          {t('identity.add')}
        </Button>
      </div>
      {editing ? <EditIdentity identity={editing} onClose={() => setEditing(null)} /> : null}
      {adding ? (
        <Front title={t('identity.add')} onClose={() => setAdding(false)}>
          <IdentityForm onDone={() => setAdding(false)} />
        </Front>
      ) : null}
    </section>
  )
}

function EditIdentity({ identity, onClose }: { identity: Identity; onClose: () => void }) {
  const { engine } = useApp()
  const t = useText()
  const [name, setName] = useState<string>(identity.name)
  const [shape, setShape] = useState(identity.shape)
  const [color, setColor] = useState(identity.color)
  const [signature, setSignature] = useState(identity.signature)
  const update = useCall(() =>
    engine.client.identities.update({ id: identity.id, name: name.trim(), shape, color, signature: signature.trimEnd() }),
  )
  return (
    <Front title={t('identity.editNamed', { name: identity.name })} onClose={onClose}>
      <form
        className="form"
        onSubmit={async (event) => {
          event.preventDefault()
          if (await update.run(undefined)) onClose()
        }}
      >
        <Field label={t('identity.name')} value={name} onChange={setName} required />
        <div className="settings-grid">
          <Choice
            label={t('identity.shape')}
            value={shape}
            options={IdentityShape.options.map((value) => ({ value, label: t(`shape.${value}`) }))}
            onChange={setShape}
          />
          <Choice
            label={t('identity.color')}
            value={color}
            options={IdentityColor.options.map((value) => ({ value, label: t(`color.${value}`) }))}
            onChange={setColor}
          />
        </div>
        <p className="mark-preview">
          <Mark identity={{ name, shape, color }} />
          <bdi>{name}</bdi>
        </p>
        <label className="field">
          <span className="label">{t('identity.signature')}</span>
          <textarea
            className="input"
            rows={4}
            maxLength={2000}
            dir="auto"
            value={signature}
            onChange={(event) => setSignature(event.target.value)}
          />
          <span className="help">{t('identity.signature.help')}</span>
        </label>
        <FaultNote problem={update.problem} />
        <div className="form-foot">
          <Button type="submit" look="primary" isDisabled={update.busy || name.trim() === ''}>
            {t('common.save')}
          </Button>
        </div>
      </form>
    </Front>
  )
}
