import type { Client, Outgoing, Sent } from '#connectors/connector.ts'
import { ConnectorFault } from '#connectors/fault.ts'
import type { Ports } from '#ports/index.ts'
import { type AccountId, type Capabilities, type OutboxId, ProblemError } from '#shared/model/index.ts'
import type { LaneItem, OutgoingItem } from '#store/outbox.ts'
import type { BatchResult, Store } from '#store/store.ts'
import { backoffMs } from '../backoff.ts'
import type { Calendars } from '../calendar.ts'
import type { Changes } from '../changes.ts'
import type { KeptFiles } from '../context.ts'
import { toProblem } from '../problems.ts'
import { decide } from './decide.ts'
import { type Outcome, outcomeOf } from './outcome.ts'

/** Items looked at for each decision. */
const AT_ONCE = 200
/** Looks again at least this often, so that a clock that jumped or a machine that slept makes nothing late. */
const LOOK_EVERY_MS = 60_000
/** Longest a network may take for one item, files and all. */
const LONGEST_MS = 10 * 60_000
/** Items of one account follow each other no quicker. */
const PACE_MS = 1000
/** What came of a try is kept in memory and stored again and again until it is, after this pause. */
const STORE_AGAIN_MS = 5000

/** What an account lends to its outbox. */
export interface LaneAccount {
  /** There is a connection that something can be sent through. */
  reachable(): boolean
  capabilities(): Capabilities
  /** Runs with the account's connection, nothing else of the outbox beside it; null where there is none. */
  lend<Result>(
    work: (client: Client, kept: KeptFiles, signal: AbortSignal) => Promise<Result>,
  ): Promise<{ result: Result } | null>
  /** Has the account look at its connection: something is wrong with it. `drop`: it answers nothing any more. */
  doubt(drop: boolean): void
  /** What a sending brought was stored; it may have left acts for the network. */
  committed(result: BatchResult): void
}

export interface LaneOptions {
  store: Store
  ports: Ports
  changes: Changes
  accountId: AccountId
  account: LaneAccount
  calendars: Calendars
  random: () => number
}

/** Sends the items of one account, one at a time and in order. */
export class Lane {
  private readonly options: LaneOptions
  private readonly stopping = new AbortController()
  private nudges = new AbortController()
  private running: Promise<void> | null = null
  private throttledUntil = 0
  /** How often the network was asked in vain whether it has an item. */
  private asked = new Map<OutboxId, number>()

  constructor(options: LaneOptions) {
    this.options = options
  }

  /** Sends by itself from now on, until nothing is left to be sent; then calls `idle`. */
  start(idle: () => void): void {
    this.running ??= this.run().finally(() => {
      this.running = null
      idle()
    })
    this.nudge()
  }

  /** Something changed: items, the connection or the clock. */
  nudge(): void {
    this.nudges.abort()
  }

  async stop(): Promise<void> {
    this.stopping.abort()
    this.nudge()
    await this.running
  }

  private async run(): Promise<void> {
    const { clock, log } = this.options.ports
    while (!this.stopping.signal.aborted) {
      this.nudges = new AbortController()
      const { signal } = this.nudges
      const until = await this.step().catch((error: unknown) => {
        log.error('outbox.failed', { error: error instanceof Error ? error.message : String(error) })
        return clock.now() + STORE_AGAIN_MS
      })
      if (until === null && !signal.aborted) return
      if (until === null) continue
      const pause = Math.min(LOOK_EVERY_MS, Math.max(0, until - clock.now()))
      await clock.sleep(pause, AbortSignal.any([this.stopping.signal, signal])).catch(() => undefined)
    }
  }

