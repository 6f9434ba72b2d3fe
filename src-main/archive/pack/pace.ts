import { ProblemError } from '#shared/model/index.ts'
import type { PackHead } from './source.ts'

/** How far an export is. */
export interface PackProgress {
  /** `checking`: what an interrupted export left; `records`; `ledger`; `pages`: the ones to read; `closing`: manifests. */
  phase: 'checking' | 'records' | 'ledger' | 'pages' | 'closing'
  records: number
  /** How many there will be; null where that is not known. */
  total: number | null
  /** Payload so far. */
  bytes: number
}

/** Longest time in which nothing else can run, in ms. */
const SLICE = 12
/** Shortest time between two reports of progress, in ms. */
const REPORT = 100

/** Lets others run, stops when asked to, and tells how far it is. */
export class Pace {
  records = 0
  bytes = 0
  private current: PackProgress['phase'] = 'records'
  private readonly total: number | null
  private readonly signal: AbortSignal | undefined
  private readonly onProgress: ((progress: PackProgress) => void) | undefined
  private sliceStart = performance.now()
  private reported = Number.NEGATIVE_INFINITY

  constructor(head: PackHead, signal?: AbortSignal, onProgress?: (progress: PackProgress) => void) {
    this.total = head.records
    this.signal = signal
    this.onProgress = onProgress
  }

  set phase(phase: PackProgress['phase']) {
    this.current = phase
    this.report(performance.now())
  }

  get aborted(): boolean {
    return this.signal?.aborted === true
  }

  /** @throws `cancelled` */
  check(): void {
    if (this.aborted) throw new ProblemError('cancelled')
  }

  /** @returns null while the slice lasts, else what to await. While records are written a cancel waits for the next journal. */
  pause(): Promise<void> | null {
    const now = performance.now()
    if (now - this.sliceStart < SLICE) return null
    if (now - this.reported >= REPORT) this.report(now)
    return new Promise((resolve, reject) => {
      setImmediate(() => {
        this.sliceStart = performance.now()
        if (this.aborted && this.current !== 'records') reject(new ProblemError('cancelled'))
        else resolve()
      })
    })
  }

  private report(now: number): void {
    this.reported = now
    this.onProgress?.({ phase: this.current, records: this.records, total: this.total, bytes: this.bytes })
  }
}
