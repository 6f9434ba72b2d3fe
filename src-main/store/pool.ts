import { Worker } from 'node:worker_threads'
import type { Log } from '#ports/index.ts'
import { type Problem, ProblemError } from '#shared/model/index.ts'
import type { Answer, Call, Go, ThreadData } from './protocol.ts'

interface Job {
  method: string
  args: unknown[]
  transfer: ArrayBuffer[]
  resolve(value: unknown): void
  reject(error: unknown): void
  /** Its number, once it runs. */
  id: number
}

/** Calls slower than this are logged. */
const slowMs = 40
/** A thread that fails so often without answering a call in between is started again only when it is asked for. */
const mostRestarts = 3

const asError = (problem: Problem): ProblemError => new ProblemError(problem.code, problem.params)

/** One database thread: does one call at a time, in order; started again when it crashes. */
export class Thread {
  readonly #url: URL
  #data: ThreadData
  readonly #log: Log
  readonly #onProblem: (problem: ProblemError) => void
  #worker: Worker | null = null
  #queue: Job[] = []
  #running: Job | null = null
  #startedAt = 0
  #nextId = 1
  #restarts = 0
  readonly #stop: Int32Array
  #starting = false
  #closing = false

  constructor(url: URL, data: ThreadData, log: Log, onProblem: (problem: ProblemError) => void) {
    this.#url = url
    this.#data = data
    this.#stop = new Int32Array(data.stop)
    this.#log = log
    this.#onProblem = onProblem
  }

  /** Calls that wait or run. */
  get load(): number {
    return this.#queue.length + (this.#running ? 1 : 0)
  }

  /**
   * Starts the thread and waits until it has the database open.
   * @param turn When it may open it. The thread loads what it needs meanwhile; when this rejects it ends.
   */
  start(turn: Promise<unknown> = Promise.resolve()): Promise<{ readOnly: boolean }> {
    this.#starting = true
    return new Promise<{ readOnly: boolean }>((resolve, reject) => {
      const worker = new Worker(this.#url, { workerData: this.#data, name: `store-${this.#data.role}` })
      let ready = false
      const go: Go = 'open'
      turn.then(
        () => worker.postMessage(go),
        (error: unknown) => {
          reject(error)
          void worker.terminate()
        },
      )
      worker.on('message', (answer: Answer) => {
        if (answer.kind === 'ready') {
          ready = true
          this.#starting = false
          if (this.#closing) void worker.terminate()
          // A writer that must not write ends by itself.
          this.#closing ||= answer.readOnly
          this.#worker = this.#closing ? null : worker
          resolve({ readOnly: answer.readOnly })
          this.#next()
        } else if (answer.kind === 'failed') {
          reject(asError(answer.problem))
          void worker.terminate()
        } else this.#answered(answer)
      })
      worker.on('error', (error) => {
        this.#log.error('store.thread', { role: this.#data.role, error: error.name })
        if (!ready) reject(new ProblemError('internal', { detail: 'a database thread could not start' }, { cause: error }))
      })
      worker.on('exit', () => {
        if (!ready) reject(new ProblemError('internal', { detail: 'a database thread ended while starting' }))
        else this.#ended()
      })
    }).catch((error: unknown) => {
      this.#starting = false
      throw error
    })
  }

  /** @param signal Gives the call up: it is dropped while it waits, and asked to stop once it runs. */
  call(method: string, args: unknown[], transfer: ArrayBuffer[] = [], signal?: AbortSignal): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const job: Job = { method, args, transfer, resolve, reject, id: 0 }
      if (signal) this.#heed(job, signal)
      if (signal?.aborted) return
      this.#queue.push(job)
      if (!this.#worker && !this.#starting && !this.#closing) this.#startAgain()
      this.#next()
    })
  }

  #heed(job: Job, signal: AbortSignal): void {
    const giveUp = () => {
      if (this.#running === job) Atomics.store(this.#stop, 0, job.id)
      else {
        this.#queue = this.#queue.filter((waiting) => waiting !== job)
        job.reject(new ProblemError('cancelled'))
      }
    }
    if (signal.aborted) giveUp()
    else signal.addEventListener('abort', giveUp, { once: true })
    const { resolve, reject } = job
    job.resolve = (value) => {
      signal.removeEventListener('abort', giveUp)
      resolve(value)
    }
    job.reject = (error) => {
      signal.removeEventListener('abort', giveUp)
      reject(error)
    }
  }

  #next(): void {
    if (!this.#worker || this.#running) return
    const job = this.#queue.shift()
    if (!job) return
    this.#running = job
    this.#startedAt = performance.now()
    job.id = this.#nextId++
    const call: Call = { id: job.id, method: job.method, args: job.args }
    try {
      this.#worker.postMessage(call, job.transfer)
    } catch (error) {
      this.#running = null
      job.reject(new ProblemError('bad_request', { detail: 'the values cannot be handed to the database' }, { cause: error }))
      this.#next()
    }
  }

  #answered(answer: Extract<Answer, { kind: 'done' | 'fault' }>): void {
    const job = this.#running
    if (!job) return
    this.#running = null
    this.#restarts = 0
    const ms = Math.round(performance.now() - this.#startedAt)
    if (ms > slowMs) this.#log.debug('store.slow', { method: job.method, ms, role: this.#data.role })
    if (answer.kind === 'done') job.resolve(answer.value)
    else {
      const error = asError(answer.problem)
      this.#onProblem(error)
      job.reject(error)
    }
    this.#next()
  }

  /** The thread is gone: what ran is rejected (it may or may not be saved), what waits goes to the next one. */
  #ended(): void {
    this.#worker = null
    const job = this.#running
    this.#running = null
    if (this.#closing) {
      this.#rejectAll(new ProblemError('cancelled'))
      // A thread that ended before its answer was delivered has closed all the same.
      if (job?.method === 'close') job.resolve(undefined)
      else job?.reject(new ProblemError('cancelled'))
      return
    }
    job?.reject(new ProblemError('internal', { detail: `the database thread stopped during ${job.method}` }))
    this.#restarts += 1
    if (this.#restarts > mostRestarts) {
      this.#rejectAll(new ProblemError('internal', { detail: 'the database thread keeps stopping' }))
      return
    }
    this.#log.warn('store.restart', { role: this.#data.role, during: job?.method ?? null })
    this.#startAgain()
  }

  #startAgain(): void {
    this.#data = { ...this.#data, tidy: true }
    this.start().catch((error: unknown) => this.#rejectAll(error))
  }

  #rejectAll(error: unknown): void {
    const waiting = this.#queue
    this.#queue = []
    for (const job of waiting) job.reject(error)
  }

  /** Lets what waits finish, closes the connection and ends the thread. */
  async close(): Promise<void> {
    if (this.#closing) return
    const worker = this.#worker
    if (!worker) {
      this.#closing = true
      return
    }
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
    const closed = this.call('close', [])
    this.#closing = true
    try {
      await closed
    } finally {
      await ended
    }
  }
}
