import type { Ports } from '#ports/index.ts'
import type { Portrait } from '#shared/contract/index.ts'
import { type AccountId, type IdentityId, ProblemError } from '#shared/model/index.ts'
import type { Store } from '#store/store.ts'
import type { Accounts } from './accounts.ts'
import { Rounds } from './rounds.ts'

/** How often it is looked whether something is to be read again. */
const LOOK_EVERY_MS = 60_000
/** Own messages of one account that are read again at a look, and people that are asked about. */
const MOST_REREADS = 40
const MOST_PROFILES = 5
/** Nobody is asked about more often than this without a person's word. */
const PROFILE_EVERY_MS = 24 * 60 * 60_000
/** Snapshots of one person that are handed out. */
const MOST_SNAPSHOTS = 100

/**
 * What networks say of people and of own messages after a while: of low priority, a little at a time, and only while the account is on
 * its network.
 */
export class Figures {
  private readonly store: Store
  private readonly ports: Ports
  private readonly accounts: Accounts
  private readonly rounds: Rounds
  private readonly stopping = new AbortController()

  constructor(store: Store, ports: Ports, accounts: Accounts) {
    this.store = store
    this.ports = ports
    this.accounts = accounts
    this.rounds = new Rounds(ports, LOOK_EVERY_MS, 'figures.failed', () => this.look())
  }

  start(): void {
    this.rounds.start()
  }

  async stop(): Promise<void> {
    this.stopping.abort(new ProblemError('cancelled'))
    await this.rounds.stop()
  }

  /** Snapshots of who is behind a handle, newest first. @throws `not_found`, `voice_mismatch`; with `ask`, what asking can meet. */
  async profile(
    { identityId, accountId, handle, ask }: { identityId: IdentityId; accountId: AccountId; handle: string; ask: boolean },
    signal?: AbortSignal,
  ): Promise<Portrait[]> {
    const { network } = this.accounts.require(accountId, identityId)
    if (ask) await this.ask(accountId, identityId, handle, signal)
    return this.store.read.profiles(identityId, network, handle, MOST_SNAPSHOTS)
  }

  private async ask(accountId: AccountId, identityId: IdentityId, handle: string, signal?: AbortSignal): Promise<void> {
    const account = this.accounts.sending(accountId)
    if (!account.capabilities().profiles) return
    await account.lend(async (client, _kept, stop) => {
      const found = await client.profile?.(handle, signal ? AbortSignal.any([stop, signal]) : stop)
      if (found) await this.store.write.addProfile({ accountId, identityId, profile: found })
    })
  }

  /** One look at every account: what is due is read again. */
  async look(): Promise<void> {
    for (const { id, identityId, capabilities } of this.accounts.list()) {
      if (this.stopping.signal.aborted) return
      if (!this.accounts.sending(id).reachable()) continue
      await this.lookAt(id, identityId, capabilities).catch((error: unknown) => {
        // The account itself meets what is wrong with its connection, and shows it.
        this.ports.log.warn('figures.account', { account: id, error: error instanceof Error ? error.name : String(error) })
      })
    }
  }

  private async lookAt(
    id: AccountId,
    identityId: IdentityId,
    { rereads, profiles }: { rereads: boolean; profiles: boolean },
  ): Promise<void> {
    const now = this.ports.clock.now()
    if (rereads) await this.reread(id, now)
    if (!profiles) return
    const since = new Date(now - PROFILE_EVERY_MS).toISOString()
    for (const handle of await this.store.read.profilesDue(id, since, MOST_PROFILES)) {
      if (this.stopping.signal.aborted) return
      await this.ask(id, identityId, handle)
    }
  }

  private async reread(id: AccountId, now: number): Promise<void> {
    const at = new Date(now).toISOString()
    const { due } = await this.store.read.rereadsDue(id, at, MOST_REREADS)
    if (due.length === 0) return
    const lent = await this.accounts.sending(id).lend((client, _kept, signal) =>
      client.reread
        ? client.reread(
            due.map(({ remoteId }) => remoteId),
            signal,
          )
        : Promise.resolve(),
    )
    if (lent)
      await this.store.write.rereadDone(
        due.map((one) => one.id),
        at,
      )
  }
}
