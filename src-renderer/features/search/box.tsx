import type { KeyboardEvent } from 'react'
import { useApp } from '../../app/context.ts'
import { useText } from '../../i18n/text.ts'
import { Icon } from '../../ui/icons.tsx'
import { useStore } from '../../ui/store.ts'
import { endSearch, places } from '../commands/navigation.ts'

/** Words to search for; results follow as one types. */
export function SearchBox() {
  const app = useApp()
  const t = useText()
  const words = useStore(app.screen, (screen) => screen.search)
  const set = (search: string | null) => app.screen.set((now) => ({ ...now, search }))
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.preventDefault()
      if (words) set('')
      else endSearch(app)
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      app.steer.current?.move(event.key === 'ArrowDown' ? 1 : -1)
    } else if (event.key === 'Enter') {
      event.preventDefault()
      app.steer.current?.open()
    }
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: <search> is not known to every reader yet.
    <div className="search-box" role="search">
      <Icon name="search" />
      <input
        id={places.search}
        type="text"
        role="combobox"
        aria-expanded={Boolean(words)}
        aria-controls="search-results"
        aria-autocomplete="list"
        aria-label={t('search.label')}
        placeholder={t('search.label')}
        value={words ?? ''}
        spellCheck={false}
        autoComplete="off"
        dir="auto"
        onFocus={() => words === null && set('')}
        onBlur={() => words === '' && set(null)}
        onChange={(event) => set(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {words ? (
        <button type="button" className="clear" onClick={() => endSearch(app)} aria-label={t('search.clear')}>
          <Icon name="close" />
        </button>
      ) : (
        <kbd>/</kbd>
      )}
    </div>
  )
}
