import type { Ports } from '#ports/index.ts'

/** Work that is looked after now and from time to time while the office is open. What fails is tried again with the next look. */
export class Rounds {
  private readonly ports: Pick<Ports, 'clock' | 'log'>
  private readonly everyMs: number
  private readonly failed: string
  private readonly work: () => Promise<unknown>
  private readonly stopping = new AbortController()
  private running: Promise<void> = Promise.resolve()

  /** @param failed What the log calls it when the work fails. */
  constructor(ports: Pick<Ports, 'clock' | 'log'>, everyMs: number, failed: string, work: () => Promise<unknown>) {
    this.ports = ports
    this.everyMs = everyMs
    this.failed = failed
    this.work = work
  }

  start(): void {
    this.running = this.run()
  }

  async stop(): Promise<void> {
    this.stopping.abort()
    await this.running
  }

  private async run(): Promise<void> {
    const { clock, log } = this.ports
    while (!this.stopping.signal.aborted) {
      await this.work().catch((error: unknown) => {
        log.error(this.failed, { error: error instanceof Error ? error.message : String(error) })
      })
      await clock.sleep(this.everyMs, this.stopping.signal).catch(() => undefined)
    }
  }
}
