import { useState } from 'react'
import type { Account, IdentityId } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { useText } from '../../i18n/text.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Button, Field } from '../../ui/parts.tsx'
import { useCall } from './use-call.ts'

/** Adds a WordPress site: any of its pages will do, its interface is found. */
export function BlogForm({ identityId, onDone }: { identityId: IdentityId; onDone: (account: Account) => void }) {
  const { engine } = useApp()
  const t = useText()
  const [site, setSite] = useState('')
  const [user, setUser] = useState('')
  const [password, setPassword] = useState('')
  const add = useCall(() =>
    engine.client.accounts.add({
      identityId,
      label: null,
      login: { kind: 'blog', site: site.trim(), user: user.trim(), password },
    }),
  )
  return (
    <form
      className="form"
      onSubmit={async (event) => {
        event.preventDefault()
        const account = await add.run(undefined)
        if (account) onDone(account)
      }}
    >
      <Field label={t('blog.site')} value={site} onChange={setSite} help={t('blog.site.help')} required ltr />
      <Field label={t('sms.user')} value={user} onChange={setUser} required ltr />
      <Field
        label={t('blog.password')}
        type="password"
        value={password}
        onChange={setPassword}
        help={t('blog.password.help')}
        required
        ltr
      />
      <FaultNote problem={add.problem} />
      <div className="form-foot">
        <Button type="submit" look="primary" isDisabled={add.busy || !site || !user || !password}>
          {add.busy ? t('mail.connecting') : t('common.continue')}
        </Button>
      </div>
    </form>
  )
}
