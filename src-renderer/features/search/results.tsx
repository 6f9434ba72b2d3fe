import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import type { Identity, SearchHit } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { toProblem } from '../../data/faults.ts'
import { useIdentityMap, useSearch } from '../../data/queries.ts'
import { useDates } from '../../i18n/dates.ts'
import { useProblemText, useText } from '../../i18n/text.ts'
import { Mark } from '../../ui/mark.tsx'
import { Button, Empty } from '../../ui/parts.tsx'
import { useStore } from '../../ui/store.ts'
import { showExport } from '../archive/show-export.ts'
import { openConversation } from '../commands/navigation.ts'
import { CoverageLine } from './coverage.tsx'
import { cutSnippet } from './snippet.ts'

const STEP = 50
const MOST = 200

/** Messages that were found, newest first. */
export function SearchResults() {
  const app = useApp()
  const t = useText()
  const say = useProblemText()
  const identities = useIdentityMap()
  const words = useDeferredValue(useStore(app.screen, (screen) => screen.search) ?? '')
  const [limit, setLimit] = useState(STEP)
  const { data, error, isFetching, isPlaceholderData, refetch } = useSearch(words, limit)
  const [at, setAt] = useState(-1)
  const body = useRef<HTMLDivElement>(null)
  const hits = useMemo(() => (words.trim() === '' ? [] : (data?.hits ?? [])), [data, words])

  // biome-ignore lint/correctness/useExhaustiveDependencies: other words begin at the top again.
  useEffect(() => {
    setAt(-1)
    setLimit(STEP)
  }, [words])

  const latest = useRef(0)
  /** @returns whether the hit is now what is shown; not when another was chosen meanwhile. */
  const choose = useCallback(
    async (index: number): Promise<boolean> => {
      const hit = hits[index]
      if (!hit || isPlaceholderData) return false
      const turn = ++latest.current
      setAt(index)
      try {
        const { row } = await app.engine.client.conversations.get({ id: hit.conversationId })
        if (turn !== latest.current) return false
        app.inbox.select(row, hit.id)
        return true
      } catch (fault) {
        app.notices.fail(toProblem(fault))
        return false
      }
    },
    [app, hits, isPlaceholderData],
  )
  const open = useCallback(
    async (index: number) => {
      if (await choose(index)) openConversation(app)
    },
    [app, choose],
  )
  useEffect(() => {
    app.steer.current = {
      move: (by) => void choose(Math.max(0, Math.min(hits.length - 1, at + by))),
      open: () => void open(Math.max(0, at)),
    }
    return () => {
      app.steer.current = null
    }
  }, [app, at, choose, open, hits.length])
  useEffect(() => {
    if (at >= 0) body.current?.querySelector(`[data-at="${at}"]`)?.scrollIntoView({ block: 'nearest' })
  }, [at])

  if (words.trim() === '') {
    return (
      <Empty icon="search" title={t('search.start')}>
        {t('search.start.text')}
      </Empty>
    )
  }
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
  if (data && hits.length === 0 && !isFetching) {
    return (
      <Empty icon="search" title={t('search.none')} action={<CoverageLine />}>
        {t('search.none.text', { words: words.trim() })}
      </Empty>
    )
  }
  return (
    <div className="search-body" ref={body}>
      <p className="visually-hidden" role="status">
        {t('search.count', { count: hits.length })}
      </p>
      {hits.length > 0 ? (
        <p className="search-acts">
          <Button look="link" onPress={() => showExport(app, words)}>
            {t('export.found')}
          </Button>
        </p>
      ) : null}
      <div
        id="search-results"
        role="listbox"
        aria-label={t('search.results')}
        aria-busy={isFetching}
        tabIndex={0}
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
      {data?.next && limit < MOST ? (
        <p className="search-more">
          <Button onPress={() => setLimit(limit + STEP)}>{t('search.more')}</Button>
        </p>
      ) : null}
      {data?.next && limit >= MOST ? <p className="search-more dim">{t('search.narrow')}</p> : null}
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
        <Snippet text={hit.subject || t('row.noSubject')} />
      </span>
      <span className="hit-snippet" dir="auto">
        <Snippet text={hit.snippet} />
      </span>
    </>
  )
}

function Snippet({ text }: { text: string }) {
  return cutSnippet(text).map((piece, i) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text never change places.
    piece.hit ? <mark key={i}>{piece.text}</mark> : piece.text,
  )
}
