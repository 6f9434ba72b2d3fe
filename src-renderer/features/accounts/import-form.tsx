import { useState } from 'react'
import type { Account, AccountId } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { useAccounts, useJobs } from '../../data/queries.ts'
import type { MessageKey } from '../../i18n/catalog.ts'
import { useNumber, useProblemText, useText } from '../../i18n/text.ts'
import { native } from '../../platform/native.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Bar, Button, Choice, Field } from '../../ui/parts.tsx'
import { ImportRemarks } from './import-remarks.tsx'
import { useCall } from './use-call.ts'

type Format = Account['capabilities']['imports'][number]
const names: Record<Format, MessageKey> = {
  mbox: 'import.mbox',
  maildir: 'import.maildir',
  eml: 'import.eml',
  archive: 'import.archive',
}

/** Brings messages in from files on this computer, into an account that is already there. @param into the only one to choose. */
export function ImportForm({ into }: { into?: AccountId }) {
  const { engine } = useApp()
  const t = useText()
  const { data: all = [] } = useAccounts()
  const accounts = all.filter(({ id, capabilities }) => (into === undefined ? capabilities.imports.length > 0 : id === into))
  const [chosen, setChosen] = useState<AccountId | null>(null)
  const account = accounts.find((one) => one.id === chosen) ?? accounts[0]
  const [wanted, setWanted] = useState<Format>('mbox')
  const formats = account?.capabilities.imports ?? []
  const format = formats.includes(wanted) ? wanted : (formats[0] ?? 'mbox')
  const [path, setPath] = useState('')
  const start = useCall((target: Account) =>
    engine.client.accounts.importFiles({ id: target.id, identityId: target.identityId, format, path: path.trim(), parts: [] }),
  )
  if (!account) return <p className="note">{t('import.noAccount')}</p>
  const choose = async (kind: 'file' | 'folder') => {
    const picked = await native?.chooseFile({ kind })
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
      {into === undefined ? (
        <Choice
          label={t('import.into')}
          value={account.id}
          options={accounts.map((one) => ({ value: one.id, label: one.label }))}
          onChange={setChosen}
        />
      ) : null}
      {formats.length > 1 ? (
        <Choice
          label={t('import.format')}
          value={format}
          options={formats.map((value) => ({ value, label: t(names[value]) }))}
          onChange={setWanted}
        />
      ) : null}
      <div className="inline-form">
        <Field
          label={t('import.path')}
          value={path}
          onChange={setPath}
          required
          ltr
          {...(native ? {} : { help: t('import.path.help') })}
        />
        {native && format !== 'maildir' && format !== 'eml' ? (
          <Button onPress={() => void choose('file')}>{t('import.choose')}</Button>
        ) : null}
        {native && format !== 'mbox' ? <Button onPress={() => void choose('folder')}>{t('import.chooseFolder')}</Button> : null}
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
          {job.result ? <ImportRemarks remarks={job.result.remarks} /> : null}
          {job.problem ? <span className="bad-text">{say(job.problem)}</span> : null}
        </li>
      ))}
    </ul>
  )
}
