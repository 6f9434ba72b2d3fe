import { useApp } from '../../app/context.ts'
import { useText } from '../../i18n/text.ts'
import { Icon } from '../../ui/icons.tsx'
import { useStore } from '../../ui/store.ts'
import { endSearch, places } from '../commands/navigation.ts'
import { QueryField } from './field.tsx'
import { useParsed } from './queries.ts'

/** Words to search for; results follow as one types. */
export function SearchBox() {
  const app = useApp()
  const t = useText()
  const words = useStore(app.screen, (screen) => screen.search)
  const parsed = useParsed(words ?? '')
  const set = (search: string | null) => app.screen.set((now) => ({ ...now, search }))
  return (
    <QueryField
      id={places.search}
      label={t('search.label')}
      value={words ?? ''}
      parsed={parsed}
      results="search-results"
      about="search-about"
      onChange={set}
      onMove={(by) => app.steer.current?.move(by)}
      onEnter={() => app.steer.current?.open()}
      onEscape={() => (words ? set('') : endSearch(app))}
      onPress={() => {
        if (words === null) set('')
      }}
      onLeave={(to) => {
        // What one may choose before typing stands below; going there is no end of the search.
        if (words === '' && !to?.closest('.search-start')) set(null)
      }}
    >
      {words ? (
        <button type="button" className="clear" onClick={() => endSearch(app)} aria-label={t('search.clear')}>
          <Icon name="close" />
        </button>
      ) : (
        <kbd>/</kbd>
      )}
    </QueryField>
  )
}
