import type { Change, Job } from '#shared/contract/index.ts'
import type { ConversationRow } from '#shared/model/index.ts'

/** Rows carried in one change; beyond that the listener is told there were `more` and reads its lists again. */
const MAX_ROWS = 500

/**
 * The change stream: what was committed, told to every listener. A slow listener never holds up the engine and never
 * grows without bound: what it has not fetched yet is merged (newest row per conversation, newest state per job).
 */
export class Changes {
  private readonly listeners = new Set<Listener>()

  publish(change: Change): void {
    for (const listener of this.listeners) listener.add(change)
  }

  /** Number of listeners, for leak checks. */
  get size(): number {
    return this.listeners.size
  }

  /** Changes from now on. Ends when `signal` aborts or the consumer stops; either way the listener is let go. */
  async *listen(signal?: AbortSignal): AsyncGenerator<Change, void, undefined> {
    const listener = new Listener()
    this.listeners.add(listener)
    const stop = () => listener.end()
    signal?.addEventListener('abort', stop, { once: true })
    try {
      while (!signal?.aborted) {
        const batch = await listener.take()
        if (batch === null) return
        yield* batch
      }
    } finally {
      signal?.removeEventListener('abort', stop)
      this.listeners.delete(listener)
    }
  }

  /** Ends every listener: the office is closing. */
  close(): void {
    for (const listener of this.listeners) listener.end()
  }
}

class Listener {
  private arrived = new Map<string, ConversationRow>()
  private changed = new Map<string, ConversationRow>()
  private more = false
  private readonly jobs = new Map<string, Job>()
  private readonly plain = new Set<Exclude<Change['kind'], 'conversations' | 'job'>>()
  private waiting: ((batch: Change[] | null) => void) | null = null
  private ended = false

  add(change: Change): void {
    if (change.kind === 'conversations') this.addRows(change.arrived, change.changed, change.more)
    else if (change.kind === 'job') this.jobs.set(change.job.id, change.job)
    else this.plain.add(change.kind)
    this.wake()
  }

  end(): void {
    this.ended = true
    this.waiting?.(null)
    this.waiting = null
  }

  /** What has gathered since the last call, or waits for the first thing; null at the end. */
  take(): Promise<Change[] | null> {
    if (this.ended) return Promise.resolve(null)
    const batch = this.drain()
    if (batch.length > 0) return Promise.resolve(batch)
    return new Promise((resolve) => {
      this.waiting = resolve
    })
  }

  private wake(): void {
    if (!this.waiting) return
    const resolve = this.waiting
    this.waiting = null
    resolve(this.drain())
  }

  private addRows(arrived: ConversationRow[], changed: ConversationRow[], more: boolean): void {
    this.more ||= more
    for (const row of arrived) {
      this.changed.delete(row.id)
      this.arrived.set(row.id, row)
    }
    for (const row of changed) {
      if (this.arrived.has(row.id)) this.arrived.set(row.id, row)
      else this.changed.set(row.id, row)
    }
    if (this.arrived.size + this.changed.size > MAX_ROWS) {
      this.arrived.clear()
      this.changed.clear()
      this.more = true
    }
  }

  private drain(): Change[] {
    const batch: Change[] = []
    if (this.arrived.size > 0 || this.changed.size > 0 || this.more) {
      batch.push({
        kind: 'conversations',
        arrived: [...this.arrived.values()],
        changed: [...this.changed.values()],
        more: this.more,
      })
      this.arrived = new Map()
      this.changed = new Map()
      this.more = false
    }
    for (const kind of this.plain) batch.push({ kind })
    this.plain.clear()
    for (const job of this.jobs.values()) batch.push({ kind: 'job', job })
    this.jobs.clear()
    return batch
  }
}
