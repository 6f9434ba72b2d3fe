import { useState } from 'react'
import { useText } from '../../i18n/text.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Button, Field } from '../../ui/parts.tsx'
import { useBrowserFlow } from './browser-flow.ts'
import { useCall } from './use-call.ts'

interface OAuthPartProps {
  provider: 'google' | 'microsoft'
  address: string
  onSignedIn: (flow: string) => void
}

/** Sign-in through the provider's own page, with the client id that the office registered there. */
export function OAuthPart({ provider, address, onSignedIn }: OAuthPartProps) {
  const t = useText()
  const [clientId, setClientId] = useState('')
  const [secret, setSecret] = useState('')
  const name = provider === 'google' ? 'Google' : 'Microsoft'
  const visit = useBrowserFlow()
  const signIn = useCall(() => visit({ provider, address, clientId: clientId.trim(), clientSecret: secret.trim() || null }))
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
