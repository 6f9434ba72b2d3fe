import type { ExportSummary, Job } from '#shared/contract/index.ts'
import { useApp } from '../../app/context.ts'
import { useJobs } from '../../data/queries.ts'
import { useNumber, useProblemText, useSize, useText } from '../../i18n/text.ts'
import { copyText } from '../../platform/native.ts'
import { Bar, Button } from '../../ui/parts.tsx'
import { useCall } from '../accounts/use-call.ts'

/** Exports that run or ran since the program was started. */
export function ExportJobs() {
  const t = useText()
  const { data: jobs = [] } = useJobs()
  const exports = jobs.filter(({ kind }) => kind === 'export')
  if (exports.length === 0) return null
  return (
    <ul className="jobs" aria-label={t('export.jobs')}>
      {exports.map((job) => (
        <li key={job.id}>
          <bdi>{job.about}</bdi>
          <ExportJob job={job} />
        </li>
      ))}
    </ul>
  )
}

/** How far an export is, or what came of it. */
export function ExportJob({ job }: { job: Job }) {
  const t = useText()
  const say = useProblemText()
  if (job.phase === 'running') return <RunningExport job={job} />
  if (job.phase === 'cancelled') return <p className="note">{t('export.cancelled')}</p>
  if (job.problem) return <p className="note bad">{say(job.problem)}</p>
  return job.exported ? <Outcome summary={job.exported} /> : null
}

function RunningExport({ job }: { job: Job }) {
  const { engine } = useApp()
  const t = useText()
  const number = useNumber()
  const cancel = useCall(() => engine.client.jobs.cancel({ id: job.id }))
  const { done, total } = job.progress
  return (
    <div className="running">
      <p role="status">
        {t('export.running')}{' '}
        <span className="dim">
          {total === null
            ? t('progress.done', { done: number(done) })
            : t('progress.of', { done: number(done), total: number(total) })}
        </span>
      </p>
      <Bar done={done} total={total} label={t('export.running')} />
      <Button isDisabled={cancel.busy} onPress={() => void cancel.run(undefined)}>
        {t('common.cancel')}
      </Button>
    </div>
  )
}

function Outcome({ summary }: { summary: ExportSummary }) {
  const app = useApp()
  const t = useText()
  const number = useNumber()
  const size = useSize()
  const { dir, records, redacted, files, bytes, damaged, stillThere, idle } = summary
  return (
    <div className="outcome">
      <p>
        <strong>{t('export.done')}</strong>{' '}
        {t('export.counts', {
          records: number(records),
          redacted: number(redacted),
          files: number(files),
          size: size(bytes),
        })}
      </p>
      <p className="path">
        <bdi dir="ltr">{dir}</bdi>
      </p>
      {damaged > 0 ? <p className="note warn">{t('export.damaged', { count: damaged })}</p> : null}
      {stillThere > 0 ? <p className="note warn">{t('export.stillThere', { count: stillThere })}</p> : null}
      {idle.length > 0 ? (
        <p className="note warn">{t('export.idle', { places: idle.map(number).join(t('common.listSeparator')) })}</p>
      ) : null}
      <p className="dim">{t('export.verify')}</p>
      <div>
        <Button icon="copy" onPress={() => app.notices.tell(copyText(dir) ? 'copy.done' : 'copy.failed')}>
          {t('export.copyDir')}
        </Button>
      </div>
    </div>
  )
}
