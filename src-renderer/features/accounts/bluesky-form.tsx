import { useState } from 'react'
import type { AccountLogin } from '#shared/contract/index.ts'
import type { Account } from '#shared/model/index.ts'
import { useText } from '../../i18n/text.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Button, Field } from '../../ui/parts.tsx'
import { useBrowserFlow } from './browser-flow.ts'
import { useCall } from './use-call.ts'

interface BlueskyFormProps {
  /** The handle to begin with, where it is known. */
  handle?: string
  /** Makes the account, or signs in to it. */
  finish: (login: AccountLogin) => Promise<Account>
  onDone: (account: Account) => void
}

/** Signs in to Bluesky: a handle, then its server's own page in the browser, or an app password. */
export function BlueskyForm({ handle: known = '', finish, onDone }: BlueskyFormProps) {
  const t = useText()
  const [handle, setHandle] = useState(known)
  const [password, setPassword] = useState('')
  const [server, setServer] = useState('')
  const visit = useBrowserFlow()
  const byBrowser = password === ''
  const signIn = useCall(async () => {
    const who = { handle: handle.trim(), server: server.trim() === '' ? null : server.trim() }
    if (!byBrowser) return finish({ kind: 'bluesky', ...who, password })
    return finish({ kind: 'flow', flow: await visit({ provider: 'bluesky', ...who }) })
  })
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
        ltr
      />
      <Field label={t('bluesky.server')} value={server} onChange={setServer} help={t('bluesky.server.help')} ltr />
      <FaultNote problem={signIn.problem} />
      <div className="form-foot">
        {byBrowser ? (
          <Button type="submit" look="primary" icon="open" isDisabled={signIn.busy || handle.trim() === ''}>
            {signIn.busy ? t('oauth.waiting') : t('mastodon.begin')}
          </Button>
        ) : (
          <Button type="submit" look="primary" isDisabled={signIn.busy || handle.trim() === ''}>
            {signIn.busy ? t('mail.connecting') : t('mail.connect')}
          </Button>
        )}
      </div>
    </form>
  )
}
