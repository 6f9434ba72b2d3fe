import { useRef } from 'react'
import type { MessageHistory, RecordStatement, RecordVersion } from '#shared/contract/index.ts'
import { useApp } from '../../app/context.ts'
import { toProblem } from '../../data/faults.ts'
import { useDates } from '../../i18n/dates.ts'
import { useNumber, useText } from '../../i18n/text.ts'
import { copyText } from '../../platform/native.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Icon, type IconName } from '../../ui/icons.tsx'
import { Button } from '../../ui/parts.tsx'
import { useCall } from '../accounts/use-call.ts'

const icons: Record<RecordStatement['answer'], IconName> = { yes: 'check', no: 'close', cannot_say: 'more' }

interface ProofsProps {
  history: MessageHistory
  version: RecordVersion
  onSigned: () => void
}

/** The four statements of one version, and what they rest on. */
export function Proofs({ history, version, onSigned }: ProofsProps) {
  const app = useApp()
  const t = useText()
  const dates = useDates()
  const number = useNumber()
  const { checkpoint, complete, identityId, messageId } = history
  const statements = [
    ['received', version.received],
    ['unchanged', version.unchanged],
    ['notLater', version.notLater],
    ['complete', complete],
  ] as const
  const waits = statements.some(([, { reason }]) => reason === 'not_signed')
  const acts = useRef<HTMLDivElement>(null)
  const sign = useCall(async () => {
    await app.engine.client.archive.checkpoint({ identityId })
    // The button that was pressed goes away; the keyboard must not go with it.
    Array.from(acts.current?.querySelectorAll('button') ?? [])
      .at(-1)
      ?.focus()
    onSigned()
  })
  const copy = async () => {
    try {
      const proofs = await app.engine.client.archive.prove({ messageId })
      const proof = proofs.find((one) => one.version === version.version)
      app.notices.tell(proof && copyText(`${JSON.stringify(proof, null, 2)}\n`) ? 'copy.done' : 'copy.failed')
      // Where no signed head had it, one was made now.
      if (waits) onSigned()
    } catch (error) {
      app.notices.fail(toProblem(error))
    }
  }
  return (
    <section aria-labelledby="record-proof">
      <h3 id="record-proof">{t('record.proof')}</h3>
      <p className="dim">{t('record.proof.text')}</p>
      <table className="statements">
        <thead className="visually-hidden">
          <tr>
            <th scope="col">{t('record.statement')}</th>
            <th scope="col">{t('record.answer')}</th>
            <th scope="col">{t('record.why')}</th>
          </tr>
        </thead>
        <tbody>
          {statements.map(([name, { answer, reason }]) => (
            <tr key={name} data-answer={answer}>
              <th scope="row">{t(`statement.${name}`)}</th>
              <td className="answer">
                <Icon name={icons[answer]} />
                {t(`answer.${answer}`)}
              </td>
              <td>{t(`reason.${reason}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <dl className="facts">
        <dt>{t('record.entry')}</dt>
        <dd>{number(version.seq)}</dd>
        <dt>{t('record.signed')}</dt>
        <dd>
          {checkpoint
            ? t('record.signedAt', { at: dates.exact(checkpoint.madeAt), count: checkpoint.size })
            : t('record.neverSigned')}
        </dd>
        <dt>{t('record.stamp')}</dt>
        <dd>
          {checkpoint?.stampedAt
            ? t('record.stampedBy', { at: dates.exact(checkpoint.stampedAt), signer: checkpoint.stampedBy ?? '' })
            : t('record.noStamp')}
        </dd>
      </dl>
      <FaultNote problem={sign.problem} />
      <div className="record-acts" ref={acts}>
        {waits ? (
          <Button icon="shield" isDisabled={sign.busy} onPress={() => void sign.run(undefined)}>
            {t('ledger.sign')}
          </Button>
        ) : null}
        <Button icon="copy" onPress={() => void copy()}>
          {t('record.copyProof')}
        </Button>
        <span className="dim">{t('record.copyProof.text')}</span>
      </div>
    </section>
  )
}
