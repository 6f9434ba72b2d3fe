import { useApp } from '../../app/context.ts'
import { useText } from '../../i18n/text.ts'
import { Button } from '../../ui/parts.tsx'
import { ArchiveSettings } from '../archive/settings.tsx'
import { CalendarSettings } from '../calendar/settings.tsx'
import { stepBack } from '../commands/navigation.ts'
import { HealthStrip } from '../health/strip.tsx'
import { LabelSettings } from '../labels/settings.tsx'
import { RetentionSettings } from '../retention/settings.tsx'
import { AccountSettings } from './accounts.tsx'
import { IdentitySettings } from './identities.tsx'
import { Looks } from './looks.tsx'
import { OfficeSettings } from './office.tsx'
import './settings.css'

/** Everything that can be set, on one page. */
export default function Settings() {
  const app = useApp()
  const t = useText()
  return (
    <div className="shell">
      <HealthStrip />
      <main className="settings" tabIndex={-1} aria-labelledby="settings-title">
        <div className="settings-page">
          <header>
            <Button look="plain" icon="back" bare onPress={() => stepBack(app)}>
              {t('settings.back')}
            </Button>
            <h1 id="settings-title">{t('settings.title')}</h1>
          </header>
          <IdentitySettings />
          <AccountSettings />
          <LabelSettings />
          <CalendarSettings />
          <Looks />
          <ArchiveSettings />
          <RetentionSettings />
          <OfficeSettings />
        </div>
      </main>
    </div>
  )
}
