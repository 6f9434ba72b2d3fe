import type { Clock, Log } from '#ports/index.ts'
import type { Store } from '#store/store.ts'
import type { Changes } from './changes.ts'

/** Looks again at least this often, so that a clock that jumped or a machine that slept wakes nothing late. */
const LOOK_EVERY_MS = 60_000

/** Wakes snoozed conversations when their time has come: they are back at the top of "needs reply". */
export class Snoozes {
  private readonly store: Store
  private readonly clock: Clock
  private readonly changes: Changes
  private readonly log: Log
  private readonly stopping = new AbortController()
  private nudge = new AbortController()
  private running: Promise<void> = Promise.resolve()

  constructor(store: Store, clock: Clock, changes: Changes, log: Log) {
    this.store = store
    this.clock = clock
    this.changes = changes
    this.log = log
  }

  start(): void {
    this.running = this.run()
  }

  /** The set of snoozed conversations changed. */
  changed(): void {
    this.nudge.abort()
  }

  async stop(): Promise<void> {
    this.stopping.abort()
    await this.running
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      this.nudge = new AbortController()
      const signal = AbortSignal.any([this.stopping.signal, this.nudge.signal])
      const pause = await this.wakeDue().catch((error: unknown) => {
        this.log.error('snooze.failed', { error: error instanceof Error ? error.message : String(error) })
        return LOOK_EVERY_MS
      })
      await this.clock.sleep(pause, signal).catch(() => undefined)
    }
  }

  /** Wakes what is due. @returns ms until the next look. */
  async wakeDue(): Promise<number> {
    const now = this.clock.now()
    const at = new Date(now).toISOString()
    const { targets, next } = await this.store.read.due(at)
    if (targets.length > 0) {
      const { changed } = await this.store.write.wake(targets, at)
      this.changes.publish({ kind: 'conversations', arrived: changed, changed: [], more: false })
      this.changes.publish({ kind: 'badges' })
    }
    const wait = next === null ? LOOK_EVERY_MS : Date.parse(next) - now
    return Math.min(LOOK_EVERY_MS, Math.max(0, wait))
  }
}
