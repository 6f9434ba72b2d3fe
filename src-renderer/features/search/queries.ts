import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { SearchOrder } from '#shared/contract/index.ts'
import { type KnownNames, type ParsedQuery, parseQuery, type QueryContext, settleQuery } from '#shared/query/index.ts'
import { useApp } from '../../app/context.ts'
import { useLabels } from '../../data/labels.ts'
import { searchKeys, useAccounts, useIdentities } from '../../data/queries.ts'

const SHORT_MS = 5_000
const KEPT_MS = 30_000

/** How what a person types here is to be read: now, in the zone of this computer. */
export function readingContext(): QueryContext {
  return { now: Date.now(), timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone, typing: true }
}

/** What a text asks for while it is typed. */
export function useParsed(text: string): ParsedQuery {
  return useMemo(() => parseQuery(text, readingContext()), [text])
}

/** A text as it is kept, exported and copied: what it means while it is typed, written out. */
export function settled(text: string): string {
  return settleQuery(text, readingContext())
}

/** A text that is put into the field as it stands, not to be taken for one that is still typed. */
export function finished(text: string): string {
  return text === '' ? '' : `${text} `
}

/** Whether there is something to look for, and nothing wrong with it. */
export function isAskable({ query, problems }: ParsedQuery): boolean {
  return query !== null && problems.length === 0
}

/**
 * What is found, in pages. As one types, what is on the screen stays until the next is there, and calls for older words are
 * dropped.
 */
export function useFound(text: string, order: SearchOrder, pageSize: number, enabled: boolean) {
  const { engine } = useApp()
  return useInfiniteQuery({
    queryKey: [...searchKeys.found, text, order, pageSize],
    queryFn: ({ pageParam, signal }) => {
      const { timeZone } = readingContext()
      return engine.client.search.find({ text, typing: true, timeZone, order, limit: pageSize, after: pageParam }, { signal })
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    enabled,
    placeholderData: keepPreviousData,
    staleTime: SHORT_MS,
    gcTime: KEPT_MS,
  })
}

/** How hits are spread: quickly of the newest ones, then of all. `text`: settled. */
export function useFacets(text: string, enabled: boolean) {
  const { engine } = useApp()
  const ask = (exact: boolean, wanted: boolean) => ({
    queryKey: [...searchKeys.facets, text, exact],
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      engine.client.search.facets({ text, timeZone: readingContext().timeZone, exact }, { signal }),
    enabled: wanted,
    staleTime: SHORT_MS,
    gcTime: KEPT_MS,
  })
  const quick = useQuery({ ...ask(false, enabled), placeholderData: keepPreviousData })
  const exact = useQuery(ask(true, enabled && quick.data?.exact === false && !quick.isPlaceholderData))
  return { data: exact.data ?? quick.data, isOld: quick.isPlaceholderData }
}

/** Hits by month. `text`: settled. */
export function useHistogram(text: string, enabled: boolean) {
  const { engine } = useApp()
  return useQuery({
    queryKey: [...searchKeys.histogram, text],
    queryFn: ({ signal }) => engine.client.search.histogram({ text, timeZone: readingContext().timeZone }, { signal }),
    enabled,
    placeholderData: keepPreviousData,
    staleTime: SHORT_MS,
    gcTime: KEPT_MS,
  })
}

export function useSavedSearches() {
  const { engine } = useApp()
  return useQuery({ queryKey: searchKeys.saved, queryFn: () => engine.client.search.saved({}) })
}

/** Names that completions offer. */
export function useKnownNames(): KnownNames {
  const { data: identities } = useIdentities()
  const { data: accounts } = useAccounts()
  const { data: labels } = useLabels()
  return useMemo(() => {
    const namesOf = (kind: 'label' | 'topic') => unique((labels ?? []).filter((one) => one.kind === kind).map(({ name }) => name))
    return {
      identity: unique((identities ?? []).map(({ name }) => name)),
      account: unique((accounts ?? []).map(({ label }) => label)),
      label: namesOf('label'),
      topic: namesOf('topic'),
    }
  }, [identities, accounts, labels])
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)]
}
