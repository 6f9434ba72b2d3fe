import { type QueryClient, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import type { BadgeCounts, Badges, Job } from '#shared/contract/index.ts'
import type {
  Account,
  AccountId,
  ConversationId,
  ConversationRow,
  Identity,
  IdentityId,
  InboxFilter,
  LabelId,
  Message,
  MessageId,
} from '#shared/model/index.ts'
import { useApp } from '../app/context.ts'
import type { Engine } from '../platform/engine.ts'
import type { Batch } from './changes.ts'
import { labelsKey } from './labels.ts'

/** A conversation as its pane shows it. */
export interface OpenConversation {
  row: ConversationRow
  messages: Message[]
  /** Messages before these that were not sent to the screen. */
  older: number
}

const keys = {
  status: ['status'],
  identities: ['identities'],
  accounts: ['accounts'],
  badges: ['badges'],
  jobs: ['jobs'],
  conversation: (id: ConversationId) => ['conversation', id],
  content: (id: MessageId) => ['content', id],
} as const

/** Of what searches ask; `saved` is read again when the engine says that it changed. */
export const searchKeys = {
  found: ['search', 'found'],
  facets: ['search', 'facets'],
  histogram: ['search', 'histogram'],
  saved: ['saved-searches'],
} as const

/** A message's own bytes never change under one id and version. */
const FOREVER = Number.POSITIVE_INFINITY

/** What every window shows. */
const first = {
  status: (engine: Engine) => ({ queryKey: keys.status, queryFn: () => engine.client.office.status({}) }),
  identities: (engine: Engine) => ({ queryKey: keys.identities, queryFn: () => engine.client.identities.list({}) }),
  accounts: (engine: Engine) => ({ queryKey: keys.accounts, queryFn: () => engine.client.accounts.list({}) }),
  badges: (engine: Engine) => ({ queryKey: keys.badges, queryFn: () => engine.client.inbox.badges({}) }),
  jobs: (engine: Engine) => ({ queryKey: keys.jobs, queryFn: () => engine.client.jobs.list({}) }),
}

/** Asks for what every window shows, so that it is on its way while the window is being drawn. */
export function askAhead(engine: Engine, queries: QueryClient): void {
  void queries.prefetchQuery(first.status(engine))
  void queries.prefetchQuery(first.identities(engine))
  void queries.prefetchQuery(first.accounts(engine))
  void queries.prefetchQuery(first.badges(engine))
  void queries.prefetchQuery(first.jobs(engine))
}

export function useStatus() {
  const { engine } = useApp()
  return useQuery(first.status(engine))
}

export function useIdentities() {
  const { engine } = useApp()
  return useQuery(first.identities(engine))
}

/** Identities by their id. */
export function useIdentityMap(): ReadonlyMap<IdentityId, Identity> {
  const { data } = useIdentities()
  return useMemo(() => new Map((data ?? []).map((identity) => [identity.id, identity])), [data])
}

export function useAccounts() {
  const { engine } = useApp()
  return useQuery(first.accounts(engine))
}

/** Accounts by their id. */
export function useAccountMap(): ReadonlyMap<AccountId, Account> {
  const { data } = useAccounts()
  return useMemo(() => new Map((data ?? []).map((account) => [account.id, account])), [data])
}

export function useBadges() {
  const { engine } = useApp()
  return useQuery(first.badges(engine))
}

/** The counts of what a list is narrowed to; none where nothing of it was counted yet. */
export function countsOf(badges: Badges, { labelId, accountId, identityId }: InboxFilter): BadgeCounts | undefined {
  if (labelId !== null) return badges.labels[labelId as LabelId]
  if (accountId !== null) return badges.accounts[accountId]
  return identityId === null ? badges.all : badges.identities[identityId]
}

export function useJobs() {
  const { engine } = useApp()
  return useQuery(first.jobs(engine))
}

export function useConversation(id: ConversationId | null) {
  const { engine } = useApp()
  return useQuery<OpenConversation>({
    queryKey: keys.conversation(id as ConversationId),
    queryFn: ({ signal }) => engine.client.conversations.get({ id: id as ConversationId }, { signal }),
    enabled: id !== null,
    gcTime: 120_000,
  })
}

export function useContent(message: Message, enabled: boolean) {
  const { engine } = useApp()
  return useQuery({
    queryKey: [...keys.content(message.id), message.versions],
    queryFn: ({ signal }) => engine.client.messages.content({ id: message.id }, { signal }),
    enabled,
    staleTime: FOREVER,
    gcTime: 60_000,
  })
}

/** How much of the time all accounts were watched, since each has been here. */
export function useCoverage() {
  const { engine } = useApp()
  return useQuery({
    queryKey: ['coverage'],
    queryFn: ({ signal }) =>
      engine.client.archive.coverage({ identityIds: null, accountIds: null, from: null, to: null }, { signal }),
    staleTime: 60_000,
  })
}

/** Puts changed rows into the conversations that are open or were just looked at. */
export function patchConversations(queries: QueryClient, rows: readonly ConversationRow[]): void {
  for (const row of rows) {
    queries.setQueryData<OpenConversation>(keys.conversation(row.id), (open) => open && { ...open, row })
  }
}

/** Reads again what the engine said has changed. */
export function refetchChanged(queries: QueryClient, batch: Batch): void {
  const rows = [...batch.arrived, ...batch.changed]
  patchConversations(queries, rows)
  for (const row of rows) void queries.invalidateQueries({ queryKey: keys.conversation(row.id) })
  if (batch.more) void queries.invalidateQueries({ queryKey: ['conversation'] })
  if (batch.plain.has('identities')) void queries.invalidateQueries({ queryKey: keys.identities })
  if (batch.plain.has('searches')) void queries.invalidateQueries({ queryKey: searchKeys.saved })
  if (batch.plain.has('labels')) void queries.invalidateQueries({ queryKey: labelsKey })
  if (batch.plain.has('office')) void queries.invalidateQueries({ queryKey: keys.status })
  if (batch.jobs.length > 0) {
    queries.setQueryData<Job[]>(keys.jobs, (known) => {
      const jobs = new Map((known ?? []).map((job) => [job.id, job]))
      for (const job of batch.jobs) jobs.set(job.id, job)
      return [...jobs.values()]
    })
  }
}

/** Reads the counts again. */
export function refetchBadges(queries: QueryClient): void {
  void queries.invalidateQueries({ queryKey: keys.badges })
}

/** Counts that name an identity or an account not known yet: a sync or an import has just made it. */
export function useNewcomers(): void {
  const { queries } = useApp()
  const { data: badges } = useBadges()
  const identities = useIdentityMap()
  const accounts = useAccountMap()
  const strange = useMemo(() => {
    const unknown = (counted: object | undefined, known: ReadonlyMap<string, unknown>) =>
      Object.keys(counted ?? {}).some((id) => !known.has(id))
    return unknown(badges?.identities, identities) || unknown(badges?.accounts, accounts)
  }, [badges, identities, accounts])
  useEffect(() => {
    if (!strange) return
    void queries.invalidateQueries({ queryKey: keys.identities })
    void queries.invalidateQueries({ queryKey: keys.accounts })
  }, [queries, strange])
}

/** Reads the accounts and their health again. */
export function refetchAccounts(queries: QueryClient): void {
  void queries.invalidateQueries({ queryKey: keys.accounts })
}
