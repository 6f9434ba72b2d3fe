import type { Clock } from '#ports/index.ts'
import type { SavedSearch } from '#shared/contract/index.ts'
import type { Store } from '#store/store.ts'
import type { Changes } from './changes.ts'

/** Saved searches of the office: stored first, then told to every window. */
export class Searches {
  readonly #store: Store
  readonly #clock: Clock
  readonly #changes: Changes

  constructor(store: Store, clock: Clock, changes: Changes) {
    this.#store = store
    this.#clock = clock
    this.#changes = changes
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
