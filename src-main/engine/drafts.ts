import type { Clock } from '#ports/index.ts'
import type { Draft } from '#shared/model/index.ts'
import type { DraftWrites } from '#store/drafts.ts'
import type { Store } from '#store/store.ts'
import type { Changes } from './changes.ts'

type Untimed<Name extends keyof DraftWrites> = Omit<Parameters<DraftWrites[Name]>[0], 'at'>

/** What is being written: stored at each pause of the fingers, told to every other window. */
export class Drafts {
  private readonly store: Store
  private readonly clock: Clock
  private readonly changes: Changes

  constructor(store: Store, clock: Clock, changes: Changes) {
    this.store = store
    this.clock = clock
    this.changes = changes
  }

  add(input: Untimed<'addDraft'>): Promise<Draft> {
    return this.tell(this.store.write.addDraft({ ...input, at: this.now() }))
  }

  save(input: Untimed<'saveDraft'>): Promise<Draft> {
    return this.tell(this.store.write.saveDraft({ ...input, at: this.now() }))
  }

  discard(input: Untimed<'discardDraft'>): Promise<Draft> {
    return this.tell(this.store.write.discardDraft(input))
  }

  private async tell(changed: Promise<Draft>): Promise<Draft> {
    const draft = await changed
    this.changes.publish({ kind: 'drafts' })
    return draft
  }

  private now(): string {
    return new Date(this.clock.now()).toISOString()
  }
}
