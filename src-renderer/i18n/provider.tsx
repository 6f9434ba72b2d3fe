import { type ReactNode, useEffect, useState } from 'react'
import { I18nProvider } from 'react-aria-components'
import { IntlProvider } from 'react-intl'
import { native } from '../platform/native.ts'
import type { Catalog } from './catalog.ts'
import { chooseTongue, directionOf, loadCatalog, type Tongue } from './languages.ts'
import { nativeLabels } from './native-labels.ts'

interface Loaded extends Tongue {
  catalog: Catalog
}

/** Everything below speaks the chosen language, in its direction. Nothing is drawn before its words are there. */
export function Language({ chosen, children }: { chosen: string; children: ReactNode }) {
  const [loaded, setLoaded] = useState<Loaded | null>(null)
  useEffect(() => {
    let gone = false
    const tongue = chooseTongue(chosen, navigator.languages)
    loadCatalog(tongue.language).then((catalog) => {
      if (gone) return
      document.documentElement.lang = tongue.locale
      document.documentElement.dir = directionOf(tongue.language)
      native?.setLabels(nativeLabels(catalog)).catch((error: unknown) => console.warn('menu kept its words', error))
      setLoaded({ ...tongue, catalog })
    }, console.error)
    return () => {
      gone = true
    }
  }, [chosen])
  if (!loaded) return null
  return (
    <IntlProvider locale={loaded.locale} messages={loaded.catalog} onError={console.error}>
      <I18nProvider locale={loaded.locale}>{children}</I18nProvider>
    </IntlProvider>
  )
}
