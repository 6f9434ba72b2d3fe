import { useState } from 'react'
import { type Account, ArchiveNetwork, type IdentityId } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { useText } from '../../i18n/text.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Button, Choice, Field } from '../../ui/parts.tsx'
import { ImportForm } from './import-form.tsx'
import { useCall } from './use-call.ts'

/** Makes an account for what a network exports; then its export can be chosen at once. */
export function ArchiveForm({ identityId }: { identityId: IdentityId }) {
  const { engine } = useApp()
  const t = useText()
  const [network, setNetwork] = useState<ArchiveNetwork>('x')
  const [handle, setHandle] = useState('')
  const [made, setMade] = useState<Account | null>(null)
  const add = useCall(() =>
    engine.client.accounts.addArchive({ identityId, network, label: null, handle: handle.trim() || null, server: null }),
  )
  if (made)
    return (
      <div className="form">
        <p className="note">{t('archiveAccount.made', { name: made.label })}</p>
        <ImportForm into={made.id} />
      </div>
    )
  return (
    <form
      className="form"
      onSubmit={async (event) => {
        event.preventDefault()
        setMade(await add.run(undefined))
      }}
    >
      <p className="note">{t('archiveAccount.what')}</p>
      <Choice
        label={t('archiveAccount.network')}
        value={network}
        options={ArchiveNetwork.options.map((value) => ({ value, label: t(`network.${value}`) }))}
        onChange={setNetwork}
      />
      <Field label={t('archiveAccount.handle')} value={handle} onChange={setHandle} help={t('archiveAccount.handle.help')} ltr />
      <FaultNote problem={add.problem} />
      <div className="form-foot">
        <Button type="submit" look="primary" isDisabled={add.busy}>
          {t('common.continue')}
        </Button>
      </div>
    </form>
  )
}
