import { useState } from 'react'
import type { IdentityId, JobId } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { toProblem } from '../../data/faults.ts'
import { useIdentities, useJobs } from '../../data/queries.ts'
import { useText } from '../../i18n/text.ts'
import { native } from '../../platform/native.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Button, Choice, Field, Front } from '../../ui/parts.tsx'
import { useCall } from '../accounts/use-call.ts'
import { ExportJob } from './export-jobs.tsx'
import { useRecordCount } from './queries.ts'
import './archive.css'

/** Exports what a search finds, or everything, as an evidence pack. */
export default function ExportDialog({ words, onClose }: { words: string; onClose: () => void }) {
  const t = useText()
  const [job, setJob] = useState<JobId | null>(null)
  return (
    <Front title={t('export.title')} onClose={onClose}>
      {job === null ? <ExportForm words={words} onStarted={setJob} /> : <Started id={job} onClose={onClose} />}
    </Front>
  )
}

function Started({ id, onClose }: { id: JobId; onClose: () => void }) {
  const t = useText()
  const { data: jobs = [] } = useJobs()
  const job = jobs.find((one) => one.id === id)
  if (!job) return null
  return (
    <div className="form">
      <ExportJob job={job} />
      {job.phase === 'running' ? <p className="dim">{t('export.background')}</p> : null}
      <div className="dialog-foot">
        <Button look={job.phase === 'running' ? 'normal' : 'primary'} onPress={onClose}>
          {t('common.close')}
        </Button>
      </div>
    </div>
  )
}

function ExportForm({ words, onStarted }: { words: string; onStarted: (job: JobId) => void }) {
  const app = useApp()
  const t = useText()
  const { data: identities = [] } = useIdentities()
  const [query, setQuery] = useState(words)
  const [identity, setIdentity] = useState<IdentityId | 'all'>('all')
  const [by, setBy] = useState('')
  const [dir, setDir] = useState('')
  const [redactions, setRedactions] = useState('')
  const identityIds = identity === 'all' ? null : [identity]
  const count = useRecordCount(query, identityIds)
  const start = useCall(() =>
    app.engine.client.archive.export({
      query,
      identityIds,
      dir: dir.trim(),
      redactions: redactions.trim() || null,
      by: by.trim(),
    }),
  )
  const choose = async (kind: 'file' | 'save', take: (path: string) => void) => {
    const name = kind === 'save' ? { name: `evidence-${new Date().toLocaleDateString('sv')}` } : {}
    const path = await native?.chooseFile({ kind, ...name })
    if (path) take(path)
  }
  const records = count.data?.records
  const ready = by.trim() !== '' && dir.trim() !== '' && records !== undefined && records > 0
  return (
    <form
      className="form"
      onSubmit={async (event) => {
        event.preventDefault()
        const started = await start.run(undefined)
        if (started) onStarted(started.job)
      }}
    >
      <p className="dim">{t('export.text')}</p>
      {words === '' ? null : (
        <Choice
          label={t('export.scope')}
          value={query}
          options={[
            { value: words, label: t('export.scope.search', { words }) },
            { value: '', label: t('export.scope.all') },
          ]}
          onChange={setQuery}
        />
      )}
      <Choice
        label={t('export.identity')}
        value={identity}
        options={[{ value: 'all', label: t('rail.everyone') }, ...identities.map(({ id, name }) => ({ value: id, label: name }))]}
        onChange={setIdentity}
      />
      <p className="note" role="status">
        {records === undefined ? t('common.loading') : t('export.count', { count: records })}
      </p>
      <FaultNote problem={count.error ? toProblem(count.error) : null} />
      <Field label={t('export.by')} value={by} onChange={setBy} required help={t('export.by.help')} />
      <PathField
        label={t('export.dir')}
        value={dir}
        onChange={setDir}
        required
        help={native ? undefined : t('export.dir.help')}
        onChoose={() => void choose('save', setDir)}
      />
      <PathField
        label={t('export.redactions')}
        value={redactions}
        onChange={setRedactions}
        help={t('export.redactions.help')}
        onChoose={() => void choose('file', setRedactions)}
      />
      <FaultNote problem={start.problem} />
      <div className="form-foot">
        <Button type="submit" look="primary" icon="save" isDisabled={start.busy || !ready}>
          {t('export.start')}
        </Button>
      </div>
    </form>
  )
}

interface PathFieldProps {
  label: string
  value: string
  onChange: (value: string) => void
  help: string | undefined
  required?: boolean
  onChoose: () => void
}

/** A path: chosen where the window can ask the desktop, else typed. */
function PathField({ onChoose, required = false, ...field }: PathFieldProps) {
  const t = useText()
  return (
    <div className="inline-form path-field">
      <Field {...field} required={required} ltr />
      {native ? (
        <Button onPress={onChoose} aria-label={`${t('import.choose')} ${field.label}`}>
          {t('import.choose')}
        </Button>
      ) : null}
    </div>
  )
}
