import { useState } from 'react'
import type { Account, IdentityId, SmsSettings } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { useText } from '../../i18n/text.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Button, Choice, Field } from '../../ui/parts.tsx'
import { useCall } from './use-call.ts'

const gateways = ['twilio', 'kannel', 'android'] as const
type Gateway = (typeof gateways)[number]

const empty = { number: '', country: '', url: '', user: '', password: '', port: '', token: '' }
type Values = typeof empty

/** Adds text messages, by one of the gateways. */
export function SmsForm({ identityId, onDone }: { identityId: IdentityId; onDone: (account: Account) => void }) {
  const { engine } = useApp()
  const t = useText()
  const [gateway, setGateway] = useState<Gateway>('twilio')
  const [values, setValues] = useState(empty)
  const add = useCall(() =>
    engine.client.accounts.add({
      identityId,
      label: null,
      login: { kind: 'sms', settings: settingsOf(gateway, values), password: values.password },
    }),
  )
  const field = (name: keyof Values, label: string, more: { help?: string; required?: boolean; type?: 'password' } = {}) => (
    <Field
      label={label}
      value={values[name]}
      onChange={(value) => setValues((before) => ({ ...before, [name]: value }))}
      ltr
      {...more}
    />
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
      <Choice
        label={t('sms.gateway')}
        value={gateway}
        options={gateways.map((value) => ({ value, label: t(`sms.gateway.${value}`) }))}
        onChange={setGateway}
      />
      {field('number', t('sms.number'), { help: t('sms.number.help'), required: true })}
      {field('country', t('sms.country'), { help: t('sms.country.help') })}
      {gateway === 'twilio' ? null : field('url', t('sms.url'), { help: t(`sms.url.help.${gateway}`), required: true })}
      {field('user', t(gateway === 'twilio' ? 'sms.accountSid' : 'sms.user'), { required: true })}
      {field('password', t(gateway === 'twilio' ? 'sms.token' : 'mail.password'), { required: true, type: 'password' })}
      {gateway === 'kannel' ? (
        <>
          {field('port', t('sms.port'), { help: t('sms.port.help') })}
          {field('token', t('sms.listenerToken'), { help: t('sms.listenerToken.help'), type: 'password' })}
        </>
      ) : null}
      <FaultNote problem={add.problem} />
      <div className="form-foot">
        <Button type="submit" look="primary" isDisabled={add.busy || !values.number || !values.user || !values.password}>
          {add.busy ? t('mail.connecting') : t('common.continue')}
        </Button>
      </div>
    </form>
  )
}

function settingsOf(gateway: Gateway, values: Values): SmsSettings {
  const [number, url, user] = [values.number, values.url, values.user].map((text) => text.trim()) as [string, string, string]
  const country = values.country.trim().toUpperCase() || null
  switch (gateway) {
    case 'twilio':
      return { provider: 'twilio', number, country, accountSid: user, keySid: null, server: 'https://api.twilio.com', every: 1 }
    case 'kannel': {
      const receive = values.port.trim() === '' ? null : { port: Number(values.port), token: values.token.trim() }
      return { provider: 'kannel', number, country, url, user, receive }
    }
    case 'android':
      return { provider: 'android', number, country, url, user, sim: null, every: 1 }
  }
}
