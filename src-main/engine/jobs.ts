import type { Job } from '#shared/contract/index.ts'
import { JobId, ProblemError } from '#shared/model/index.ts'
import { toProblem } from './problems.ts'

/** Finished jobs kept for showing. */
const KEEP_FINISHED = 20
/** Progress is told at most this often, in ms of monotonic time. */
const TELL_EVERY_MS = 200

export interface JobControl {
  signal: AbortSignal
  progress(done: number, total: number | null): void
}

/** What a job is asked for: counts of what was brought in, what came of an export, or nothing. */
type Result = Job['result'] | { exported: NonNullable<Job['exported']> }

/** Long work that a person can watch and cancel. */
export class Jobs {
  private readonly jobs = new Map<JobId, { job: Job; controller: AbortController; finished: Promise<void> }>()
  private next = 1
  private readonly tell: (job: Job) => void
  private readonly monotonic: () => number

  constructor(tell: (job: Job) => void, monotonic: () => number) {
    this.tell = tell
    this.monotonic = monotonic
  }

  list(): Job[] {
    return [...this.jobs.values()].map((entry) => entry.job)
  }

  /** Starts `work` and returns its id at once. */
  start(kind: Job['kind'], about: string, work: (control: JobControl) => Promise<Result>): JobId {
    const id = JobId.parse(`job-${this.next++}`)
    const controller = new AbortController()
    let told = -Infinity
    const set = (change: Partial<Job>, always: boolean) => {
      const entry = this.jobs.get(id)
      if (!entry) return
      entry.job = { ...entry.job, ...change }
      const now = this.monotonic()
      if (!always && now - told < TELL_EVERY_MS) return
      told = now
      this.tell(entry.job)
    }
    const run = async () => {
      const progress = (done: number, total: number | null) => set({ progress: { done, total } }, false)
      try {
        const result = await work({ signal: controller.signal, progress })
        set(result && 'exported' in result ? { phase: 'done', ...result } : { phase: 'done', result }, true)
      } catch (error) {
        if (controller.signal.aborted) set({ phase: 'cancelled' }, true)
        else set({ phase: 'failed', problem: toProblem(error) }, true)
      }
      this.forgetOld()
    }
    const job: Job = {
      id,
      kind,
      about,
      phase: 'running',
      progress: { done: 0, total: null },
      result: null,
      exported: null,
      problem: null,
    }
    const entry = { job, controller, finished: Promise.resolve() }
    this.jobs.set(id, entry)
    this.tell(job)
    entry.finished = run()
    return id
  }

  /** @throws `not_found` */
  cancel(id: JobId): void {
    const entry = this.jobs.get(id)
    if (!entry) throw new ProblemError('not_found', { what: 'job', id })
    entry.controller.abort()
  }

  /** Cancels everything and waits for it to end. */
  async close(): Promise<void> {
    for (const entry of this.jobs.values()) entry.controller.abort()
    await Promise.all([...this.jobs.values()].map((entry) => entry.finished))
  }

  private forgetOld(): void {
    const finished = [...this.jobs.values()].filter((entry) => entry.job.phase !== 'running')
    for (const entry of finished.slice(0, Math.max(0, finished.length - KEEP_FINISHED))) this.jobs.delete(entry.job.id)
  }
}
