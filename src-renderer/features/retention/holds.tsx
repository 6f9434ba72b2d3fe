import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Hold } from '#shared/contract/index.ts'
import type { ConversationId, IdentityId } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { toProblem } from '../../data/faults.ts'
import { useAccountMap } from '../../data/queries.ts'
import { useDates } from '../../i18n/dates.ts'
import { useText } from '../../i18n/text.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Button } from '../../ui/parts.tsx'
import { Decide } from './decide.tsx'
import HoldDialog from './hold-dialog.tsx'
import { retentionKey, useHolds } from './queries.ts'

/** What is kept whatever happens, and why. */
export function Holds({ identityId }: { identityId: IdentityId }) {
  const t = useText()
  const { data: holds, error } = useHolds(identityId)
  const [setting, setSetting] = useState(false)
  return (
    <div className="form">
      <h3>{t('hold.title')}</h3>
      <p className="dim">{t('hold.text')}</p>
      <FaultNote problem={error ? toProblem(error) : null} />
      {holds?.length === 0 ? <p className="note">{t('hold.none')}</p> : null}
      <ul className="settings-list">
        {(holds ?? []).map((hold) => (
          <HoldItem key={hold.id} hold={hold} />
        ))}
      </ul>
      <div>
        <Button icon="plus" onPress={() => setSetting(true)}>
          {t('hold.set')}
        </Button>
      </div>
      {setting ? (
        <HoldDialog identityId={identityId} conversation={null} scope="person" onClose={() => setSetting(false)} />
      ) : null}
    </div>
  )
}

function HoldItem({ hold }: { hold: Hold }) {
  const { engine } = useApp()
  const t = useText()
  const dates = useDates()
  const what = useWhat(hold)
  const [lifting, setLifting] = useState(false)
  const { id, identityId } = hold
  return (
    <li>
      <span className="grow">
        <strong dir="auto">{what}</strong>
        <span dir="auto">{hold.reason}</span>
        <span className="dim">{t('hold.since', { by: hold.by, at: dates.medium(hold.at) })}</span>
      </span>
      <Button onPress={() => setLifting(true)} aria-label={t('hold.liftNamed', { what })}>
        {t('hold.lift')}
      </Button>
      {lifting ? (
        <Decide
          title={t('hold.liftNamed', { what })}
          text={t('hold.lift.text')}
          act={t('hold.lift')}
          reasoned
          decide={(who) => engine.client.retention.liftHold({ id, identityId, ...who })}
          onClose={() => setLifting(false)}
        />
      ) : null}
    </li>
  )
}

/** What a hold is on, in words. */
function useWhat({ on }: Hold): string {
  const t = useText()
  const accounts = useAccountMap()
  const subject = useSubject(on.scope === 'conversation' ? on.conversationId : null)
  if (on.scope === 'account') return t('hold.on.account', { name: accounts.get(on.accountId)?.label ?? on.accountId })
  if (on.scope === 'conversation') return t('hold.on.conversation', { subject: subject || t('row.noSubject') })
  if (on.scope === 'person') return on.handle === null ? t('hold.on.forgotten') : t('hold.on.person', { handle: on.handle })
  return t('hold.scope.identity')
}

function useSubject(id: ConversationId | null): string | undefined {
  const { engine } = useApp()
  const { data } = useQuery({
    queryKey: [...retentionKey, 'subject', id],
    queryFn: async () => (await engine.client.conversations.get({ id: id as ConversationId })).row.subject,
    enabled: id !== null,
  })
  return data
}
