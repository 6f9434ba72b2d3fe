import type { Clock } from '#ports/index.ts'
import type { SavedSearch, SearchFacets, SearchHistogram, SearchPage, SearchQuestion } from '#shared/contract/index.ts'
import { ProblemError } from '#shared/model/index.ts'
import { type ParsedQuery, parseQuery, type QueryNode } from '#shared/query/index.ts'
import { isZone } from '#shared/time/index.ts'
import type { Store } from '#store/store.ts'
import type { Changes } from './changes.ts'

/** The zone that days are counted in where nobody named one: this computer's. */
const ownZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone

/**
 * A query for what is not a search of its own (exports, counts of records); null finds everything.
 * @param now Milliseconds since 1970.
 * @throws `query_invalid`
 */
export function readQuery(text: string, now: number): QueryNode | null {
  if (text.trim() === '') return null
  const { query, problems } = parseQuery(text, { now, timeZone: ownZone(), typing: false })
  const [problem] = problems
  if (problem) throw new ProblemError('query_invalid', { detail: `${problem.code}, ${problem.span.from}-${problem.span.to}` })
  // Words without a letter or a figure find nothing, which is not the same as everything.
  return query ?? { kind: 'or', parts: [] }
}

/** Searches, and those that are kept: stored first, then told to every window. */
export class Searches {
  readonly #store: Store
  readonly #clock: Clock
  readonly #changes: Changes

  constructor(store: Store, clock: Clock, changes: Changes) {
    this.#store = store
    this.#clock = clock
    this.#changes = changes
  }

  /** One page of what a query finds. @throws `bad_request` for a zone that is not known; `cancelled` */
  async find(question: SearchQuestion, signal?: AbortSignal): Promise<SearchPage> {
    const { query, problems } = this.#parse(question.text, question.timeZone, question.typing)
    if (query === null || problems.length > 0) return { hits: [], next: null, problems, missing: [], waiting: 0 }
    const { order, limit, after } = question
    return { ...(await this.#store.read.find({ query, order, limit, after }, signal)), problems }
  }

  /** How hits are spread; nothing where the query has a problem. @throws as `find` */
  async facets(text: string, timeZone: string, exact: boolean, signal?: AbortSignal): Promise<SearchFacets> {
    const { query, problems } = this.#parse(text, timeZone, false)
    if (query === null || problems.length > 0)
      return { total: 0, exact: true, network: [], account: [], identity: [], year: [], kind: [] }
    return await this.#store.read.facets({ query, exact }, signal)
  }

  /** Hits by month; none where the query has a problem. @throws as `find` */
  async histogram(text: string, timeZone: string, signal?: AbortSignal): Promise<SearchHistogram> {
    const { query, problems } = this.#parse(text, timeZone, false)
    if (query === null || problems.length > 0) return { months: [], exact: true }
    return await this.#store.read.histogram({ query }, signal)
  }

  #parse(text: string, timeZone: string, typing: boolean): ParsedQuery {
    if (!isZone(timeZone)) throw new ProblemError('bad_request', { detail: 'timeZone: unknown' })
    return parseQuery(text, { now: this.#clock.now(), timeZone, typing })
  }

  saved(): Promise<SavedSearch[]> {
    return this.#store.read.savedSearches()
  }

  /** Keeps a query under a name; one of the same name gives way. */
  async save(name: string, text: string): Promise<SavedSearch> {
    return this.#told(await this.#store.write.saveSearch({ name, text, at: new Date(this.#clock.now()).toISOString() }))
  }

  /** @throws `not_found`, `name_taken` */
  async rename(id: string, name: string): Promise<SavedSearch> {
    return this.#told(await this.#store.write.renameSearch(id, name))
  }

  /** @throws `not_found` */
  async remove(id: string): Promise<void> {
    this.#told(await this.#store.write.removeSearch(id))
  }

  #told<Result>(result: Result): Result {
    this.#changes.publish({ kind: 'searches' })
    return result
  }
}
