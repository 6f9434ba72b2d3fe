import { lazy, Suspense, useCallback, useDeferredValue, useEffect, useMemo } from 'react'
import type { SearchHit } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { toProblem } from '../../data/faults.ts'
import { useProblemText, useText } from '../../i18n/text.ts'
import { Button, Empty } from '../../ui/parts.tsx'
import { useStore } from '../../ui/store.ts'
import { focusPlace, places } from '../commands/navigation.ts'
import { HealthStrip } from '../health/strip.tsx'
import { Rail } from '../rail/rail.tsx'
import { AboutQuery, FoundCount } from '../search/about.tsx'
import { CoverageLine } from '../search/coverage.tsx'
import { Facets } from '../search/facets.tsx'
import { QueryField } from '../search/field.tsx'
import { isAskable, settled, useFacets, useFound, useParsed } from '../search/queries.ts'
import { SavedSearches } from '../search/saved.tsx'
import { OrderChoice, SearchTools } from '../search/tools.tsx'
import { useChosenHit } from '../search/use-chosen-hit.ts'
import { Divider } from '../shell/divider.tsx'
import { Histogram } from './histogram.tsx'
import { ResultsTable } from './table.tsx'
import '../search/search.css'
import './archive-screen.css'

const Details = lazy(() => import('./details.tsx'))

const PAGE = 100

/** The archive, for those who look for what was said, by whom, when, and whether it was changed. */
export function ArchiveScreen() {
  const app = useApp()
  const t = useText()
  const pane = useStore(app.screen, (screen) => screen.pane)
  const { rail, details, columnAt, columnFrom, columnAccount, columnKind } = useStore(app.preferences.store)
  const sizes = {
    '--details-size': `${details}rem`,
    '--columnAt-size': `${columnAt}rem`,
    '--columnFrom-size': `${columnFrom}rem`,
    '--columnAccount-size': `${columnAccount}rem`,
    '--columnKind-size': `${columnKind}rem`,
  }
  useEffect(() => document.getElementById(places.archiveSearch)?.focus({ preventScroll: true }), [])
  return (
    <div className="shell">
      <HealthStrip />
      <div className="panes with-archive" data-pane={pane} style={{ '--rail-size': `${rail}rem` }}>
        <Rail />
        <main className="archive" style={sizes} tabIndex={-1} aria-labelledby="archive-title">
          <h1 id="archive-title" className="visually-hidden">
            {t('archive.title')}
          </h1>
          <Desk />
        </main>
      </div>
    </div>
  )
}

