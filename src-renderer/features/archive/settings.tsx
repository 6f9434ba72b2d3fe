import type { Ledger } from '#shared/contract/index.ts'
import { useApp } from '../../app/context.ts'
import { toProblem } from '../../data/faults.ts'
import { useIdentityMap, useStatus } from '../../data/queries.ts'
import { useDates } from '../../i18n/dates.ts'
import { useText } from '../../i18n/text.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Mark } from '../../ui/mark.tsx'
import { Button } from '../../ui/parts.tsx'
import { useCall } from '../accounts/use-call.ts'
import { ExportJobs } from './export-jobs.tsx'
import { LedgerCheck } from './ledger-check.tsx'
import { archiveKeys, useLedgers } from './queries.ts'
import { showExport } from './show-export.ts'
import './archive.css'

/** The archive: each identity's ledger, the check of all of them, and exports. */
export function ArchiveSettings() {
  const app = useApp()
  const t = useText()
  const { data: ledgers = [], error } = useLedgers()
  return (
    <section className="settings-part" aria-labelledby="settings-archive">
      <h2 id="settings-archive">{t('ledger.title')}</h2>
      <p className="dim">{t('ledger.text')}</p>
      <FaultNote problem={error ? toProblem(error) : null} />
      <ul className="settings-list">
        {ledgers.map((ledger) => (
          <LedgerItem key={ledger.identityId} ledger={ledger} />
        ))}
      </ul>
      {ledgers.length > 0 ? <LedgerCheck ledgers={ledgers} /> : null}
      <div className="form">
        <h3>{t('export.title')}</h3>
        <p className="dim">{t('export.text')}</p>
        <div>
          <Button icon="save" onPress={() => showExport(app, '')}>
            {t('export.open')}
          </Button>
        </div>
        <ExportJobs />
      </div>
    </section>
  )
}

function LedgerItem({ ledger }: { ledger: Ledger }) {
  const app = useApp()
  const t = useText()
  const dates = useDates()
  const identity = useIdentityMap().get(ledger.identityId)
  const readOnly = useStatus().data?.readOnly ?? false
  const { checkpoint, identityId, size } = ledger
  const sign = useCall(async () => {
    await app.engine.client.archive.checkpoint({ identityId })
    app.notices.tell('ledger.signed')
    await app.queries.invalidateQueries({ queryKey: archiveKeys.ledgers })
  })
  const name = identity?.name ?? identityId
  return (
    <li>
      {identity ? <Mark identity={identity} /> : null}
      <span className="grow">
        <strong>
          <bdi>{name}</bdi>
        </strong>
        <span className="dim">
          {t('ledger.entries', { count: size })}
          {' · '}
          {checkpoint
            ? `${t('ledger.lastSigned', { at: dates.medium(checkpoint.madeAt) })} · ${t('ledger.since', { count: size - checkpoint.size })}`
            : t('ledger.neverSigned')}
        </span>
        <FaultNote problem={sign.problem} />
      </span>
      <Button
        isDisabled={sign.busy || readOnly || checkpoint?.size === size}
        onPress={() => void sign.run(undefined)}
        aria-label={t('ledger.signNamed', { name })}
      >
        {t('ledger.sign')}
      </Button>
    </li>
  )
}
