import type { Clock } from '#ports/index.ts'
import type { Acted, NoteActed, Target } from '#shared/contract/index.ts'
import type { Label, LabelId } from '#shared/model/index.ts'
import type { Store, Writes } from '#store/store.ts'
import type { Changes } from './changes.ts'

type Untimed<Name extends keyof Writes> = Omit<Extract<Parameters<Writes[Name]>[0], { at: string }>, 'at'>

/** Labels themselves changed, and with them how any conversation may be shown. */
export function tellLabels(changes: Changes): void {
  changes.publish({ kind: 'labels' })
  changes.publish({ kind: 'conversations', arrived: [], changed: [], more: true })
  changes.publish({ kind: 'badges' })
}

/** Labels, topics and notes. Stored first, told after the commit; nothing of them leaves the office. */
export class Labels {
  private readonly store: Store
  private readonly clock: Clock
  private readonly changes: Changes

  constructor(store: Store, clock: Clock, changes: Changes) {
    this.store = store
    this.clock = clock
    this.changes = changes
  }

  async add(input: Untimed<'addLabel'>): Promise<Label> {
    const label = await this.store.write.addLabel({ ...input, at: this.now() })
    this.changes.publish({ kind: 'labels' })
    return label
  }

  async update(input: Untimed<'updateLabel'>): Promise<Label> {
    const label = await this.store.write.updateLabel({ ...input, at: this.now() })
    this.changes.publish({ kind: 'labels' })
    return label
  }

  async merge(input: Untimed<'mergeLabel'>): Promise<Acted> {
    const acted = await this.store.write.mergeLabel({ ...input, at: this.now() })
    tellLabels(this.changes)
    return acted
  }

  async remove(input: Untimed<'removeLabel'>): Promise<Acted> {
    const acted = await this.store.write.removeLabel({ ...input, at: this.now() })
    tellLabels(this.changes)
    return acted
  }

  async put(targets: Target[], add: LabelId[], remove: LabelId[]): Promise<Acted> {
    const { act, changed } = await this.store.write.putLabels(targets, add, remove, this.now())
    if (changed.length > 0) {
      this.changes.publish({ kind: 'conversations', arrived: [], changed, more: false })
      this.changes.publish({ kind: 'badges' })
    }
    return { act, changed: changed.length }
  }

  async addNote(input: Untimed<'addNote'>): Promise<NoteActed> {
    return this.noted(await this.store.write.addNote({ ...input, at: this.now() }))
  }

  /** Another wording of a note; null withdraws it. */
  async editNote(input: Untimed<'editNote'>): Promise<NoteActed> {
    return this.noted(await this.store.write.editNote({ ...input, at: this.now() }))
  }

  private noted(acted: NoteActed): NoteActed {
    this.changes.publish({ kind: 'conversations', arrived: [], changed: [acted.row], more: false })
    return acted
  }

  private now(): string {
    return new Date(this.clock.now()).toISOString()
  }
}
