import { Worker } from 'node:worker_threads'

/** Files to write: their bytes one after the other. Paths are absolute, and their folders are there. */
export interface FileBatch {
  bytes: Uint8Array
  files: { path: string; size: number }[]
}
/** What the thread answers to each batch. Of an error only its message would come over; the rest goes apart. */
export interface FileBatchDone {
  /** The memory of the batch, to be used again: left to the collector it would pile up in both threads. */
  bytes: Uint8Array
  fault: { message: string; fields: Record<string, string> } | null
}

const BATCH_BYTES = 512 * 1024
const BATCH_FILES = 256
/** Batches that may be under way: enough to keep the thread at work, and no more in memory. */
const MOST = 8

/** Writes small files in a thread of its own, many with one message. */
export class SmallFiles {
  private readonly url: URL
  private worker: Worker | null = null
  private bytes = new Uint8Array(BATCH_BYTES)
  private readonly spare: Uint8Array<ArrayBuffer>[] = []
  private filled = 0
  private files: FileBatch['files'] = []
  private under = 0
  private fault: Error | null = null
  private wake: (() => void) | null = null

  /** @param url Of `small-files-thread.ts`, or what it was built into. */
  constructor(url: URL) {
    this.url = url
  }

  /** @returns false when the file is too large for it. The bytes are copied. */
  add(path: string, bytes: Uint8Array): boolean {
    if (bytes.length > BATCH_BYTES / 2) return false
    if (this.filled + bytes.length > BATCH_BYTES || this.files.length === BATCH_FILES) this.send()
    this.bytes.set(bytes, this.filled)
    this.filled += bytes.length
    this.files.push({ path, size: bytes.length })
    return true
  }

  /** @returns null while the thread keeps up, else what to await. Rejects with what went wrong when a file was written. */
  keepUp(): Promise<void> | null {
    return this.under < MOST && this.fault === null ? null : this.until(MOST - 1)
  }

  /** Resolves when every file is written. */
  settle(): Promise<void> {
    this.send()
    return this.until(0)
  }

  /** Ends the thread, whatever it is at. */
  async end(): Promise<void> {
    const worker = this.worker
    this.worker = null
    await worker?.terminate()
  }

  private async until(most: number): Promise<void> {
    while (this.under > most && this.fault === null) {
      await new Promise<void>((resolve) => {
        this.wake = resolve
      })
    }
    if (this.fault !== null) throw this.fault
  }

  private send(): void {
    if (this.files.length === 0) return
    const batch: FileBatch = { bytes: this.bytes, files: this.files }
    this.worker ??= this.start()
    this.worker.postMessage(batch, [this.bytes.buffer])
    this.under++
    this.bytes = this.spare.pop() ?? new Uint8Array(BATCH_BYTES)
    this.filled = 0
    this.files = []
  }

  private start(): Worker {
    const worker = new Worker(this.url, { name: 'export-files' })
    worker.on('message', ({ bytes, fault }: FileBatchDone) => {
      this.under--
      this.spare.push(new Uint8Array(bytes.buffer as ArrayBuffer))
      if (fault !== null) this.fault ??= Object.assign(new Error(fault.message), fault.fields)
      this.wake?.()
    })
    worker.on('error', (error) => this.fail(error instanceof Error ? error : new Error(String(error))))
    worker.on('exit', () => {
      if (this.worker === worker) this.fail(new Error('The thread that writes files ended.'))
    })
    return worker
  }

  private fail(error: Error): void {
    this.fault ??= error
    this.wake?.()
  }
}
