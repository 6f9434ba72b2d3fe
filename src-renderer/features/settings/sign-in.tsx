import { useState } from 'react'
import type { Account } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { useText } from '../../i18n/text.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Button, Field, Front } from '../../ui/parts.tsx'
import { BlueskyForm } from '../accounts/bluesky-form.tsx'
import { MastodonForm } from '../accounts/mastodon-form.tsx'
import { useCall } from '../accounts/use-call.ts'

/** Signs in to an account again, in the way of its network. */
export function SignIn(props: { account: Account; onClose: () => void }) {
  const { network } = props.account
  if (network === 'mastodon') return <BrowserSignIn {...props} />
  return network === 'bluesky' ? <HandleSignIn {...props} /> : <PasswordSignIn {...props} />
}

/** Through the network's own page; also for an account that so far holds what was imported. */
function BrowserSignIn({ account, onClose }: { account: Account; onClose: () => void }) {
  const app = useApp()
  const t = useText()
  const target = { id: account.id, identityId: account.identityId }
  return (
    <Front title={t('signIn.title', { name: account.label })} onClose={onClose}>
      <MastodonForm
        server={account.address.slice(account.address.lastIndexOf('@') + 1)}
        finish={(flow) => app.engine.client.accounts.signInAgain({ ...target, login: { kind: 'flow', flow } })}
        onDone={() => {
          app.notices.tell('signIn.done', { name: account.label })
          onClose()
        }}
      />
    </Front>
  )
}

/** With a handle and a password; also for an account that so far holds what was imported. */
function HandleSignIn({ account, onClose }: { account: Account; onClose: () => void }) {
  const app = useApp()
  const t = useText()
  const target = { id: account.id, identityId: account.identityId }
  return (
    <Front title={t('signIn.title', { name: account.label })} onClose={onClose}>
      <BlueskyForm
        handle={account.address}
        finish={(login) => app.engine.client.accounts.signInAgain({ ...target, login })}
        onDone={() => {
          app.notices.tell('signIn.done', { name: account.label })
          onClose()
        }}
      />
    </Front>
  )
}

/** A new password, or a certificate accepted anew, for an account that cannot sign in. */
function PasswordSignIn({ account, onClose }: { account: Account; onClose: () => void }) {
  const app = useApp()
  const t = useText()
  const [password, setPassword] = useState('')
  const signIn = useCall((acceptFingerprint: string | null) =>
    app.engine.client.accounts.signIn({
      id: account.id,
      identityId: account.identityId,
      password: password === '' ? null : password,
      acceptFingerprint,
    }),
  )
  const problem = signIn.problem ?? account.status.reason
  const fingerprint =
    problem && (problem.code === 'tls_untrusted' || problem.code === 'tls_changed') ? fingerprintOf(problem.params) : null
  const submit = async (accepted: string | null) => {
    if (await signIn.run(accepted)) {
      app.notices.tell('signIn.done', { name: account.label })
      onClose()
    }
  }
  return (
    <Front title={t('signIn.title', { name: account.label })} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          void submit(null)
        }}
      >
        <FaultNote problem={problem} />
        <Field
          label={t('mail.password')}
          type="password"
          value={password}
          onChange={setPassword}
          help={t('mail.password.help')}
          autoFocus
          autoComplete="current-password"
          ltr
        />
        <div className="form-foot">
          <Button type="submit" look="primary" isDisabled={signIn.busy || password === ''}>
            {signIn.busy ? t('mail.connecting') : t('health.signIn')}
          </Button>
          {fingerprint ? (
            <Button icon="shield" isDisabled={signIn.busy} onPress={() => void submit(fingerprint)}>
              {t('certificate.trust')}
            </Button>
          ) : null}
        </div>
      </form>
    </Front>
  )
}

/** The fingerprint that a problem names, as the contract wants it: 64 hex digits. */
function fingerprintOf(params: Record<string, string>): string | null {
  const hex = (params.fingerprint ?? '').replace(/[^0-9a-f]/gi, '').toLowerCase()
  return hex.length === 64 ? hex : null
}
