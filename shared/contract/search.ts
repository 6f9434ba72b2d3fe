import { oc } from '@orpc/contract'
import { z } from 'zod'
import { AccountId, IdentityId, Instant, MessageKind, Network, SearchHit } from '../model/index.ts'
import type { QueryProblem } from '../query/ast.ts'

const count = z.number().int().nonnegative()
/** Far more than anyone types: what is too long for a query is told as a problem of the query, with its place. */
const text = z.string().max(500_000)
/** IANA name of the zone that days of the query are counted in, such as `Europe/Madrid`. */
const timeZone = z.string().min(1).max(100)

const Span = z.object({ from: count, to: count })

/** @see QueryProblem */
export const SearchProblem: z.ZodType<QueryProblem, QueryProblem> = z.object({
  code: z.enum([
    'unclosed_quote',
    'unclosed_bracket',
    'stray_bracket',
    'nothing_after',
    'nothing_to_join',
    'unknown_value',
    'no_such_date',
    'too_long',
    'too_many_terms',
    'too_deep',
  ]),
  span: Span,
  values: z.record(z.string(), z.string()),
})

/** A name in a query (`in:`, `account:`, `label:`, `topic:`) that the office does not have; it matches nothing. */
export const SearchMissing = z.object({
  field: z.enum(['identity', 'account', 'label', 'topic']),
  value: z.string(),
  span: Span,
})
export type SearchMissing = z.infer<typeof SearchMissing>

/** `newest` first; or `best` first among the newest 2,000 hits. */
export const SearchOrder = z.enum(['newest', 'best'])
export type SearchOrder = z.infer<typeof SearchOrder>

export const SearchQuestion = z.object({
  text,
  /** The last word counts as a beginning, and what is not closed yet is no problem. */
  typing: z.boolean(),
  timeZone,
  order: SearchOrder,
  limit: z.number().int().min(1).max(200),
  /** `next` of the page before. Null: from the first hit. */
  after: z.string().max(100).nullable(),
})
export type SearchQuestion = z.infer<typeof SearchQuestion>

export const SearchPage = z.object({
  hits: z.array(SearchHit),
  /** What to ask `after` for the next page; null at the end. */
  next: z.string().nullable(),
  /** What is wrong with the query; it was then not carried out. */
  problems: z.array(SearchProblem),
  missing: z.array(SearchMissing),
  /** More than 0 while the index is made anew: up to so many messages are not in it yet and were not searched. */
  waiting: count,
})
export type SearchPage = z.infer<typeof SearchPage>

const facet = <Value extends z.ZodType>(value: Value) => z.array(z.object({ value, count: z.number().int().positive() }))

/** How hits are spread, the most first (years: the newest first). */
export const SearchFacets = z.object({
  /** Hits that were counted. */
  total: count,
  /** Whether every hit was counted; else only the newest 10,000 were. */
  exact: z.boolean(),
  network: facet(Network),
  account: facet(AccountId),
  identity: facet(IdentityId),
  /** By UTC, four digits. */
  year: facet(z.string().regex(/^\d{4}$/)),
  kind: facet(MessageKind),
})
export type SearchFacets = z.infer<typeof SearchFacets>

export const SearchHistogram = z.object({
  /** Months (`2026-11`, UTC) with hits, oldest first. */
  months: z.array(z.object({ month: z.string().regex(/^\d{4}-\d{2}$/), count: z.number().int().positive() })),
  /** Whether every hit was counted. */
  exact: z.boolean(),
})
export type SearchHistogram = z.infer<typeof SearchHistogram>

const savedName = z.string().trim().min(1).max(80)
const savedId = z.string().regex(/^[0-9]{1,16}$/)

/** A query kept by name, for the whole office. */
export const SavedSearch = z.object({ id: savedId, name: savedName, text: z.string().max(10_000), savedAt: Instant })
export type SavedSearch = z.infer<typeof SavedSearch>

/** Calls of search. A question that its caller gives up (a newer keystroke) is dropped, or stopped where it is. */
export const searchContract = {
  find: oc.input(SearchQuestion).output(SearchPage),
  /** `exact`: counts every hit, however long it takes. A query with a problem has none. */
  facets: oc.input(z.object({ text, timeZone, exact: z.boolean() })).output(SearchFacets),
  histogram: oc.input(z.object({ text, timeZone })).output(SearchHistogram),
  /** Saved searches by name. That they changed is told by a change of kind `searches`. */
  saved: oc.input(z.object({}).optional()).output(z.array(SavedSearch)),
  /** Keeps a query under a name; one of the same name (whatever its case) gives way. */
  save: oc.input(z.object({ name: savedName, text: z.string().trim().min(1).max(10_000) })).output(SavedSearch),
  /** @throws `not_found`; `name_taken` where another one has that name. */
  renameSaved: oc.input(z.object({ id: savedId, name: savedName })).output(SavedSearch),
  /** @throws `not_found` */
  removeSaved: oc.input(z.object({ id: savedId })).output(z.object({})),
}
