import { useState } from 'react'
import type { Disposal } from '#shared/contract/index.ts'
import type { IdentityId } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { toProblem } from '../../data/faults.ts'
import { useJobs } from '../../data/queries.ts'
import { useText } from '../../i18n/text.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Button, Field } from '../../ui/parts.tsx'
import { Decide } from './decide.tsx'
import { DisposalItem } from './disposal.tsx'
import { useDisposals } from './queries.ts'

/** What is on its way out, newest first, and what can be proposed. */
export function Disposals({ identityId }: { identityId: IdentityId }) {
  const { engine } = useApp()
  const t = useText()
  const { data: jobs = [] } = useJobs()
  const stir = jobs.flatMap(({ id, kind, phase }) => (kind === 'disposal' ? [`${id} ${phase}`] : [])).join()
  const { data: disposals, error } = useDisposals(identityId, stir)
  const [proposing, setProposing] = useState<Disposal['cause'] | null>(null)
  const [handle, setHandle] = useState('')
  const close = () => {
    setProposing(null)
    setHandle('')
  }
  return (
    <div className="form">
      <h3>{t('disposal.title')}</h3>
      <p className="dim">{t('disposal.text')}</p>
      <FaultNote problem={error ? toProblem(error) : null} />
      {disposals?.length === 0 ? <p className="note">{t('disposal.none')}</p> : null}
      <ul className="settings-list">
        {(disposals ?? []).map((disposal) => (
          <DisposalItem key={disposal.id} disposal={disposal} />
        ))}
      </ul>
      <div className="form-foot">
        <Button onPress={() => setProposing('schedule')}>{t('disposal.propose')}</Button>
        <Button onPress={() => setProposing('erasure')}>{t('disposal.erase')}</Button>
      </div>
      {proposing === 'schedule' ? (
        <Decide
          title={t('disposal.propose')}
          text={t('disposal.propose.text')}
          act={t('disposal.propose')}
          reasoned
          decide={(who) => engine.client.retention.proposeDisposal({ identityId, ...who })}
          onClose={close}
        />
      ) : null}
      {proposing === 'erasure' ? (
        <Decide
          title={t('disposal.erase')}
          text={t('disposal.erase.text')}
          act={t('disposal.erase')}
          reasoned
          ready={handle.trim() !== ''}
          decide={(who) => engine.client.retention.proposeErasure({ identityId, handle: handle.trim(), ...who })}
          onClose={close}
        >
          <Field label={t('hold.handle')} value={handle} onChange={setHandle} required ltr />
        </Decide>
      ) : null}
    </div>
  )
}
