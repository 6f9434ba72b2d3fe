import { useState } from 'react'
import type { HoldOn } from '#shared/contract/index.ts'
import type { AccountId, ConversationRow, IdentityId } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { useAccounts } from '../../data/queries.ts'
import { useText } from '../../i18n/text.ts'
import { Choice, Field } from '../../ui/parts.tsx'
import { Decide } from './decide.tsx'

type Scope = HoldOn['scope']

interface HoldDialogProps {
  identityId: IdentityId
  /** The conversation it may be on, if one is open. */
  conversation: ConversationRow | null
  scope: Scope
  onClose: () => void
}

/** Sets a hold on everything, an account, a conversation or a person. */
export default function HoldDialog({ identityId, conversation, scope: first, onClose }: HoldDialogProps) {
  const app = useApp()
  const t = useText()
  const { data: all = [] } = useAccounts()
  const accounts = all.filter((account) => account.identityId === identityId)
  const [scope, setScope] = useState(first)
  const [chosen, setChosen] = useState<AccountId | null>(null)
  const [handle, setHandle] = useState('')
  const account = accounts.find(({ id }) => id === chosen) ?? accounts[0]
  const scopes: Scope[] = [
    ...(conversation ? (['conversation'] as const) : []),
    'person',
    ...(account ? (['account'] as const) : []),
    'identity',
  ]
  const on = (): HoldOn | null => {
    if (scope === 'account') return account ? { scope, accountId: account.id } : null
    if (scope === 'conversation') return conversation ? { scope, conversationId: conversation.id } : null
    if (scope === 'person') return handle.trim() === '' ? null : { scope, handle: handle.trim() }
    return { scope }
  }
  return (
    <Decide
      title={t('hold.set')}
      text={t('hold.text')}
      act={t('hold.set')}
      reasoned
      ready={on() !== null}
      decide={async (who) => {
        const named = on()
        if (named === null) return
        await app.engine.client.retention.setHold({ identityId, on: named, ...who })
        app.notices.tell('hold.was')
      }}
      onClose={onClose}
    >
      <Choice
        label={t('hold.scope')}
        value={scope}
        options={scopes.map((value) => ({
          value,
          label:
            value === 'conversation'
              ? t('hold.on.conversation', { subject: conversation?.subject || t('row.noSubject') })
              : t(`hold.scope.${value}`),
        }))}
        onChange={setScope}
      />
      {scope === 'account' && account ? (
        <Choice
          label={t('record.account')}
          value={account.id}
          options={accounts.map(({ id, label }) => ({ value: id, label }))}
          onChange={setChosen}
        />
      ) : null}
      {scope === 'person' ? <Field label={t('hold.handle')} value={handle} onChange={setHandle} required ltr /> : null}
    </Decide>
  )
}
