import { useEffect, useRef, useState } from 'react'
import type { Ledger } from '#shared/contract/index.ts'
import { useApp } from '../../app/context.ts'
import { useIdentityMap } from '../../data/queries.ts'
import { useNumber, useSize, useText } from '../../i18n/text.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Bar, Button } from '../../ui/parts.tsx'
import { useCall } from '../accounts/use-call.ts'
import { type CheckProgress, checkLedgers, type LedgerVerdict } from './check-ledgers.ts'

/** Checks every ledger with its records, and says what is to be done when one is not in order. */
export function LedgerCheck({ ledgers }: { ledgers: readonly Ledger[] }) {
  const { engine } = useApp()
  const t = useText()
  const [progress, setProgress] = useState<CheckProgress | null>(null)
  const [outcome, setOutcome] = useState<LedgerVerdict[] | 'stopped' | null>(null)
  const stopping = useRef<AbortController | null>(null)
  // Nobody waits for it any more.
  useEffect(() => () => stopping.current?.abort(), [])
  const check = useCall(async () => {
    stopping.current = new AbortController()
    const { signal } = stopping.current
    const ids = ledgers.map(({ identityId }) => identityId)
    return (await checkLedgers(engine.client.archive, ids, setProgress, signal)) ?? ('stopped' as const)
  })
  const run = async () => {
    setOutcome(null)
    setProgress(null)
    setOutcome(await check.run(undefined))
  }
  const verdicts = outcome === 'stopped' ? [] : (outcome ?? [])
  return (
    <div className="form">
      <h3>{t('ledger.check.title')}</h3>
      <p className="dim">{t('ledger.check.text')}</p>
      {check.busy ? (
        <Running progress={progress} onStop={() => stopping.current?.abort()} />
      ) : (
        <div>
          <Button icon="shield" onPress={() => void run()}>
            {t('ledger.check')}
          </Button>
        </div>
      )}
      <FaultNote problem={check.problem} />
      <div role="status" className="outcome">
        {outcome === 'stopped' ? <p className="note">{t('ledger.stopped')}</p> : null}
        {verdicts.map((verdict) => (
          <Verdict key={verdict.identityId} verdict={verdict} />
        ))}
        {verdicts.some(({ faults }) => faults.length > 0) ? (
          <div className="note bad">
            <p>{t('ledger.wrong.text')}</p>
          </div>
        ) : null}
      </div>
    </div>
  )
}

function Running({ progress, onStop }: { progress: CheckProgress | null; onStop: () => void }) {
  const t = useText()
  const number = useNumber()
  const name = useIdentityMap().get(progress?.identityId as CheckProgress['identityId'])?.name ?? ''
  const label = progress ? t('ledger.checking', { name }) : t('doctor.running')
  return (
    <div className="running">
      <p>
        {label}{' '}
        {progress ? (
          <span className="dim">{t('progress.of', { done: number(progress.done), total: number(progress.total) })}</span>
        ) : null}
      </p>
      <Bar done={progress?.done ?? 0} total={progress?.total ?? null} label={label} />
      <Button onPress={onStop}>{t('common.cancel')}</Button>
    </div>
  )
}

function Verdict({ verdict }: { verdict: LedgerVerdict }) {
  const t = useText()
  const number = useNumber()
  const size = useSize()
  const name = useIdentityMap().get(verdict.identityId)?.name ?? verdict.identityId
  const { faults, more, entries, records, bytes } = verdict
  const ok = faults.length === 0
  return (
    <div className="verdict" data-ok={ok}>
      <p>
        <Icon name={ok ? 'check' : 'warning'} />
        <strong>
          <bdi>{name}</bdi>
        </strong>
        <span>{ok ? t('ledger.ok') : t('ledger.wrong', { count: faults.length + more })}</span>
        <span className="dim">
          {t('ledger.okCounts', { entries: number(entries), records: number(records), size: size(bytes) })}
        </span>
      </p>
      {ok ? null : (
        <ul>
          {faults.map(({ code, seq }) => (
            <li key={`${code} ${seq}`}>{t('ledger.fault', { seq: number(seq), what: t(`fault.${code}`) })}</li>
          ))}
          {more > 0 ? <li>{t('ledger.more', { count: more })}</li> : null}
        </ul>
      )}
    </div>
  )
}
