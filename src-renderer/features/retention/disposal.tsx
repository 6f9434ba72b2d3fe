import { useState } from 'react'
import type { Disposal } from '#shared/contract/index.ts'
import { useApp } from '../../app/context.ts'
import { useDates } from '../../i18n/dates.ts'
import { useText } from '../../i18n/text.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Button } from '../../ui/parts.tsx'
import { useCall } from '../accounts/use-call.ts'
import { Certificate } from './certificate.tsx'
import { Decide } from './decide.tsx'
import { DisposalItems } from './items.tsx'

type Open = 'items' | 'approve' | 'withdraw' | 'certificate'

/** One disposal: what it is about, where it stands, and what can be done with it. */
export function DisposalItem({ disposal }: { disposal: Disposal }) {
  const { engine } = useApp()
  const t = useText()
  const dates = useDates()
  const [open, setOpen] = useState<Open | null>(null)
  const { id, identityId, state, approved, withdrawn, proposed } = disposal
  const target = { id, identityId }
  const run = useCall(() => engine.client.retention.runDisposal(target))
  const pending = state === 'proposed' || state === 'approved'
  const due = state === 'approved' && Date.parse(disposal.dueAt) <= Date.now()
  const what = `${t(`disposal.cause.${disposal.cause}`)}${disposal.handle === null ? '' : `: ${disposal.handle}`}`
  const close = () => setOpen(null)
  return (
    <li>
      <span className="grow">
        <strong dir="auto">{what}</strong>
        <span>
          {t(`disposal.state.${state}`)}
          {pending ? ` · ${t('disposal.due', { at: dates.day(disposal.dueAt) })}` : ''}
          {disposal.doneAt === null ? '' : ` · ${t('disposal.doneAt', { at: dates.medium(disposal.doneAt) })}`}
        </span>
        <span>
          {t('disposal.going', { count: disposal.going })} · {t('disposal.kept', { count: disposal.kept })}
        </span>
        <span className="dim" dir="auto">
          {disposal.reason}
        </span>
        <span className="dim">{t('disposal.proposedBy', { by: proposed.by, at: dates.medium(proposed.at) })}</span>
        {approved ? (
          <span className="dim">{t('disposal.approvedBy', { by: approved.by, at: dates.medium(approved.at) })}</span>
        ) : null}
        {withdrawn ? (
          <span className="dim">{t('disposal.withdrawnBy', { by: withdrawn.by, at: dates.medium(withdrawn.at) })}</span>
        ) : null}
        <FaultNote problem={run.problem} />
      </span>
      <span className="buttons">
        <Button look="plain" onPress={() => setOpen('items')} aria-label={t('disposal.lookNamed', { what })}>
          {t('disposal.look')}
        </Button>
        {state === 'proposed' ? (
          <Button look="plain" onPress={() => setOpen('approve')} aria-label={`${t('disposal.approve')}: ${what}`}>
            {t('disposal.approve')}
          </Button>
        ) : null}
        {pending ? (
          <Button look="plain" onPress={() => setOpen('withdraw')} aria-label={`${t('disposal.withdraw')}: ${what}`}>
            {t('disposal.withdraw')}
          </Button>
        ) : null}
        {due ? (
          <Button look="plain" isDisabled={run.busy} onPress={() => void run.run(undefined)}>
            {t('disposal.run')}
          </Button>
        ) : null}
        {state === 'done' ? (
          <Button look="plain" onPress={() => setOpen('certificate')} aria-label={`${t('disposal.certificate')}: ${what}`}>
            {t('disposal.certificate')}
          </Button>
        ) : null}
      </span>
      {open === 'items' ? <DisposalItems disposal={disposal} title={what} onClose={close} /> : null}
      {open === 'certificate' ? <Certificate disposal={disposal} onClose={close} /> : null}
      {open === 'approve' ? (
        <Decide
          title={`${t('disposal.approve')}: ${what}`}
          text={t('disposal.approve.text')}
          act={t('disposal.approve')}
          reasoned={false}
          decide={({ by }) => engine.client.retention.approveDisposal({ ...target, by })}
          onClose={close}
        />
      ) : null}
      {open === 'withdraw' ? (
        <Decide
          title={`${t('disposal.withdraw')}: ${what}`}
          text={t('disposal.withdraw.text')}
          act={t('disposal.withdraw')}
          reasoned={false}
          decide={({ by }) => engine.client.retention.withdrawDisposal({ ...target, by })}
          onClose={close}
        />
      ) : null}
    </li>
  )
}
