import { type ReactNode, useState } from 'react'
import { useApp } from '../../app/context.ts'
import { useText } from '../../i18n/text.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Button, Field, Front } from '../../ui/parts.tsx'
import { useCall } from '../accounts/use-call.ts'
import { retentionKey } from './queries.ts'

interface DecideProps {
  title: string
  text: string
  /** Word on the button. */
  act: string
  /** Whether a reason has to be given. */
  reasoned: boolean
  /** What else is asked for is filled in. */
  ready?: boolean
  children?: ReactNode
  decide: (who: { by: string; reason: string }) => Promise<unknown>
  onClose: () => void
}

/** A decision that is entered in the ledger: who takes it, and why. */
export function Decide({ title, text, act, reasoned, ready = true, children, decide, onClose }: DecideProps) {
  const app = useApp()
  const t = useText()
  const [by, setBy] = useState('')
  const [reason, setReason] = useState('')
  const call = useCall(async () => {
    await decide({ by: by.trim(), reason: reason.trim() })
    await app.queries.invalidateQueries({ queryKey: retentionKey })
  })
  const filled = ready && by.trim() !== '' && (!reasoned || reason.trim() !== '')
  return (
    <Front title={title} onClose={onClose}>
      <form
        className="form"
        onSubmit={async (event) => {
          event.preventDefault()
          if ((await call.run(undefined)) !== null) onClose()
        }}
      >
        <p className="dim">{text}</p>
        {children}
        {reasoned ? (
          <Field label={t('decide.reason')} value={reason} onChange={setReason} required help={t('decide.reason.help')} />
        ) : null}
        <Field label={t('decide.by')} value={by} onChange={setBy} required help={t('decide.by.help')} />
        <FaultNote problem={call.problem} />
        <div className="form-foot">
          <Button type="submit" look="primary" isDisabled={call.busy || !filled}>
            {act}
          </Button>
          <Button onPress={onClose}>{t('common.cancel')}</Button>
        </div>
      </form>
    </Front>
  )
}
