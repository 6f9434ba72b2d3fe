import { describe, expect, it } from 'vitest'
import { Jobs } from '#engine/jobs.ts'
import type { Job } from '#shared/contract/index.ts'
import { JobId, ProblemError } from '#shared/model/index.ts'

function jobs() {
  const told: Job[] = []
  let time = 0
  const waiting: (() => void)[] = []
  const tell = (job: Job) => {
    told.push(job)
    for (const look of waiting) look()
  }
  /** Resolves when `count` jobs have ended. */
  const ended = (count: number) =>
    new Promise<void>((resolve) => {
      const look = () => told.filter((job) => job.phase !== 'running').length >= count && resolve()
      waiting.push(look)
      look()
    })
  return { told, ended, tick: (ms: number) => (time += ms), jobs: new Jobs(tell, () => time) }
}

describe('jobs', () => {
  it('tell that they began, how far they are, and their result', async () => {
    const { jobs: all, told, tick } = jobs()
    const id = all.start('import', 'old.mbox', (control) => {
      control.progress(1, 3)
      control.progress(2, 3)
      tick(1000)
      control.progress(3, 3)
      return Promise.resolve({ new: 3, known: 0, failed: 0, remarks: [] })
    })
    await all.close()
    expect(told.map((job) => [job.phase, job.progress.done])).toEqual([
      ['running', 0],
      ['running', 1],
      ['running', 3],
      ['done', 3],
    ])
    expect(all.list()).toMatchObject([{ id, result: { new: 3, known: 0, failed: 0 }, problem: null }])
  })

  it('end as failed with the problem in words, never silently', async () => {
    const { jobs: all, ended } = jobs()
    all.start('import', 'x', () => Promise.reject(new ProblemError('not_a_mailbox', { path: 'x' })))
    all.start('import', 'y', () => Promise.reject(new TypeError('secret detail')))
    await ended(2)
    expect(all.list().map((job) => [job.phase, job.problem])).toEqual([
      ['failed', { code: 'not_a_mailbox', params: { path: 'x' } }],
      ['failed', { code: 'internal', params: { detail: 'TypeError' } }],
    ])
  })

  it('can be cancelled; an unknown job is said to be unknown', async () => {
    const { jobs: all } = jobs()
    const id = all.start(
      'import',
      'x',
      ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true })),
    )
    all.cancel(id)
    await all.close()
    expect(all.list()[0]?.phase).toBe('cancelled')
    expect(() => all.cancel(JobId.parse('job-99'))).toThrow(ProblemError)
  })

  it('keeps the newest twenty that ended', async () => {
    const { jobs: all, ended } = jobs()
    for (let index = 0; index < 30; index++) all.start('check', String(index), () => Promise.resolve(null))
    await ended(30)
    expect(all.list().map((job) => job.about)).toEqual(Array.from({ length: 20 }, (_, index) => String(index + 10)))
  })
})
