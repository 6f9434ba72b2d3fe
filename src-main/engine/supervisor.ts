import { setMaxListeners } from 'node:events'
import type { SeenState } from '#archive/coverage.ts'
import type { Client, Connector } from '#connectors/connector.ts'
import type { Ports } from '#ports/index.ts'
import type { SyncReport } from '#shared/contract/index.ts'
import {
  type AccountStatus,
  type Instant,
  type Network,
  type Problem,
  ProblemError,
  type SendLimits,
} from '#shared/model/index.ts'
import type { BatchResult, Store, StoredAccount } from '#store/store.ts'
import { pushActs } from './acts.ts'
import { backoffMs } from './backoff.ts'
import { accountContext, KeptFiles, type Moved } from './context.ts'
import { stateOf } from './coverage.ts'
import { judge } from './judge.ts'
import { type SettingsByNetwork, settingsOf } from './networks.ts'
import { toProblem } from './problems.ts'
import { quietDays } from './silence.ts'

/** Bugs of a connector in a row, within the window, after which its account is stopped and shown. */
const MAX_CRASHES = 5
const CRASH_WINDOW_MS = 5 * 60_000
/** Progress is told at most this often. */
const PROGRESS_EVERY_MS = 250

export interface SupervisorOptions<N extends Network> {
  store: Store
  ports: Ports
  connector: Connector<SettingsByNetwork[N]>
  account: StoredAccount
  /** Called after the status changed; `persist` when it is worth keeping on disk. */
  changed: (status: AccountStatus, persist: boolean) => void
  committed: (result: BatchResult, backfill: boolean) => void
  moved: (moved: Moved) => void
  /** @see Context.limits */
  limits: (limits: SendLimits) => void
  /** The account was in a state from `from` (ms since 1970) until now; with `reach`, the network handed out nothing older. */
  saw: (state: SeenState, from: number, reach: Instant | null) => void
  /** Nobody looks at it from here on. */
  left: () => void
  random: () => number
}

/** Reason with which a wait or a pause is interrupted to do something now. */
class Woken extends Error {}
/** Reason with which everything of the account is stopped. */
class Stopped extends Error {}

/** Keeps one account in step with its network: signs in, syncs, waits, retries, and says how it is. */
export class Supervisor<N extends Network> {
  status: AccountStatus
  private account: StoredAccount
  private readonly options: SupervisorOptions<N>
  private readonly stopping = new AbortController()
  private pause = new AbortController()
  private resting = false
  private woken = false
  private running: Promise<void> | null = null
  /** The pass that `syncNow` runs where no loop does. */
  private asked: Promise<SyncReport> | null = null
  private client: Client | null = null
  private kept: KeptFiles | null = null
  private failures = 0
  private crashes: number[] = []
  private told = -Infinity
  private passWaiters: ((report: SyncReport) => void)[] = []
  private acting: Promise<void> = Promise.resolve()
  private counts = { new: 0, updated: 0, deleted: 0 }
  /** When the pass under way began, by the wall clock, and how far back the network said that it reaches. */
  private began = 0
  private reach: Instant | null = null

  constructor(options: SupervisorOptions<N>) {
    this.options = options
    this.account = options.account
    this.status = options.account.status
    setMaxListeners(0, this.stopping.signal)
  }

  /** The first sync has not come to its end yet. */
  get backfilling(): boolean {
    return this.status.lastSyncAt === null
  }

  /** Begins to keep the account in step, until `stop`. */
  start(): void {
    // A pass that somebody asked for before is not overtaken: a client takes one call at a time.
    this.running ??= (this.asked ?? Promise.resolve()).then(() => this.run())
  }

  /** Ends the account's connections and waits for what is being saved. */
  async stop(): Promise<void> {
    this.stopping.abort(new Stopped())
    this.pause.abort(new Woken())
    await this.running
    await this.acting
    await this.dropClient()
  }

  /** Interrupts a wait: there is something to do, or a person asked. */
  wake(): void {
    this.failures = 0
    if (!this.resting) this.woken = true
    this.pause.abort(new Woken())
  }

  /** The account's settings or name changed; used from the next connection on. */
  async replace(account: StoredAccount): Promise<void> {
    this.account = account
    await this.dropClient()
    this.wake()
  }

