import type { Client, ImportRequest } from '#connectors/connector.ts'
import { ConnectorFault } from '#connectors/fault.ts'
import type { Ports } from '#ports/index.ts'
import type { SyncReport } from '#shared/contract/index.ts'
import {
  type Account,
  type AccountId,
  type AccountSettings,
  type AccountStatus,
  type ArchiveNetwork,
  type Capabilities,
  type IdentityId,
  type ImportReport,
  type Network,
  ProblemError,
  type SendLimits,
} from '#shared/model/index.ts'
import type { BatchResult, Store, StoredAccount } from '#store/store.ts'
import type { Changes } from './changes.ts'
import { type Moved, trialContext } from './context.ts'
import type { CoverageKeeper } from './coverage.ts'
import { importInto } from './imports.ts'
import type { JobControl } from './jobs.ts'
import { adopted, type Connectors, capabilitiesOf, type SettingsByNetwork, settingsOf, storedSettings } from './networks.ts'
import type { LaneAccount } from './outbox/lane.ts'
import { accountSecret } from './secrets.ts'
import { Supervisor } from './supervisor.ts'

/** Longest a sign-in may take before it is given up. */
const CHECK_MS = 60_000

export interface AccountsOptions {
  store: Store
  ports: Ports
  connectors: Connectors
  changes: Changes
  coverage: CoverageKeeper
  /** Whether supervisors keep accounts in step by themselves (not in the CLI). */
  autostart: boolean
  random: () => number
  /** An account came to be on its network, or is not any more. */
  changed: (id: AccountId) => void
}

export interface NewAccount<N extends Network> {
  identityId: IdentityId
  label: string | null
  network: N
  settings: SettingsByNetwork[N]
  secret: string | null
}

type AnySupervisor = Supervisor<Network>

/** The accounts of the office: one supervisor each, their health, and what a person may do to them. */
export class Accounts {
  private readonly options: AccountsOptions
  private readonly stored = new Map<AccountId, StoredAccount>()
  private readonly supervisors = new Map<AccountId, AnySupervisor>()
  private saved: Promise<unknown> = Promise.resolve()

  constructor(options: AccountsOptions) {
    this.options = options
  }

  /** Reads the accounts. */
  async open(): Promise<void> {
    for (const account of await this.options.store.read.accounts()) this.adopt(account, false)
  }

  /** With `autostart`, begins to keep them in step. */
  begin(): void {
    if (!this.options.autostart) return
    for (const supervisor of this.supervisors.values()) supervisor.start()
  }

  async close(): Promise<void> {
    await Promise.all([...this.supervisors.values()].map((supervisor) => supervisor.stop()))
    await this.saved
  }

  list(): Account[] {
    return [...this.stored.values()].map((account) => this.show(account))
  }

  /** @throws `not_found` */
  get(id: AccountId): Account {
    return this.show(this.require(id))
  }

  /** Accounts whose network keeps the read flag. */
  keepingReadFlag(): AccountId[] {
    return [...this.stored.values()].filter((account) => this.capabilities(account).readFlag).map((account) => account.id)
  }

  /**
   * Signs in and, only when that worked, makes the account and starts its first sync.
   * @throws ConnectorFault with the reason the network gave; nothing was made.
   */
  async add<N extends Network>(input: NewAccount<N>): Promise<Account> {
    const { ports, connectors } = this.options
    const connector = connectors[input.network]
    const label = await this.check(connector.create(trialContext<N>(ports, input.settings, input.secret)))
    return this.make({ ...input, label: input.label || label }, false)
  }

  /** The same for an account whose settings a sign-in gave. */
  async addSignedIn(input: {
    identityId: IdentityId
    label: string | null
    settings: AccountSettings
    secret: string
  }): Promise<Account> {
    const { network } = input.settings
    return this.add({ ...input, network, settings: settingsOf(this.options.connectors[network], input.settings) })
  }

  /** Makes an account that nobody signs in to: paused from the start, it holds what is brought in from files. */
  async addPaused<N extends Network>(input: Omit<NewAccount<N>, 'secret'>): Promise<Account> {
    return this.make({ ...input, label: input.label ?? '', secret: null }, true)
  }

  /** Makes an account for what is imported from a network's exports. What is not said is taken from the first one. */
  async addArchive<N extends ArchiveNetwork>(input: {
    identityId: IdentityId
    label: string | null
    network: N
    handle: string | null
    server: string | null
  }): Promise<Account> {
    const { identityId, network, server } = input
    const handle = input.handle?.replace(/^@/, '') || null
    const connector = this.options.connectors[network]
    const settings = connector.parseSettings({ handle, userId: null, server })
    const label = input.label ?? (connector.address(settings) || network)
    return this.addPaused({ identityId, label, network, settings })
  }

