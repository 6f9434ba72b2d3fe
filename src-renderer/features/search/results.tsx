import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import type { Identity, SearchHit } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { toProblem } from '../../data/faults.ts'
import { useIdentityMap } from '../../data/queries.ts'
import { useDates } from '../../i18n/dates.ts'
import { useProblemText, useText } from '../../i18n/text.ts'
import { Mark } from '../../ui/mark.tsx'
import { Button, Empty } from '../../ui/parts.tsx'
import { useStore } from '../../ui/store.ts'
import { openConversation } from '../commands/navigation.ts'
import { AboutQuery, FoundCount } from './about.tsx'
import { CoverageLine } from './coverage.tsx'
import { Facets } from './facets.tsx'
import { Marked } from './marked.tsx'
import { isAskable, settled, useFacets, useFound, useParsed } from './queries.ts'
import { SearchStart } from './start.tsx'
import { OrderChoice, SearchTools } from './tools.tsx'
import { useChosenHit } from './use-chosen-hit.ts'

const PAGE = 50
/** Beyond these a person narrows down, or goes to the archive. */
const MOST_PAGES = 20

/** What the words in the search box find. */
export function SearchResults() {
  const app = useApp()
  const text = useDeferredValue(useStore(app.screen, (screen) => screen.search) ?? '')
  return text.trim() === '' ? <SearchStart /> : <Results text={text} />
}

function Results({ text }: { text: string }) {
  const app = useApp()
  const t = useText()
  const say = useProblemText()
  const parsed = useParsed(text)
  const askable = isAskable(parsed)
  const order = useStore(app.screen, (screen) => screen.order)
  const { data, error, isFetching, isPlaceholderData, refetch, fetchNextPage, hasNextPage } = useFound(text, order, PAGE, askable)
  const hits = useMemo(() => (askable ? (data?.pages.flatMap((page) => page.hits) ?? []) : []), [askable, data])
  const shown = askable && data !== undefined && !isPlaceholderData
  const { data: facets } = useFacets(settled(text), shown && hits.length > 0)
  const missing = shown ? (data.pages[0]?.missing ?? []) : []
  const none = shown && hits.length === 0 && !isFetching
  const more = hasNextPage && askable
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
  return (
    <div className="search-body">
      <AboutQuery
        id="search-about"
        text={text}
        parsed={parsed}
        missing={missing}
        waiting={shown ? (data.pages[0]?.waiting ?? 0) : 0}
      />
      {hits.length > 0 ? (
        <div className="search-head">
          <div className="search-sum">
            <FoundCount facets={facets} known={shown && !more ? hits.length : null} />
            <OrderChoice />
          </div>
          <SearchTools text={text} />
          {facets ? (
            <details className="search-facets">
              <summary>{t('facet.title')}</summary>
              <div>
                <Facets
                  text={text}
                  parsed={parsed}
                  facets={facets}
                  onNarrow={(search) => app.screen.set((now) => ({ ...now, search }))}
                />
              </div>
            </details>
          ) : null}
        </div>
      ) : null}
      {none ? (
        <Empty icon="search" title={t('search.none')} action={<CoverageLine />}>
          {missing.length > 0 ? null : t('search.none.text', { words: text.trim() })}
        </Empty>
      ) : null}
      <Hits of={`${order} ${text}`} hits={hits} busy={isFetching} old={isPlaceholderData} />
      {more && data && data.pages.length < MOST_PAGES ? (
        <p className="search-more">
          <Button onPress={() => void fetchNextPage()}>{t('search.more')}</Button>
        </p>
      ) : null}
      {more && data && data.pages.length >= MOST_PAGES ? <p className="search-more dim">{t('search.narrow')}</p> : null}
    </div>
  )
}

interface HitsProps {
  /** What they are the hits of: of something else, one begins at the top. */
  of: string
  hits: readonly SearchHit[]
  busy: boolean
  /** They are of other words. */
  old: boolean
}

function Hits({ of, hits, busy, old }: HitsProps) {
  const app = useApp()
  const t = useText()
  const identities = useIdentityMap()
  const [at, setAt] = useState(-1)
  const list = useRef<HTMLDivElement>(null)
  const show = useChosenHit()
  // biome-ignore lint/correctness/useExhaustiveDependencies: other words begin at the top again.
  useEffect(() => setAt(-1), [of])
  const choose = useCallback(
    async (index: number): Promise<boolean> => {
      const hit = hits[index]
      if (!hit || old) return false
      setAt(index)
      return show(hit)
    },
    [hits, old, show],
  )
  const open = useCallback(
    async (index: number) => {
      if (await choose(index)) openConversation(app)
    },
    [app, choose],
  )
  // Whoever types and at once goes on means what the words find, not what is still on the screen.
  const meant = useRef<'move' | 'open' | null>(null)
  useEffect(() => {
    app.steer.current = {
      move: (by) => {
        if (old) meant.current = 'move'
        else void choose(Math.max(0, Math.min(hits.length - 1, at + by)))
      },
      open: () => {
        if (old) meant.current = 'open'
        else void open(Math.max(0, at))
      },
    }
    return () => {
      app.steer.current = null
    }
  }, [app, at, choose, old, open, hits.length])
  useEffect(() => {
    if (old || meant.current === null) return
    const what = meant.current
    meant.current = null
    if (what === 'open') void open(0)
    else void choose(0)
  }, [old, open, choose])
  useEffect(() => {
    if (at >= 0) list.current?.querySelector(`[data-at="${at}"]`)?.scrollIntoView({ block: 'nearest' })
  }, [at])
  return (
    <div
      id="search-results"
      role="listbox"
      aria-label={t('search.results')}
      aria-busy={busy}
      tabIndex={hits.length > 0 ? 0 : -1}
      ref={list}
      {...(at >= 0 ? { 'aria-activedescendant': `hit-${at}` } : {})}
    >
      {hits.map((hit, index) => (
        // biome-ignore lint/a11y/useFocusableInteractive lint/a11y/useKeyWithClickEvents: the search box keeps the focus and steers the results.
        <div
          key={hit.id}
          id={`hit-${index}`}
          className="hit"
          role="option"
          aria-selected={index === at}
          data-at={index}
          data-active={index === at || undefined}
          onClick={() => void open(index)}
        >
          <Hit hit={hit} identity={identities.get(hit.identityId)} />
        </div>
      ))}
    </div>
  )
}

function Hit({ hit, identity }: { hit: SearchHit; identity: Identity | undefined }) {
  const t = useText()
  const dates = useDates()
  return (
    <>
      <span className="row-pick">{identity ? <Mark identity={identity} labelled /> : null}</span>
      <span className="row-head">
        <bdi className="row-from truncate">{hit.from || t('row.nobody')}</bdi>
        <time className="row-at" dateTime={hit.at} title={dates.full(hit.at)}>
          {dates.short(hit.at)}
        </time>
      </span>
      <span className="row-subject truncate" dir="auto">
        <Marked text={hit.subject || t('row.noSubject')} />
      </span>
      <span className="hit-snippet" dir="auto">
        <Marked text={hit.snippet} />
      </span>
    </>
  )
}
