import type { CertificateInfo } from '#shared/contract/index.ts'
import { useDates } from '../../i18n/dates.ts'
import { useText } from '../../i18n/text.ts'
import { Button } from '../../ui/parts.tsx'

interface CertificatePanelProps {
  certificate: CertificateInfo
  busy: boolean
  onTrust: () => void
  onBack: () => void
}

/** A certificate that this computer does not trust, to be compared with what the server's keeper says. */
export function CertificatePanel({ certificate, busy, onTrust, onBack }: CertificatePanelProps) {
  const t = useText()
  const dates = useDates()
  const day = (text: string) => (Number.isNaN(Date.parse(text)) ? text : dates.day(new Date(text)))
  const pairs = certificate.fingerprint.match(/../g)?.join(' ') ?? certificate.fingerprint
  return (
    <div className="form">
      <h3>{t('certificate.title', { host: certificate.host })}</h3>
      <p>{t('certificate.text')}</p>
      <dl className="facts">
        <dt>{t('certificate.fingerprint')}</dt>
        <dd className="fingerprint" dir="ltr">
          {pairs}
        </dd>
        <dt>{t('certificate.subject')}</dt>
        <dd>
          <bdi>{certificate.subject}</bdi>
        </dd>
        <dt>{t('certificate.issuer')}</dt>
        <dd>
          <bdi>{certificate.issuer}</bdi>
        </dd>
        <dt>{t('certificate.valid')}</dt>
        <dd>{t('certificate.dates', { from: day(certificate.validFrom), to: day(certificate.validTo) })}</dd>
      </dl>
      <div className="form-foot">
        <Button look="primary" icon="shield" onPress={onTrust} isDisabled={busy}>
          {t('certificate.trust')}
        </Button>
        <Button onPress={onBack}>{t('common.back')}</Button>
      </div>
    </div>
  )
}