  /** One complete pass, run by the loop when it runs, else here and now. Never rejects: the report carries the problem. */
  async syncNow(signal?: AbortSignal): Promise<SyncReport> {
    if (this.running) {
      const report = new Promise<SyncReport>((resolve) => this.passWaiters.push(resolve))
      this.wake()
      return report
    }
    // Two that ask at once (commands that share one engine) get one pass: a client takes one call at a time.
    this.asked ??= this.passOnce(signal).finally(() => {
      this.asked = null
    })
    return this.asked
  }

  private async passOnce(signal: AbortSignal | undefined): Promise<SyncReport> {
    const abort = () => this.stopping.abort(signal?.reason)
    signal?.addEventListener('abort', abort, { once: true })
    try {
      return await this.pass()
    } finally {
      signal?.removeEventListener('abort', abort)
      this.options.left()
      await this.dropClient()
    }
  }

  /** Carries out stored acts now when there is a connection; else they go with the next pass. */
  pushActs(): Promise<void> {
    const client = this.client
    if (!client || this.status.phase !== 'live') return Promise.resolve()
    // A fault here is met again, and shown, by the pass that follows.
    this.acting = this.acting.then(() => this.flushActs(client)).catch(() => this.wake())
    return this.acting
  }

  /** There is a connection that something can be sent through, or one can be made now. */
  get reachable(): boolean {
    if (this.stopping.signal.aborted) return false
    if (this.running === null) return this.status.phase !== 'needs_login' && this.status.phase !== 'paused'
    return this.client !== null && (this.status.phase === 'live' || this.status.phase === 'backfilling')
  }

  /**
   * Lends the connection, beside a sync or a wait but to nobody else at the same time: acts, sending, asking. Where no loop runs, one is made
   * for as long as the work takes.
   * @returns null where there is none: then nothing was done.
   */
  lend<Result>(
    work: (client: Client, kept: KeptFiles, signal: AbortSignal) => Promise<Result>,
  ): Promise<{ result: Result } | null> {
    // Only what was asked for before: a pass that comes after waits for this.
    const { asked } = this
    const turn = this.acting.then(async () => {
      await asked
      if (!this.reachable) return null
      const passing = this.client === null
      const client = this.connect()
      try {
        return this.kept && { result: await work(client, this.kept, this.stopping.signal) }
      } finally {
        if (passing && this.running === null && this.asked === null) await this.dropClient()
      }
    })
    this.acting = turn.then(
      () => undefined,
      () => undefined,
    )
    return turn
  }

