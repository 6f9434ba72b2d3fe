import { useState } from 'react'
import { ProblemError } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { useText } from '../../i18n/text.ts'
import { openOutside } from '../../platform/native.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Button, Field } from '../../ui/parts.tsx'
import { useCall } from './use-call.ts'

interface OAuthPartProps {
  provider: 'google' | 'microsoft'
  address: string
  onSignedIn: (flow: string) => void
}

/** Sign-in through the provider's own page, with the client id that the office registered there. */
export function OAuthPart({ provider, address, onSignedIn }: OAuthPartProps) {
  const { engine } = useApp()
  const t = useText()
  const [clientId, setClientId] = useState('')
  const [secret, setSecret] = useState('')
  const name = provider === 'google' ? 'Google' : 'Microsoft'
  const signIn = useCall(async () => {
    const { client } = engine
    const { flow, url } = await client.accounts.oauthBegin({
      provider,
      address,
      clientId: clientId.trim(),
      clientSecret: secret.trim() || null,
    })
    openOutside(url)
    const { done, problem } = await client.accounts.oauthWait({ flow })
    if (!done) throw problem ? new ProblemError(problem.code, problem.params) : new ProblemError('cancelled')
    return flow
  })
  const begin = async () => {
    const flow = await signIn.run(undefined)
    if (flow !== null) onSignedIn(flow)
  }
  return (
    <fieldset className="oauth">
      <legend>{t('oauth.title', { name })}</legend>
      <p className="dim">{t('oauth.text', { name })}</p>
      <Field label={t('oauth.clientId')} value={clientId} onChange={setClientId} ltr />
      <Field label={t('oauth.secret')} value={secret} onChange={setSecret} type="password" help={t('oauth.secret.help')} ltr />
      <FaultNote problem={signIn.problem} />
      <Button look="primary" icon="open" isDisabled={signIn.busy || clientId.trim() === ''} onPress={() => void begin()}>
        {signIn.busy ? t('oauth.waiting') : t('oauth.begin', { name })}
      </Button>
    </fieldset>
  )
}