  private async make<N extends Network>(input: NewAccount<N> & { label: string }, paused: boolean): Promise<Account> {
    const { store, ports, connectors } = this.options
    const now = new Date(ports.clock.now()).toISOString()
    const status: AccountStatus = {
      phase: 'connecting',
      since: now,
      reason: null,
      nextTryAt: null,
      progress: null,
      lastSyncAt: null,
    }
    const added = await store.write.addAccount({
      identityId: input.identityId,
      label: input.label,
      address: connectors[input.network].address(input.settings),
      settings: storedSettings(input.network, input.settings),
      status,
    })
    if (input.secret !== null) await ports.secrets.set(accountSecret(added.id), input.secret)
    const { id, identityId } = added
    const stored = paused ? await store.write.updateAccount({ id, identityId, paused }) : added
    // What is there already is read from now on, unless somebody has to ask for it.
    if (!paused && this.options.autostart) this.options.coverage.saw(stored, 'backfilling', Date.parse(now))
    this.adopt(stored)
    this.tell()
    return this.show(stored)
  }

  /** Keeps new settings, secret or both after checking that they work, and goes on. */
  async signIn<N extends Network>(
    id: AccountId,
    identityId: IdentityId,
    change: { settings: SettingsByNetwork[N] | null; secret: string | null; sending?: boolean },
  ): Promise<Account> {
    const { store, ports, connectors } = this.options
    const account = this.require(id, identityId)
    const network = account.network as N
    const connector = connectors[network]
    const settings = change.settings ?? settingsOf(connector, account.settings)
    const secret = change.secret ?? (await ports.secrets.get(accountSecret(id)))
    await this.check(connector.create(trialContext<N>(ports, settings, secret)), change.sending)
    if (change.secret !== null) await ports.secrets.set(accountSecret(id), change.secret)
    const updated = await store.write.updateAccount({
      id,
      identityId,
      settings: storedSettings(network, settings),
      address: connector.address(settings),
    })
    await this.changedAccount(updated)
    return this.show(updated)
  }

  /**
   * Keeps a new sign-in of an account, also the first one of an account that only holds what was imported: it is live from then on.
   * @param signedIn settings as the sign-in gave them; null where it tells none.
   * @throws ConnectorFault `account_other` when somebody else signed in; nothing was changed.
   */
  async signInAgain(
    id: AccountId,
    identityId: IdentityId,
    signedIn: { settings: AccountSettings | null; secret: string },
  ): Promise<Account> {
    const account = this.require(id, identityId)
    const wasLive = this.capabilities(account).live
    const settings = signedIn.settings && adopted(this.options.connectors[account.network], account, signedIn.settings)
    const shown = await this.signIn(id, identityId, { settings, secret: signedIn.secret })
    return wasLive ? shown : this.setPaused(id, identityId, false)
  }

  async rename(id: AccountId, identityId: IdentityId, label: string): Promise<Account> {
    this.require(id)
    const updated = await this.options.store.write.updateAccount({ id, identityId, label })
    this.stored.set(id, updated)
    this.tell()
    return this.show(updated)
  }

  async setPaused(id: AccountId, identityId: IdentityId, paused: boolean): Promise<Account> {
    const before = this.require(id)
    if (!paused) this.requireLive(before)
    const updated = await this.options.store.write.updateAccount({ id, identityId, paused })
    this.stored.set(id, updated)
    await this.supervisors.get(id)?.stop()
    this.supervisors.delete(id)
    // A pause lasts until it is ended, also while the program was closed.
    if (before.paused) this.sawPaused(before)
    this.adopt(updated)
    this.tell()
    return this.show(updated)
  }

  /** One complete pass of one account, or of all that are not paused by a person. */
  async sync(id: AccountId | null, signal?: AbortSignal): Promise<SyncReport[]> {
    if (id !== null) this.requireLive(this.require(id))
    const chosen = [...this.supervisors.entries()].filter(([account]) => id === null || account === id)
    return Promise.all(chosen.map(([, supervisor]) => supervisor.syncNow(signal)))
  }

  /** Sends stored acts of these accounts to their networks where there is a connection. */
  pushActs(ids: AccountId[]): void {
    if (!this.options.autostart) return
    for (const id of ids) void this.supervisors.get(id)?.pushActs()
  }

  /** Whether anything can be sent or done by an account. @throws `not_found`, `voice_mismatch` */
  canSend(id: AccountId, identityId: IdentityId): boolean {
    return this.capabilities(this.require(id, identityId)).sends
  }

  /** What an account lends to its outbox. */
  sending(id: AccountId): LaneAccount {
    return {
      reachable: () => this.supervisors.get(id)?.reachable ?? false,
      capabilities: () => this.capabilities(this.require(id)),
      lend: (work) => this.supervisors.get(id)?.lend(work) ?? Promise.resolve(null),
      doubt: (drop) => this.supervisors.get(id)?.doubt(drop),
      committed: (result) => {
        this.committed(result, false)
        this.pushActs([id])
      },
    }
  }

