import { useState } from 'react'
import type { AccountLogin } from '#shared/contract/index.ts'
import type { Account } from '#shared/model/index.ts'
import { useText } from '../../i18n/text.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Button, Field } from '../../ui/parts.tsx'
import { useCall } from './use-call.ts'

interface BlueskyFormProps {
  /** The handle to begin with, where it is known. */
  handle?: string
  /** Makes the account, or signs in to it. */
  finish: (login: AccountLogin) => Promise<Account>
  onDone: (account: Account) => void
}

/** Signs in to Bluesky: a handle and an app password; the server only where the handle does not lead to it. */
export function BlueskyForm({ handle: known = '', finish, onDone }: BlueskyFormProps) {
  const t = useText()
  const [handle, setHandle] = useState(known)
  const [password, setPassword] = useState('')
  const [server, setServer] = useState('')
  const signIn = useCall(() =>
    finish({ kind: 'bluesky', handle: handle.trim(), server: server.trim() === '' ? null : server.trim(), password }),
  )
  return (
    <form
      className="form"
      onSubmit={async (event) => {
        event.preventDefault()
        const account = await signIn.run(undefined)
        if (account) onDone(account)
      }}
    >
      <Field
        label={t('bluesky.handle')}
        value={handle}
        onChange={setHandle}
        help={t('bluesky.handle.help')}
        autoComplete="username"
        required
        ltr
      />
      <Field
        label={t('bluesky.password')}
        type="password"
        value={password}
        onChange={setPassword}
        help={t('bluesky.password.help')}
        autoComplete="current-password"
        required
        ltr
      />
      <Field label={t('bluesky.server')} value={server} onChange={setServer} help={t('bluesky.server.help')} ltr />
      <FaultNote problem={signIn.problem} />
      <div className="form-foot">
        <Button type="submit" look="primary" isDisabled={signIn.busy || handle.trim() === '' || password === ''}>
          {signIn.busy ? t('mail.connecting') : t('mail.connect')}
        </Button>
      </div>
    </form>
  )
}
