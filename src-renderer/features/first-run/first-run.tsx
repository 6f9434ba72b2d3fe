import { useApp } from '../../app/context.ts'
import { useIdentities, useStatus } from '../../data/queries.ts'
import { useText } from '../../i18n/text.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Mark } from '../../ui/mark.tsx'
import { Button } from '../../ui/parts.tsx'
import { Connect } from '../accounts/connect.tsx'
import { useCall } from '../accounts/use-call.ts'
import { Brand } from '../rail/brand.tsx'
import { IdentityForm } from './identity-form.tsx'
import './first-run.css'

/** From an empty office to the first messages: who speaks, and where messages come from. */
export default function FirstRun({ onDone }: { onDone: () => void }) {
  const { engine, inbox } = useApp()
  const t = useText()
  const { data: identities = [] } = useIdentities()
  const { data: status } = useStatus()
  const sample = useCall(() => engine.client.office.sample({}))
  const step = identities.length === 0 ? 1 : 2
  const done = () => {
    inbox.reopen()
    onDone()
  }
  return (
    <main className="first">
      <div className="first-card">
        <header className="first-head">
          <Brand />
          <div>
            <h1>{t('app.name')}</h1>
            <p>{t('first.what')}</p>
          </div>
        </header>
        {status?.warnings.includes('key_in_file') ? <p className="note warn">{t('warning.key_in_file')}</p> : null}
        <section aria-labelledby="first-step">
          <p className="dim">{t('first.step', { step, of: 2 })}</p>
          <h2 id="first-step">{step === 1 ? t('first.identity') : t('first.connect')}</h2>
          {step === 1 ? (
            <IdentityForm />
          ) : (
            <>
              <ul className="first-identities">
                {identities.map((identity) => (
                  <li key={identity.id}>
                    <Mark identity={identity} />
                    <bdi>{identity.name}</bdi>
                    <span className="dim">{t(`voice.${identity.voice}`)}</span>
                  </li>
                ))}
              </ul>
              <Connect onDone={done} />
            </>
          )}
        </section>
        <footer className="first-foot">
          <Icon name="sample" />
          <p>{t('first.sample')}</p>
          <Button
            isDisabled={sample.busy}
            onPress={async () => {
              if (await sample.run(undefined)) done()
            }}
          >
            {t('first.sample.open')}
          </Button>
          {step === 2 ? (
            <Button look="plain" onPress={done}>
              {t('first.skip')}
            </Button>
          ) : null}
        </footer>
        <FaultNote problem={sample.problem} />
      </div>
    </main>
  )
}
