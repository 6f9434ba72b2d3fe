/** What a verification tells while it goes on, and by what it is ended. */
export interface Watch {
  signal?: AbortSignal | undefined
  /** Files hashed so far, of how many. */
  onProgress?: ((done: number, total: number) => void) | undefined
}

/** The longest time, in ms, for which nothing else can run: a Ctrl+C, a page that wants to be drawn. */
const SLICE_MS = 50

/** Lets others run now and then, and ends when it is told to. */
export class Pace {
  private readonly watch: Watch
  private since = performance.now()

  constructor(watch: Watch) {
    this.watch = watch
  }

  /** To be called often, and awaited when it gives something. @throws the signal's reason. */
  rest(): Promise<void> | null {
    this.watch.signal?.throwIfAborted()
    if (performance.now() - this.since < SLICE_MS) return null
    return new Promise((resolve) => {
      setTimeout(() => {
        this.since = performance.now()
        resolve()
      }, 0)
    })
  }

  progress(done: number, total: number): void {
    this.watch.onProgress?.(done, total)
  }
}
