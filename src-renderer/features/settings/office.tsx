import { useEffect, useRef, useState } from 'react'
import { useApp } from '../../app/context.ts'
import { useStatus } from '../../data/queries.ts'
import { useSize, useText } from '../../i18n/text.ts'
import { native } from '../../platform/native.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Button, Field } from '../../ui/parts.tsx'
import { useStore } from '../../ui/store.ts'
import { ImportForm } from '../accounts/import-form.tsx'
import { useCall } from '../accounts/use-call.ts'

/** The office itself: where it is, how it is protected, backup, check and import. */
export function OfficeSettings() {
  const t = useText()
  const { data: status } = useStatus()
  return (
    <>
      <section className="settings-part" aria-labelledby="settings-import">
        <h2 id="settings-import">{t('connect.files')}</h2>
        <ImportForm />
      </section>
      <section className="settings-part" aria-labelledby="settings-office">
        <h2 id="settings-office">{t('settings.office')}</h2>
        {status ? (
          <dl className="facts">
            <dt>{t('office.dir')}</dt>
            <dd dir="ltr" className="path">
              {status.dir}
            </dd>
            <dt>{t('office.key')}</dt>
            <dd>{t(`office.key.${status.key}`)}</dd>
            <dt>{t('office.version')}</dt>
            <dd dir="ltr">{status.version}</dd>
          </dl>
        ) : null}
        <Backup />
        <Doctor />
      </section>
    </>
  )
}

function Backup() {
  const { engine, screen } = useApp()
  const t = useText()
  const size = useSize()
  const part = useRef<HTMLDivElement>(null)
  const wanted = useStore(screen, (now) => now.backup)
  useEffect(() => {
    const box = part.current
    const page = box?.closest('.settings-page')
    if (!wanted || !box || !page) return
    box.querySelector<HTMLElement>('input, button')?.focus({ preventScroll: true })
    // The parts above grow when what they show has been read. It stays in sight until the person does something.
    const observer = new ResizeObserver(() => box.scrollIntoView({ block: 'center' }))
    observer.observe(page)
    const taken = () => screen.set((now) => ({ ...now, backup: false }))
    const acts = ['keydown', 'pointerdown', 'wheel'] as const
    for (const act of acts) window.addEventListener(act, taken, { capture: true })
    return () => {
      observer.disconnect()
      for (const act of acts) window.removeEventListener(act, taken, { capture: true })
    }
  }, [screen, wanted])
  const [file, setFile] = useState('')
  const [bytes, setBytes] = useState<number | null>(null)
  const backup = useCall((path: string) => engine.client.office.backup({ file: path }))
  const run = async (path: string) => {
    setBytes(null)
    const made = await backup.run(path)
    if (made) setBytes(made.bytes)
  }
  const choose = async () => {
    const path = await native?.chooseFile({ kind: 'save', name: 'office.backup' })
    if (path) void run(path)
  }
  return (
    <div className="form" ref={part}>
      <h3>{t('backup.title')}</h3>
      <p className="dim">{t('backup.text')}</p>
      {native ? (
        <div>
          <Button icon="save" isDisabled={backup.busy} onPress={() => void choose()}>
            {backup.busy ? t('backup.running') : t('backup.make')}
          </Button>
        </div>
      ) : (
        <form
          className="inline-form"
          onSubmit={(event) => {
            event.preventDefault()
            void run(file.trim())
          }}
        >
          <Field label={t('backup.file')} value={file} onChange={setFile} required ltr />
          <Button type="submit" icon="save" isDisabled={backup.busy || file.trim() === ''}>
            {backup.busy ? t('backup.running') : t('backup.make')}
          </Button>
        </form>
      )}
      {bytes === null ? null : (
        <p className="note" role="status">
          {t('backup.done', { size: size(bytes) })}
        </p>
      )}
      <FaultNote problem={backup.problem} />
    </div>
  )
}

function Doctor() {
  const { engine } = useApp()
  const t = useText()
  const [findings, setFindings] = useState<Awaited<ReturnType<typeof engine.client.office.doctor>> | null>(null)
  const doctor = useCall(() => engine.client.office.doctor({}))
  return (
    <div className="form">
      <h3>{t('doctor.title')}</h3>
      <p className="dim">{t('doctor.text')}</p>
      <div>
        <Button icon="shield" isDisabled={doctor.busy} onPress={async () => setFindings(await doctor.run(undefined))}>
          {doctor.busy ? t('doctor.running') : t('doctor.run')}
        </Button>
      </div>
      {findings ? (
        <ul className="doctor" aria-label={t('doctor.title')}>
          {findings.map((finding) => (
            <li key={finding.check} data-ok={finding.ok}>
              <Icon name={finding.ok ? 'check' : 'warning'} />
              <span>{t(`doctor.${finding.check}`)}</span>
              <span className="dim">{finding.ok ? t('doctor.ok') : finding.detail}</span>
            </li>
          ))}
        </ul>
      ) : null}
      <FaultNote problem={doctor.problem} />
    </div>
  )
}