  /**
   * Does the next thing.
   * @returns when there is something to do again, in ms since 1970; null where nothing but news changes anything.
   */
  async step(): Promise<number | null> {
    const { store, accountId, account, ports } = this.options
    const items = await store.read.outboxLane(accountId, AT_ONCE)
    const now = ports.clock.now()
    const next = decide(items, {
      now,
      throttledUntil: this.throttledUntil,
      reachable: account.reachable(),
      finds: account.capabilities().finds,
    })
    if (next.do === 'wait') return next.until
    if (next.do === 'age') {
      await store.write.ageItems(next.ids)
      this.tell()
      return now
    }
    const item = items.find(({ id }) => id === next.id)
    if (!item) throw new Error('an item that was decided about is not there')
    if (next.do === 'ask') {
      await this.settle(item, { state: 'unknown', nextTryAt: null, reason: { code: 'outbox_unknown', params: {} }, tried: true })
      return now
    }
    if (next.do === 'send' && (await this.keptBack(item))) return now
    const lent = await account.lend((client, kept, signal) =>
      next.do === 'find' ? this.find(item, client, kept, signal) : this.send(item, client, kept, signal),
    )
    return lent === null ? now + LOOK_EVERY_MS : ports.clock.now()
  }

  /** The calendar forbids it now: it waits, and says why. What was frozen is sent only after a person says so again. */
  private async keptBack(item: LaneItem): Promise<boolean> {
    const { store, calendars, ports } = this.options
    const asked = await store.read.outboxContent(item.id)
    const problem = asked && (await calendars.mayPublish(asked.identityId, asked.content, iso(ports.clock.now())))
    if (!problem) return false
    await store.write.holdItem(item.id, problem)
    this.tell()
    return true
  }

  private async send(item: LaneItem, client: Client, kept: KeptFiles, signal: AbortSignal): Promise<void> {
    const { store, account } = this.options
    const now = this.options.ports.clock.now()
    if (!(await store.write.beginItem(item.id, iso(now)))) return
    this.tell()
    const whole = await store.read.outgoing(item.id)
    // Disposed of meanwhile.
    if (!whole) return
    this.throttledUntil = now + PACE_MS
    try {
      this.mustFit(item, whole, client)
      const sent = await this.bounded(signal, (stop) => client.send?.(this.outgoing(whole), stop) ?? neverSent())
      await this.sent(item, sent, kept)
    } catch (error) {
      const finds = account.capabilities().finds && client.find !== undefined
      await this.failed(error, { ...item, tries: item.tries + 1 }, finds)
    }
  }

  /** What cannot be sent whatever the network says. @throws ConnectorFault `untaken` */
  private mustFit(item: LaneItem, whole: OutgoingItem, client: Client): void {
    if (!client.send) throw new ConnectorFault('decision', 'send_not_offered', { what: item.does }, { untaken: true })
    // The part before it was sent, but the office does not have what it became: this one would stand alone.
    if (item.after !== null && whole.target === null) throw new ConnectorFault('decision', 'outbox_before', {}, { untaken: true })
  }

  private async find(item: LaneItem, client: Client, kept: KeptFiles, signal: AbortSignal): Promise<void> {
    const { store, ports } = this.options
    const whole = await store.read.outgoing(item.id)
    if (!whole) return
    const asked = (this.asked.get(item.id) ?? 0) + 1
    this.asked.set(item.id, asked)
    try {
      const found = await this.bounded(signal, (stop) => client.find?.(this.outgoing(whole), stop) ?? neverSent())
      this.asked.delete(item.id)
      if (found) await this.sent(item, found, kept)
      else await this.settle(item, { state: 'queued', nextTryAt: null, reason: null, tried: true })
    } catch (error) {
      const now = ports.clock.now()
      const retryAt = error instanceof ConnectorFault ? (error.retryAt ?? 0) : 0
      // what no asking can tell waits for a person
      const hopeless = error instanceof ConnectorFault && error.kind === 'decision'
      const nextTryAt = hopeless ? null : Math.max(retryAt, now + backoffMs(asked, this.options.random()))
      await this.settle(item, { state: 'unknown', nextTryAt, reason: toProblem(error), tried: true })
      this.doubt(error)
    }
  }

  private outgoing(item: OutgoingItem): Outgoing {
    const { store } = this.options
    const { key, queuedAt, content, target, quote, files } = item
    const open = (sha256: string): AsyncIterable<Uint8Array> => {
      const file = files.get(sha256)
      if (!file) throw new ProblemError('outbox_file_missing', { name: sha256 })
      return store.open(file)
    }
    return { key, queuedAt, content, target, quote, open }
  }

