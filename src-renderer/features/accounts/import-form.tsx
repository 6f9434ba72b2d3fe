import { useState } from 'react'
import type { Account, AccountId } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { useAccounts, useJobs } from '../../data/queries.ts'
import type { MessageKey } from '../../i18n/catalog.ts'
import { useNumber, useProblemText, useText } from '../../i18n/text.ts'
import { native } from '../../platform/native.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Bar, Button, Choice, Field } from '../../ui/parts.tsx'
import { useCall } from './use-call.ts'

type Format = Account['capabilities']['imports'][number]
const names: Record<Format, MessageKey> = {
  mbox: 'import.mbox',
  maildir: 'import.maildir',
  eml: 'import.eml',
  archive: 'import.archive',
}

/** Brings messages in from files on this computer, into an account that is already there. */
export function ImportForm() {
  const { engine } = useApp()
  const t = useText()
  const { data: all = [] } = useAccounts()
  const accounts = all.filter((account) => account.capabilities.imports.length > 0)
  const [chosen, setChosen] = useState<AccountId | null>(null)
  const account = accounts.find((one) => one.id === chosen) ?? accounts[0]
  const [format, setFormat] = useState<Format>('mbox')
  const [path, setPath] = useState('')
  const start = useCall((target: Account) =>
    engine.client.accounts.importFiles({ id: target.id, identityId: target.identityId, format, path: path.trim() }),
  )
  if (!account) return <p className="note">{t('import.noAccount')}</p>
  const choose = async () => {
    const picked = await native?.chooseFile({ kind: format === 'mbox' ? 'file' : 'folder' })
    if (picked) setPath(picked)
  }
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        void start.run(account)
      }}
    >
      <Choice
        label={t('import.into')}
        value={account.id}
        options={accounts.map((one) => ({ value: one.id, label: one.label }))}
        onChange={setChosen}
      />
      <Choice
        label={t('import.format')}
        value={format}
        options={account.capabilities.imports.map((value) => ({ value, label: t(names[value]) }))}
        onChange={setFormat}
      />
      <div className="inline-form">
        <Field
          label={t('import.path')}
          value={path}
          onChange={setPath}
          required
          ltr
          {...(native ? {} : { help: t('import.path.help') })}
        />
        {native ? <Button onPress={() => void choose()}>{t('import.choose')}</Button> : null}
      </div>
      <FaultNote problem={start.problem} />
      <div className="form-foot">
        <Button type="submit" look="primary" icon="import" isDisabled={start.busy || path.trim() === ''}>
          {t('import.start')}
        </Button>
      </div>
      <ImportJobs />
    </form>
  )
}

/** Imports that run or ran since the program was started. */
function ImportJobs() {
  const { engine } = useApp()
  const t = useText()
  const say = useProblemText()
  const number = useNumber()
  const cancel = useCall((id: (typeof jobs)[number]['id']) => engine.client.jobs.cancel({ id }))
  const { data = [] } = useJobs()
  const jobs = data.filter((job) => job.kind === 'import')
  if (jobs.length === 0) return null
  return (
    <ul className="jobs" aria-label={t('import.jobs')}>
      {jobs.map((job) => (
        <li key={job.id}>
          <bdi>{job.about}</bdi>
          {job.phase === 'running' ? (
            <>
              <Bar done={job.progress.done} total={job.progress.total} label={job.about} />
              <Button look="plain" onPress={() => void cancel.run(job.id)}>
                {t('common.cancel')}
              </Button>
            </>
          ) : null}
          {job.result ? (
            <span className="dim">
              {t('import.result', {
                new: number(job.result.new),
                known: number(job.result.known),
                failed: number(job.result.failed),
              })}
            </span>
          ) : null}
          {job.problem ? <span className="bad-text">{say(job.problem)}</span> : null}
        </li>
      ))}
    </ul>
  )
}
