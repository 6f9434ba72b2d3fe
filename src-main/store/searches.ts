import type { SavedSearch, SearchFacets, SearchHistogram, SearchMissing, SearchOrder } from '#shared/contract/index.ts'
import type { Instant, SearchHit } from '#shared/model/index.ts'
import type { QueryNode } from '#shared/query/index.ts'

/** A query for one page of hits; `after` is the `next` of the page before. */
export interface StoreQuestion {
  query: QueryNode
  order: SearchOrder
  limit: number
  after: string | null
}

/** @see SearchPage */
export interface FoundPage {
  hits: SearchHit[]
  next: string | null
  missing: SearchMissing[]
  /** Messages that are not in the index yet: it is being made anew. */
  waiting: number
}

/** Searching, as the rest of the program sees it. Each can be given up, and then rejects with `cancelled`. */
export interface SearchReads {
  find(question: StoreQuestion): FoundPage
  facets(question: { query: QueryNode; exact: boolean }): SearchFacets
  histogram(question: { query: QueryNode }): SearchHistogram
  savedSearches(): SavedSearch[]
}

/** Searches that are kept by name. */
export interface SearchWrites {
  saveSearch(input: { name: string; text: string; at: Instant }): SavedSearch
  /** @throws `not_found`, `name_taken` */
  renameSearch(id: string, name: string): SavedSearch
  /** @throws `not_found` */
  removeSearch(id: string): void
}
