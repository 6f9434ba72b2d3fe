import type { Clock } from '#ports/index.ts'

const LOOK_EVERY_MS = 30_000
/** A difference that no drift or busy machine explains. */
const JUMP_MS = 120_000
/** The warning stays for this long after a jump. */
const WARN_MS = 15 * 60_000

/** Notices a wall clock that moved against the one that cannot jump: sleep is over, or times may be off. */
export class ClockWatch {
  private readonly clock: Clock
  private readonly onJump: () => void
  private readonly stopping = new AbortController()
  private jumpedAt: number | null = null

  constructor(clock: Clock, onJump: () => void) {
    this.clock = clock
    this.onJump = onJump
  }

  get jumped(): boolean {
    return this.jumpedAt !== null && this.clock.monotonic() - this.jumpedAt < WARN_MS
  }

  start(): void {
    void this.run()
  }

  stop(): void {
    this.stopping.abort()
  }

  private async run(): Promise<void> {
    let offset = this.clock.now() - this.clock.monotonic()
    while (!this.stopping.signal.aborted) {
      const awake = await this.clock.sleep(LOOK_EVERY_MS, this.stopping.signal).then(
        () => true,
        () => false,
      )
      if (!awake) return
      const now = this.clock.now() - this.clock.monotonic()
      // Forward is what a machine that slept looks like; only a clock set back is worth a warning.
      if (now - offset < -JUMP_MS) this.jumpedAt = this.clock.monotonic()
      if (Math.abs(now - offset) > JUMP_MS) this.onJump()
      offset = now
    }
  }
}