  /** Brings messages of an account in from files. @throws `bad_request` when its network has no such import. */
  async importFiles(id: AccountId, identityId: IdentityId, request: ImportRequest, control: JobControl): Promise<ImportReport> {
    const account = this.require(id, identityId)
    return importInto(account, account.network, request, control, {
      ...this.options,
      moved: (moved) => this.moved(account.id, moved),
      committed: (result) => this.committed(result, true),
    })
  }

  /** @throws `files_only` for an account that holds what is imported. */
  private requireLive(account: StoredAccount): void {
    if (!this.capabilities(account).live) throw new ProblemError('files_only', { network: account.network })
  }

  /** What an account can do, with the settings that it has. */
  private capabilities({ network, settings }: StoredAccount): Capabilities {
    return capabilitiesOf(this.options.connectors[network], settings)
  }

  private async check(client: Client, sending = false): Promise<string> {
    const signal = AbortSignal.timeout(CHECK_MS)
    try {
      if (sending) await client.checkSending?.(signal)
      return sending ? '' : (await client.check(signal)).label
    } catch (error) {
      if (signal.aborted && !(error instanceof ConnectorFault))
        throw new ProblemError('timed_out', { host: '' }, { cause: error })
      throw error
    } finally {
      await client.close()
    }
  }

  private adopt(account: StoredAccount, start = true): void {
    this.stored.set(account.id, account)
    if (account.paused) {
      this.sawPaused(account)
      return
    }
    const supervisor = this.supervise(account, account.network)
    this.supervisors.set(account.id, supervisor)
    if (start && this.options.autostart) supervisor.start()
  }

  private sawPaused(account: StoredAccount): void {
    const { coverage, ports } = this.options
    coverage.saw(account, 'paused', ports.clock.now())
  }

  private supervise<N extends Network>(account: StoredAccount, network: N): AnySupervisor {
    const { store, ports, connectors, coverage, random } = this.options
    const connector = connectors[network]
    return new Supervisor<N>({
      store,
      ports,
      connector,
      account,
      random,
      changed: (status, persist) => this.statusChanged(account.id, status, persist),
      saw: (state, from, reach) => coverage.saw(account, state, from, reach),
      left: () => coverage.left(account.id),
      committed: (result, backfill) => this.committed(result, backfill),
      moved: (moved) => this.moved(account.id, moved),
      limits: (limits) => this.limited(account.id, limits),
    }) as AnySupervisor
  }

  private async changedAccount(account: StoredAccount): Promise<void> {
    this.stored.set(account.id, account)
    await this.supervisors.get(account.id)?.replace(account)
    this.tell()
  }

  private statusChanged(id: AccountId, status: AccountStatus, persist: boolean): void {
    const account = this.stored.get(id)
    if (!account) return
    this.stored.set(id, { ...account, status })
    this.tell()
    if (account.status.phase !== status.phase) this.options.changed(id)
    if (!persist || this.options.store.readOnly) return
    const save = this.options.store.write
      .updateAccount({ id, identityId: account.identityId, status })
      .catch((error: unknown) => {
        this.options.ports.log.error('account.status_not_saved', {
          account: id,
          error: error instanceof Error ? error.message : String(error),
        })
      })
    this.saved = this.saved.then(() => save)
  }

  private limited(id: AccountId, limits: SendLimits): void {
    const { store, ports } = this.options
    if (store.readOnly) return
    const save = store.write.setLimits(id, limits, new Date(ports.clock.now()).toISOString()).catch((error: unknown) => {
      ports.log.error('account.limits_not_saved', { account: id, error: error instanceof Error ? error.message : String(error) })
    })
    this.saved = this.saved.then(() => save)
  }

  private moved(id: AccountId, moved: Moved): void {
    const account = this.stored.get(id)
    if (!account) return
    this.stored.set(id, { ...account, ...moved })
    this.tell()
  }

  private committed(result: BatchResult, backfill: boolean): void {
    if (result.new + result.updated + result.deleted === 0) return
    const { changes } = this.options
    // History does not announce itself row by row: lists are read again instead.
    if (backfill) changes.publish({ kind: 'conversations', arrived: [], changed: [], more: true })
    else changes.publish({ kind: 'conversations', arrived: result.arrived, changed: result.changed, more: result.more })
    changes.publish({ kind: 'badges' })
  }

  private tell(): void {
    this.options.changes.publish({ kind: 'accounts' })
  }

  private show(account: StoredAccount): Account {
    const { settings: _settings, paused, ...shown } = account
    return {
      ...shown,
      capabilities: this.capabilities(account),
      status: paused ? { ...shown.status, phase: 'paused', reason: null, nextTryAt: null, progress: null } : shown.status,
    }
  }

  /** The account with its settings. @throws `not_found`, `voice_mismatch` */
  require(id: AccountId, identityId?: IdentityId): StoredAccount {
    const account = this.stored.get(id)
    if (!account) throw new ProblemError('not_found', { what: 'account', id })
    if (identityId !== undefined && account.identityId !== identityId)
      throw new ProblemError('voice_mismatch', { what: 'account' })
    return account
  }
}
