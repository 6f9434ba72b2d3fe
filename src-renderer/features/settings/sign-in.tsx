import { useState } from 'react'
import type { Account } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { useText } from '../../i18n/text.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Button, Field, Front } from '../../ui/parts.tsx'
import { useCall } from '../accounts/use-call.ts'

/** A new password, or a certificate accepted anew, for an account that cannot sign in. */
export function SignIn({ account, onClose }: { account: Account; onClose: () => void }) {
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