function Desk() {
  const app = useApp()
  const t = useText()
  const typed = useStore(app.screen, (screen) => screen.archive)
  const order = useStore(app.screen, (screen) => screen.order)
  const wanted = useStore(app.screen, (screen) => screen.found)
  const text = useDeferredValue(typed)
  // Nothing typed is no question in the inbox; here it is the whole archive.
  const asked = text.trim() === '' ? '*' : text
  const parsed = useParsed(typed)
  const askable = isAskable(useParsed(asked))
  const found = useFound(asked, order, PAGE, askable)
  const { data, isPlaceholderData, isFetching, hasNextPage, isFetchingNextPage, fetchNextPage } = found
  const hits = useMemo(() => (askable ? (data?.pages.flatMap((page) => page.hits) ?? []) : []), [askable, data])
  const shown = askable && data !== undefined && !isPlaceholderData
  const { data: facets } = useFacets(settled(asked), shown && hits.length > 0)
  const set = useCallback((archive: string) => app.screen.set((now) => ({ ...now, archive })), [app])
  const show = useChosenHit()
  const choose = useCallback(
    (hit: SearchHit) => {
      app.screen.set((now) => ({ ...now, found: hit.id }))
      void show(hit)
    },
    [app, show],
  )
  const open = useCallback(
    (hit: SearchHit) => {
      choose(hit)
      app.screen.set((now) => ({ ...now, pane: 'conversation' }))
      // Where both are on the screen, the keyboard stays with the results.
      if (!document.getElementById(places.found)?.checkVisibility()) focusPlace('details')
    },
    [app, choose],
  )
  const close = useCallback(() => {
    app.screen.set((now) => ({ ...now, pane: 'list', found: null }))
    focusPlace('found')
  }, [app])
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  const chosen = hits.find(({ id }) => id === wanted) ?? null
  const missing = shown ? (data.pages[0]?.missing ?? []) : []
  return (
    <>
      <div className="archive-top">
        <div className="archive-query">
          <span className="only-small">
            <Button look="plain" icon="menu" bare onPress={() => app.screen.set((now) => ({ ...now, pane: 'rail' }))}>
              {t('pane.rail')}
            </Button>
          </span>
          <QueryField
            id={places.archiveSearch}
            label={t('archive.label')}
            value={typed}
            parsed={parsed}
            results={places.found}
            about="archive-about"
            onChange={set}
            onMove={(by) => app.steer.current?.move(by)}
            onEnter={() => app.steer.current?.open()}
            onEscape={() => (typed === '' ? focusPlace('found') : set(''))}
          />
        </div>
        {typed.trim() === '' ? (
          <p className="dim search-about" id="archive-about">
            {t('archive.start.text')}
          </p>
        ) : (
          <AboutQuery
            id="archive-about"
            text={typed}
            parsed={parsed}
            missing={missing}
            waiting={shown ? (data.pages[0]?.waiting ?? 0) : 0}
          />
        )}
        {hits.length > 0 ? (
          <div className="archive-sum">
            <FoundCount facets={facets} known={shown && !hasNextPage ? hits.length : null} />
            <OrderChoice />
            <SearchTools text={asked} />
          </div>
        ) : null}
        <Histogram text={text} parsed={parsed} ready={shown} onNarrow={set} />
      </div>
      <div className="archive-body" data-chosen={chosen ? true : undefined}>
        <aside className="archive-facets" aria-labelledby="archive-narrow">
          <h2 className="visually-hidden" id="archive-narrow">
            {t('facet.title')}
          </h2>
          <SavedSearches onOpen={set} />
          {facets && hits.length > 0 ? <Facets text={typed} parsed={parsed} facets={facets} onNarrow={set} /> : null}
        </aside>
        <section className="archive-list" aria-label={t('archive.results')}>
          {hits.length > 0 ? (
            <ResultsTable
              hits={hits}
              busy={isFetching}
              whole={!hasNextPage}
              chosen={chosen?.id ?? null}
              onChoose={choose}
              onOpen={open}
              onNearEnd={more}
            />
          ) : (
            <Nothing
              found={found}
              shown={shown}
              everything={typed.trim() === ''}
              words={typed.trim()}
              named={missing.length === 0}
            />
          )}
        </section>
        {chosen ? (
          <section id={places.details} className="archive-details" tabIndex={-1} aria-label={t('archive.message')}>
            <Divider name="details" label={t('divider.details')} within=".archive" before low={20} high={60} />
            <Suspense fallback={null}>
              <Details conversation={chosen.conversationId} message={chosen.id} onClose={close} />
            </Suspense>
          </section>
        ) : null}
      </div>
    </>
  )
}

interface NothingProps {
  found: ReturnType<typeof useFound>
  shown: boolean
  /** Nothing was typed, so that there is nothing at all. */
  everything: boolean
  words: string
  /** All that the query names is there. */
  named: boolean
}

/** In place of results: why there are none. */
function Nothing({ found: { error, data, isFetching, refetch }, shown, everything, words, named }: NothingProps) {
  const t = useText()
  const say = useProblemText()
  if (error && !data) {
    return (
      <Empty
        icon="warning"
        title={t('search.failed')}
        action={<Button onPress={() => void refetch()}>{t('common.tryAgain')}</Button>}
      >
        {say(toProblem(error))}
      </Empty>
    )
  }
  if (isFetching) {
    return (
      <p className="dim archive-waiting" role="status">
        {t('common.loading')}
      </p>
    )
  }
  if (!shown) return null
  if (everything) {
    return (
      <Empty icon="archive" title={t('archive.empty')}>
        {t('archive.empty.text')}
      </Empty>
    )
  }
  return (
    <Empty icon="search" title={t('search.none')} action={<CoverageLine />}>
      {named ? t('search.none.text', { words }) : null}
    </Empty>
  )
}
