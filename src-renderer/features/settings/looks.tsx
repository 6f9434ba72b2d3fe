import { Checkbox } from 'react-aria-components'
import { useApp } from '../../app/context.ts'
import type { Theme } from '../../data/preferences.ts'
import { languageNames, languages } from '../../i18n/languages.ts'
import { useText } from '../../i18n/text.ts'
import { Icon } from '../../ui/icons.tsx'
import { Choice } from '../../ui/parts.tsx'
import { useStore } from '../../ui/store.ts'

const themes: readonly Theme[] = ['system', 'light', 'dark']

/** Language, colours and keys. */
export function Looks() {
  const app = useApp()
  const t = useText()
  const preferences = useStore(app.preferences.store)
  return (
    <section className="settings-part" aria-labelledby="settings-looks">
      <h2 id="settings-looks">{t('settings.looks')}</h2>
      <div className="settings-grid">
        <Choice
          label={t('settings.language')}
          value={preferences.language}
          options={[
            { value: 'system', label: t('settings.system') },
            ...languages.map((value) => ({ value, label: languageNames[value] })),
          ]}
          onChange={(language) => app.preferences.set('language', language)}
        />
        <Choice
          label={t('settings.theme')}
          value={preferences.theme}
          options={themes.map((value) => ({ value, label: t(`settings.theme.${value}`) }))}
          onChange={(theme) => app.preferences.set('theme', theme)}
        />
      </div>
      <Checkbox
        className="check"
        isSelected={preferences.letters}
        onChange={(letters) => app.preferences.set('letters', letters)}
      >
        <span className="check-box">{preferences.letters ? <Icon name="check" /> : null}</span>
        {t('settings.letters')}
      </Checkbox>
    </section>
  )
}
