/** So many crashes within so long are not bad luck. */
const CRASHES = 5
const WINDOW_MS = 5 * 60_000

/** Decides whether something that crashed is started again. */
export class Breaker {
  readonly #now: () => number
  #crashes: number[] = []

  /** @param now Milliseconds that never go back. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** Counts a crash. @returns whether to start again: false from the fifth crash within five minutes. */
  crashed(): boolean {
    const now = this.#now()
    this.#crashes = [...this.#crashes.filter((at) => now - at < WINDOW_MS), now]
    return this.#crashes.length < CRASHES
  }

  /** Forgets what happened, because a person asked to try again. */
  reset(): void {
    this.#crashes = []
  }
}
