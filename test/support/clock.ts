import { systemClock } from '#hosts/ports/clock.ts'
import type { Clock } from '#ports/index.ts'

interface Sleeper {
  at: number
  wake: () => void
}

/** A clock that stands still until a test moves it. `jump` moves only the wall clock, as a person or NTP would. */
export class FakeClock implements Clock {
  private wall: number
  private ticks = 0
  private sleepers: Sleeper[] = []
  private watchers: (() => void)[] = []

  constructor(start = Date.UTC(2026, 0, 15, 9)) {
    this.wall = start
  }

  now(): number {
    return this.wall
  }

  monotonic(): number {
    return this.ticks
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const sleeper = { at: this.ticks + ms, wake: resolve }
      this.sleepers.push(sleeper)
      signal?.addEventListener(
        'abort',
        () => {
          this.sleepers = this.sleepers.filter((other) => other !== sleeper)
          reject(signal.reason)
        },
        { once: true },
      )
      for (const watch of this.watchers.splice(0)) watch()
    })
  }

  /** Lengths of the pauses that are being slept now, in ms, shortest first. */
  get pauses(): number[] {
    return this.sleepers.map((sleeper) => sleeper.at - this.ticks).sort((a, b) => a - b)
  }

  /** Resolves when something sleeps that `fits`. */
  async asleep(fits: (pauses: number[]) => boolean = (pauses) => pauses.length > 0): Promise<void> {
    while (!fits(this.pauses)) await new Promise<void>((resolve) => this.watchers.push(resolve))
  }

  /** Lets time pass: both clocks move and whoever is due wakes, in order. */
  advance(ms: number): void {
    const end = this.ticks + ms
    for (;;) {
      const due = this.sleepers.filter((sleeper) => sleeper.at <= end).sort((a, b) => a.at - b.at)[0]
      if (!due) break
      this.sleepers = this.sleepers.filter((other) => other !== due)
      this.wall += due.at - this.ticks
      this.ticks = due.at
      due.wake()
    }
    this.wall += end - this.ticks
    this.ticks = end
  }

  jump(ms: number): void {
    this.wall += ms
  }
}

/** The system's time, of which a test can let some pass at once: for servers that really run. */
export interface MovableClock extends Clock {
  pass(ms: number): void
}

/** Pauses up to this are skipped but for a moment; longer ones guard what may take long, and last as long as they say. */
const SKIPPED_MS = 20_000
const MOMENT_MS = 50

export function movableClock(): MovableClock {
  let ahead = 0
  return {
    now: () => systemClock.now() + ahead,
    monotonic: () => systemClock.monotonic() + ahead,
    sleep: async (ms, signal) => {
      if (ms > SKIPPED_MS) return systemClock.sleep(ms, signal)
      await systemClock.sleep(Math.min(ms, MOMENT_MS), signal)
      ahead += Math.max(0, ms - MOMENT_MS)
    },
    pass: (ms) => {
      ahead += ms
    },
  }
}
