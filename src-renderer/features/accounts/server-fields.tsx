import type { MailSecurity, MailServer } from '#shared/model/index.ts'
import { useText } from '../../i18n/text.ts'
import { Choice, Field } from '../../ui/parts.tsx'

interface ServerFieldsProps {
  label: string
  server: MailServer
  onChange: (server: MailServer) => void
  required?: boolean
}

/** A mail server's name, port and encryption. */
export function ServerFields({ label, server, onChange, required = false }: ServerFieldsProps) {
  const t = useText()
  const securities: readonly { value: MailSecurity; label: string }[] = [
    { value: 'tls', label: 'TLS' },
    { value: 'starttls', label: 'STARTTLS' },
    { value: 'none', label: t('mail.security.none') },
  ]
  return (
    <fieldset className="server">
      <legend>{label}</legend>
      <Field
        label={t('mail.host')}
        value={server.host}
        onChange={(host) => onChange({ ...server, host })}
        required={required}
        autoFocus={required && server.host === ''}
        ltr
      />
      <Field
        label={t('mail.port')}
        value={server.port === 0 ? '' : String(server.port)}
        onChange={(port) => onChange({ ...server, port: Number(port.replace(/\D/g, '').slice(0, 5)) })}
        required={required}
        ltr
      />
      <Choice
        label={t('mail.security')}
        value={server.security}
        options={securities}
        onChange={(security) => onChange({ ...server, security })}
      />
    </fieldset>
  )
}
