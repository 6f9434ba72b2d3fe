import type { Clock } from '#ports/index.ts'
import type { Acted, Target } from '#shared/contract/index.ts'
import type { AccountId, ActId, ConversationRow, ConversationState } from '#shared/model/index.ts'
import type { Store } from '#store/store.ts'
import type { Changes } from './changes.ts'
import { tellLabels } from './labels.ts'

export interface TriageOptions {
  store: Store
  clock: Clock
  changes: Changes
  /** Accounts whose network keeps the read flag. */
  keepsReadFlag: () => AccountId[]
  /** Acts were stored for these accounts' networks. */
  queued: (accounts: AccountId[]) => void
  /** Snooze times changed. */
  snoozed: () => void
}

/** What a person does to conversations. Stored first, told after the commit, sent to the network from the store. */
export class Triage {
  private readonly options: TriageOptions

  constructor(options: TriageOptions) {
    this.options = options
  }

  async setState(targets: Target[], state: ConversationState): Promise<Acted> {
    const { act, changed } = await this.options.store.write.setState(targets, state, this.now())
    this.tell(changed)
    return { act, changed: changed.length }
  }

  async snooze(targets: Target[], until: string | null): Promise<Acted> {
    const { act, changed } = await this.options.store.write.snooze(targets, until, this.now())
    this.tell(changed)
    this.options.snoozed()
    return { act, changed: changed.length }
  }

  async setRead(targets: Target[], read: boolean): Promise<Acted> {
    const { act, changed } = await this.options.store.write.setRead(targets, read, this.options.keepsReadFlag(), this.now())
    this.tell(changed)
    this.options.queued(accountsOf(changed))
    return { act, changed: changed.length }
  }

  async undo(act: ActId): Promise<{ changed: number }> {
    const { changed, count, labels } = await this.options.store.write.undo(act, this.options.keepsReadFlag(), this.now())
    if (labels) tellLabels(this.options.changes)
    else this.tell(changed)
    this.options.queued(accountsOf(changed))
    this.options.snoozed()
    return { changed: count }
  }

  private now(): string {
    return new Date(this.options.clock.now()).toISOString()
  }

  private tell(changed: ConversationRow[]): void {
    if (changed.length === 0) return
    this.options.changes.publish({ kind: 'conversations', arrived: [], changed, more: false })
    this.options.changes.publish({ kind: 'badges' })
  }
}

const accountsOf = (rows: ConversationRow[]): AccountId[] => [...new Set(rows.map((row) => row.accountId))]
