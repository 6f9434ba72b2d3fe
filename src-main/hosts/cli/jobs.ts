import type { Client } from '#shared/contract/client.ts'
import type { Change, Job } from '#shared/contract/index.ts'
import { type JobId, ProblemError } from '#shared/model/index.ts'
import type { Cli } from './cli.ts'
import { Cancelled } from './errors.ts'

/**
 * Starts a job and follows it to its end, showing how far it is. Ctrl+C cancels the job and waits until it has ended.
 * @param cancelled What to say when it was cancelled.
 * @throws the job's problem; `Cancelled`
 */
export async function followJob(
  cli: Cli,
  client: Client,
  start: () => Promise<{ job: JobId }>,
  words: { progress: (job: Job) => string; cancelled: string },
): Promise<Job> {
  const stop = new AbortController()
  const changes = await client.office.changes({}, { signal: stop.signal })
  try {
    const { job: id } = await start()
    const cancel = () => {
      cli.out.note('Cancelling: what has begun is being finished.')
      // When it has ended meanwhile there is nothing to cancel; its end is told all the same.
      client.jobs.cancel({ id }).catch(() => undefined)
    }
    if (cli.signal.aborted) cancel()
    cli.signal.addEventListener('abort', cancel, { once: true })
    try {
      const ended = await end(id, changes, client, (job) => cli.out.progress(words.progress(job)))
      if (ended.phase === 'cancelled') throw new Cancelled(words.cancelled)
      if (ended.problem) throw new ProblemError(ended.problem.code, ended.problem.params)
      return ended
    } finally {
      cli.signal.removeEventListener('abort', cancel)
    }
  } finally {
    stop.abort()
  }
}

async function end(id: JobId, changes: AsyncIterable<Change>, client: Client, show: (job: Job) => void): Promise<Job> {
  // It may have ended before the first change is read.
  const now = (await client.jobs.list()).find((job) => job.id === id)
  if (now && now.phase !== 'running') return now
  for await (const change of changes) {
    if (change.kind !== 'job' || change.job.id !== id) continue
    if (change.job.phase !== 'running') return change.job
    show(change.job)
  }
  throw new ProblemError('disconnected')
}

/** `1,234 of 5,678` or, where the whole is not known, `1,234`. */
export function howFar({ done, total }: { done: number; total: number | null }): string {
  return total === null ? number(done) : `${number(done)} of ${number(total)}`
}

export function number(value: number): string {
  return value.toLocaleString('en')
}