  /** Gives up what takes too long, also where the connector does not: its connection is closed then. */
  private async bounded<Result>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const { clock } = this.options.ports
    const late = new AbortController()
    const done = new AbortController()
    const stop = AbortSignal.any([signal, late.signal])
    const timer = clock.sleep(LONGEST_MS, done.signal).then(
      () => late.abort(new ConnectorFault('transient', 'timed_out', { host: '' })),
      () => undefined,
    )
    const given = new Promise<never>((_, reject) => {
      stop.addEventListener('abort', () => reject(stop.reason), { once: true })
    })
    try {
      return await Promise.race([work(stop), given])
    } finally {
      if (late.signal.aborted) this.options.account.doubt(true)
      done.abort()
      await timer
    }
  }

  private async sent(item: LaneItem, sent: Sent, kept: KeptFiles): Promise<void> {
    const { store, account, ports } = this.options
    const { answeredFlag, rereads } = account.capabilities()
    const message = sent.message === null ? null : kept.give(sent.message)
    const { batch } = await this.stored(() =>
      store.write.sentItem({
        id: item.id,
        at: iso(ports.clock.now()),
        message,
        ...(sent.answer && { answer: sent.answer }),
        flagsAnswered: answeredFlag,
        rereads,
      }),
    )
    if (message) kept.saved([message])
    account.committed(batch)
    this.tell()
  }

  private async failed(error: unknown, item: LaneItem, finds: boolean): Promise<void> {
    const { ports, random } = this.options
    const now = ports.clock.now()
    const outcome = outcomeOf(error, { does: item.does, now, tries: item.tries, finds, random: random() })
    if (!(error instanceof ConnectorFault) && !this.stopping.signal.aborted)
      ports.log.error('outbox.crash', {
        item: item.id,
        error: error instanceof Error ? (error.stack ?? error.name) : String(error),
      })
    if (error instanceof ConnectorFault && error.kind === 'rate' && outcome.nextTryAt !== null)
      this.throttledUntil = Math.max(this.throttledUntil, outcome.nextTryAt)
    await this.settle(item, outcome)
    this.doubt(error)
  }

  /** A connection that fails is looked at by whoever keeps it. */
  private doubt(error: unknown): void {
    if (error instanceof ConnectorFault && (error.kind === 'login' || (error.kind === 'transient' && !error.untaken)))
      this.options.account.doubt(false)
  }

  private async settle(item: LaneItem, outcome: Omit<Outcome, 'reason'> & { reason: Outcome['reason'] | null }): Promise<void> {
    const { store, ports } = this.options
    const { state, nextTryAt, reason, tried } = outcome
    await this.stored(() =>
      store.write.settleItem({
        id: item.id,
        at: iso(ports.clock.now()),
        state,
        nextTryAt: nextTryAt === null ? null : iso(nextTryAt),
        reason,
        tried,
      }),
    )
    this.tell()
  }

  /** Stores what came of a try, however often that has to be tried: until it is stored the outcome is known here only. */
  private async stored<Result>(write: () => Promise<Result>): Promise<Result> {
    const { clock, log } = this.options.ports
    for (;;) {
      try {
        return await write()
      } catch (error) {
        log.error('outbox.not_stored', { error: error instanceof Error ? error.message : String(error) })
        if (!(error instanceof ProblemError) || !passing.has(error.code)) throw error
        await clock.sleep(STORE_AGAIN_MS, this.stopping.signal)
      }
    }
  }

  private tell(): void {
    this.options.changes.publish({ kind: 'outbox' })
  }
}

/** Faults of the office's disk that pass. */
const passing: ReadonlySet<string> = new Set(['disk_full', 'database_busy'])

const iso = (ms: number): string => new Date(ms).toISOString()

function neverSent(): Promise<never> {
  return Promise.reject(new ConnectorFault('decision', 'send_not_offered', { what: '' }, { untaken: true }))
}
