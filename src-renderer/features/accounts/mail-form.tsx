import { useState } from 'react'
import type { CertificateInfo, MailSuggestion } from '#shared/contract/index.ts'
import type { Account, IdentityId, MailServer } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { useText } from '../../i18n/text.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Button, Field } from '../../ui/parts.tsx'
import { CertificatePanel } from './certificate.tsx'
import { OAuthPart } from './oauth.tsx'
import { ServerFields } from './server-fields.tsx'
import { useCall } from './use-call.ts'

const CERTIFICATE_CODES = new Set(['tls_untrusted', 'tls_changed'])
const emptyImap: MailServer = { host: '', port: 993, security: 'tls' }
const emptySmtp: MailServer = { host: '', port: 587, security: 'starttls' }

interface Servers {
  user: string
  imap: MailServer
  smtp: MailServer
}

interface MailFormProps {
  identityId: IdentityId
  onDone: (account: Account) => void
  /** Begin with the keyboard in the address. */
  autoFocus: boolean
}

/** Connects a mailbox: the address first, then what was found for it, which can all be changed. */
export function MailForm({ identityId, onDone, autoFocus }: MailFormProps) {
  const { engine } = useApp()
  const t = useText()
  const [address, setAddress] = useState('')
  const [found, setFound] = useState<MailSuggestion | null>(null)
  const [servers, setServers] = useState<Servers>({ user: '', imap: emptyImap, smtp: emptySmtp })
  const [password, setPassword] = useState('')
  const [flow, setFlow] = useState<string | null>(null)
  const [certificate, setCertificate] = useState<CertificateInfo | null>(null)
  const [editing, setEditing] = useState(false)

  const discover = useCall(() => engine.client.accounts.discoverMail({ address: address.trim() }))
  const inspect = useCall(() => engine.client.accounts.inspectCertificate({ server: servers.imap }))
  const add = useCall((input: { fingerprint: string | null; flow: string | null }) =>
    engine.client.accounts.addMail({
      identityId,
      label: null,
      address: address.trim(),
      user: servers.user.trim() || address.trim(),
      imap: servers.imap,
      smtp: servers.smtp.host.trim() === '' ? null : servers.smtp,
      folders: [],
      ca: null,
      acceptFingerprint: input.fingerprint,
      login: input.flow === null ? { kind: 'password', password } : { kind: 'oauth2', flow: input.flow },
    }),
  )

  const look = async () => {
    const suggestion = await discover.run(undefined)
    if (!suggestion) return
    setFound(suggestion)
    setServers({ user: suggestion.user, imap: suggestion.imap ?? emptyImap, smtp: suggestion.smtp ?? emptySmtp })
    setEditing(suggestion.source === 'none' || suggestion.imap === null)
  }
  const connect = async (fingerprint: string | null, signedIn: string | null = flow) => {
    const account = await add.run({ fingerprint, flow: signedIn })
    if (account) onDone(account)
  }

  if (!found) {
    return (
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          void look()
        }}
      >
        <Field
          label={t('mail.address')}
          type="email"
          value={address}
          onChange={setAddress}
          help={t('mail.address.help')}
          required
          autoFocus={autoFocus}
          ltr
          autoComplete="email"
        />
        <FaultNote problem={discover.problem} />
        <div className="form-foot">
          <Button type="submit" look="primary" isDisabled={discover.busy || !address.includes('@')}>
            {discover.busy ? t('mail.looking') : t('common.continue')}
          </Button>
          {discover.problem ? (
            <Button
              onPress={() => {
                setFound({ address, user: address, imap: null, smtp: null, auth: ['password'], provider: null, source: 'none' })
                setServers({ user: address, imap: emptyImap, smtp: emptySmtp })
                setEditing(true)
              }}
            >
              {t('mail.byHand')}
            </Button>
          ) : null}
        </div>
      </form>
    )
  }
  if (certificate) {
    return (
      <CertificatePanel
        certificate={certificate}
        busy={add.busy}
        onBack={() => setCertificate(null)}
        onTrust={() => {
          setCertificate(null)
          void connect(certificate.fingerprint)
        }}
      />
    )
  }
  const wantsOAuth = found.provider !== null && found.auth[0] === 'oauth2'
  const untrusted = add.problem !== null && CERTIFICATE_CODES.has(add.problem.code)
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        void connect(null)
      }}
    >
      <div className="found">
        <p>
          <strong dir="ltr">{found.address}</strong>
          <span className="dim">{t(`mail.source.${found.source}`)}</span>
        </p>
        {editing ? null : (
          <p className="dim" dir="ltr">
            {servers.imap.host}:{servers.imap.port}
          </p>
        )}
        <Button look="link" onPress={() => (editing ? setFound(null) : setEditing(true))}>
          {editing ? t('mail.otherAddress') : t('mail.change')}
        </Button>
      </div>
      {editing ? (
        <div className="server-grid">
          <Field
            label={t('mail.user')}
            value={servers.user}
            onChange={(user) => setServers({ ...servers, user })}
            ltr
            autoComplete="username"
          />
          <ServerFields
            label={t('mail.imap')}
            server={servers.imap}
            onChange={(imap) => setServers({ ...servers, imap })}
            required
          />
          <ServerFields label={t('mail.smtp')} server={servers.smtp} onChange={(smtp) => setServers({ ...servers, smtp })} />
        </div>
      ) : null}
      {wantsOAuth && found.provider ? (
        <OAuthPart
          provider={found.provider}
          address={address.trim()}
          onSignedIn={(signedIn) => {
            setFlow(signedIn)
            void connect(null, signedIn)
          }}
        />
      ) : null}
      {found.auth.includes('password') && flow === null ? (
        <Field
          label={wantsOAuth ? t('mail.appPassword') : t('mail.password')}
          type="password"
          value={password}
          onChange={setPassword}
          help={t('mail.password.help')}
          autoFocus={!wantsOAuth && !editing}
          autoComplete="current-password"
          ltr
        />
      ) : null}
      <FaultNote problem={add.problem}>
        {untrusted ? (
          <Button onPress={async () => setCertificate(await inspect.run(undefined))} isDisabled={inspect.busy}>
            {t('certificate.look')}
          </Button>
        ) : null}
      </FaultNote>
      <FaultNote problem={inspect.problem} />
      <div className="form-foot">
        <Button
          type="submit"
          look="primary"
          isDisabled={add.busy || servers.imap.host === '' || (flow === null && password === '')}
        >
          {add.busy ? t('mail.connecting') : t('mail.connect')}
        </Button>
        <Button onPress={() => setFound(null)} isDisabled={add.busy}>
          {t('common.back')}
        </Button>
      </div>
    </form>
  )
}
