import { operators } from '#shared/query/index.ts'
import { useApp } from '../../app/context.ts'
import { useText } from '../../i18n/text.ts'
import { Icon } from '../../ui/icons.tsx'
import { places } from '../commands/navigation.ts'
import { operatorText } from './completion-list.tsx'
import { SavedSearches } from './saved.tsx'

/** Before anything is typed: what a search can do, and the searches that were kept. */
export function SearchStart() {
  const app = useApp()
  const t = useText()
  const put = (search: string) => {
    app.screen.set((now) => ({ ...now, search }))
    const box = document.getElementById(places.search)
    if (!(box instanceof HTMLInputElement)) return
    box.focus()
    requestAnimationFrame(() => box.setSelectionRange(search.length, search.length))
  }
  return (
    // A press beside its buttons is no end of the search either.
    <div className="search-body search-start" tabIndex={-1}>
      <div className="search-hint">
        <Icon name="search" />
        <h2>{t('search.start')}</h2>
        <p>{t('search.start.text')}</p>
      </div>
      <SavedSearches onOpen={put} />
      <section className="operators" aria-labelledby="operators-title">
        <h3 id="operators-title">{t('search.narrowBy')}</h3>
        <ul>
          {operators.map(({ name }) => (
            <li key={name}>
              <button type="button" className="operator" onClick={() => put(`${name}:`)}>
                <bdi className="operator-name" dir="ltr">
                  {name}:
                </bdi>
                <span className="dim">{operatorText(t, name)}</span>
              </button>
            </li>
          ))}
        </ul>
      </section>
    </div>
  )
}