  /** Something is wrong with the connection: whoever keeps it looks. With `drop` it is ended at once. */
  doubt(drop: boolean): void {
    if (drop) void this.dropClient()
    if (this.running) this.wake()
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      // Whoever asks while a pass is under way waits for the next one: that one sees all that is there now.
      const waiters = this.passWaiters
      this.passWaiters = []
      const report = await this.pass()
      for (const answer of waiters) answer(report)
      if (!this.stopping.signal.aborted) await this.rest()
    }
    const problem = new ProblemError('cancelled').toProblem()
    for (const answer of this.passWaiters)
      answer({ accountId: this.account.id, new: 0, updated: 0, deleted: 0, seconds: 0, problem })
    this.passWaiters = []
  }

  /** One pass over the network, with its outcome in the status. */
  private async pass(): Promise<SyncReport> {
    const { ports, store } = this.options
    const started = ports.clock.monotonic()
    this.began = ports.clock.now()
    this.counts = { new: 0, updated: 0, deleted: 0 }
    let problem: Problem | null = null
    if (this.status.phase !== 'live' && this.status.phase !== 'backfilling') this.set({ phase: 'connecting', nextTryAt: null })
    try {
      await this.acting
      const client = this.connect()
      await this.flushActs(client)
      const remark = await client.sync(this.stopping.signal)
      const now = ports.clock.now()
      this.failures = 0
      this.sawPass(now)
      const quiet = quietDays(await store.read.arrivals(this.account.id, new Date(now).toISOString()))
      const since = new Date(now - quiet * 86_400_000).toISOString()
      const silence = quiet > 0 ? new ProblemError('silence', { since: since.slice(0, 10) }).toProblem() : null
      const reason = silence ?? remark
      this.set({ phase: 'live', reason, nextTryAt: null, progress: null, lastSyncAt: new Date(now).toISOString() }, true)
    } catch (error) {
      problem = toProblem(error)
      if (!this.stopping.signal.aborted) {
        await this.dropClient()
        this.failed(error, problem, this.began)
      }
    }
    const seconds = (ports.clock.monotonic() - started) / 1000
    return { accountId: this.account.id, ...this.counts, seconds, problem }
  }

  /** Between passes: on the network, or pausing until the next try. */
  private async rest(): Promise<void> {
    if (this.woken) {
      this.woken = false
      return
    }
    this.pause = new AbortController()
    this.resting = true
    const signal = AbortSignal.any([this.stopping.signal, this.pause.signal])
    const { clock } = this.options.ports
    try {
      if (this.status.phase === 'live' && this.client) await this.client.wait(signal)
      else if (this.status.nextTryAt) await clock.sleep(Math.max(0, Date.parse(this.status.nextTryAt) - clock.now()), signal)
      else await aborted(signal)
    } catch (error) {
      if (signal.aborted) return
      await this.dropClient()
      this.failed(error, toProblem(error), clock.now())
    } finally {
      this.resting = false
    }
  }

  private connect(): Client {
    if (this.client) return this.client
    const { store, ports, connector } = this.options
    this.kept = new KeptFiles(store)
    const context = accountContext<N>({
      kept: this.kept,
      store,
      ports,
      account: this.account,
      connector,
      settings: settingsOf(connector, this.account.settings),
      backfill: () => this.backfilling,
      moved: (moved) => {
        this.account = { ...this.account, ...moved }
        this.options.moved(moved)
      },
      committed: (result) => {
        this.counts.new += result.new
        this.counts.updated += result.updated
        this.counts.deleted += result.deleted
        if (this.backfilling) this.options.saw('backfilling', this.began, null)
        this.options.committed(result, this.backfilling)
      },
      reaches: (oldest) => {
        this.reach = oldest
      },
      limits: this.options.limits,
      progress: (progress) => {
        const phase = this.backfilling ? 'backfilling' : this.status.phase
        const now = ports.clock.monotonic()
        if (phase === this.status.phase && now - this.told < PROGRESS_EVERY_MS) return
        this.told = now
        this.set({ phase, progress })
      },
    })
    this.client = connector.create(context)
    return this.client
  }

  private async dropClient(): Promise<void> {
    const client = this.client
    this.client = null
    await client?.close()
    this.kept?.drop()
    this.kept = null
  }

  private async flushActs(client: Client): Promise<void> {
    const { store, ports } = this.options
    await pushActs({
      store,
      clock: ports.clock,
      log: ports.log,
      client,
      accountId: this.account.id,
      signal: this.stopping.signal,
    })
  }

  /** A pass came to its end: all of it was watched, or it was the first, which reads what is there already. */
  private sawPass(now: number): void {
    const { saw } = this.options
    if (this.backfilling) saw('backfilling', this.began, this.reach)
    saw('watched', this.backfilling ? now : this.began, null)
  }

  /** Shows what a fault means for the account: wait and try again, ask the person, or stop. @param since ms since 1970. */
  private failed(error: unknown, reason: Problem, since: number): void {
    const { clock, log } = this.options.ports
    this.failures++
    let verdict = judge(error, clock.now(), backoffMs(this.failures, this.options.random()))
    if (verdict.bug) {
      log.error('account.crash', {
        account: this.account.id,
        error: error instanceof Error ? (error.stack ?? error.name) : String(error),
      })
      const now = clock.monotonic()
      this.crashes = [...this.crashes.filter((at) => now - at < CRASH_WINDOW_MS), now]
      if (this.crashes.length >= MAX_CRASHES) verdict = { phase: 'paused', retryAt: null, bug: true }
    } else log.warn('account.fault', { account: this.account.id, code: reason.code })
    const nextTryAt = verdict.retryAt === null ? null : new Date(verdict.retryAt).toISOString()
    this.set({ phase: verdict.phase, reason, nextTryAt, progress: null }, true)
    this.options.saw(stateOf(this.status), since, null)
  }

  private set(change: Partial<AccountStatus>, persist = false): void {
    const phaseChanged = change.phase !== undefined && change.phase !== this.status.phase
    const since = phaseChanged ? new Date(this.options.ports.clock.now()).toISOString() : this.status.since
    this.status = { ...this.status, ...change, since }
    this.options.changed(this.status, persist)
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
