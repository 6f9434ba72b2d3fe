import { useEffect, useState } from 'react'
import type { Account } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { toProblem } from '../../data/faults.ts'
import { useAccounts, useIdentityMap } from '../../data/queries.ts'
import { useDates } from '../../i18n/dates.ts'
import { useProblemText, useText } from '../../i18n/text.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Mark } from '../../ui/mark.tsx'
import { Button, Field, Front } from '../../ui/parts.tsx'
import { useStore } from '../../ui/store.ts'
import { useCall } from '../accounts/use-call.ts'
import { SignIn } from './sign-in.tsx'

/** Every account: how it is, and what can be done with it. */
export function AccountSettings() {
  const app = useApp()
  const t = useText()
  const { data: accounts = [] } = useAccounts()
  const wanted = useStore(app.screen, (screen) => screen.signIn)
  const [renaming, setRenaming] = useState<Account | null>(null)
  const [signingIn, setSigningIn] = useState<Account | null>(null)
  useEffect(() => {
    const account = wanted === null ? undefined : accounts.find((one) => one.id === wanted)
    if (!account) return
    setSigningIn(account)
    app.screen.set((now) => ({ ...now, signIn: null }))
  }, [app, wanted, accounts])
  return (
    <section className="settings-part" aria-labelledby="settings-accounts">
      <h2 id="settings-accounts">{t('settings.accounts')}</h2>
      {accounts.length === 0 ? <p className="dim">{t('settings.noAccounts')}</p> : null}
      <ul className="settings-list">
        {accounts.map((account) => (
          <AccountItem
            key={account.id}
            account={account}
            onRename={() => setRenaming(account)}
            onSignIn={() => setSigningIn(account)}
          />
        ))}
      </ul>
      <div>
        <Button icon="plus" onPress={() => app.screen.set((now) => ({ ...now, dialog: 'connect' }))}>
          {t('connect.title')}
        </Button>
      </div>
      {renaming ? <Rename account={renaming} onClose={() => setRenaming(null)} /> : null}
      {signingIn ? <SignIn account={signingIn} onClose={() => setSigningIn(null)} /> : null}
    </section>
  )
}

function AccountItem({ account, onRename, onSignIn }: { account: Account; onRename: () => void; onSignIn: () => void }) {
  const app = useApp()
  const t = useText()
  const say = useProblemText()
  const dates = useDates()
  const identity = useIdentityMap().get(account.identityId)
  const { status } = account
  const { live, login } = account.capabilities
  const target = { id: account.id, identityId: account.identityId }
  const { client } = app.engine
  const run = (work: Promise<unknown>) => void work.catch((error: unknown) => app.notices.fail(toProblem(error)))
  const named = (action: string) => `${action}: ${account.label}`
  return (
    <li>
      {identity ? <Mark identity={identity} labelled /> : null}
      <span className="grow">
        <strong>
          <bdi>{account.label}</bdi>
        </strong>
        <span className="dim">
          <bdi dir="ltr">{account.address}</bdi>
        </span>
        <span className={status.reason ? 'bad-text' : 'dim'}>
          {status.reason ? say(status.reason) : t(live ? `phase.${status.phase}` : 'account.fromFiles')}
          {status.lastSyncAt ? ` · ${t('account.lastSync', { at: dates.medium(status.lastSyncAt) })}` : ''}
        </span>
      </span>
      <span className="buttons">
        {live ? (
          <Button
            look="plain"
            onPress={() => run(client.accounts.sync({ id: account.id }))}
            aria-label={named(t('account.sync'))}
          >
            {t('account.sync')}
          </Button>
        ) : null}
        {!live ? null : status.phase === 'paused' ? (
          <Button look="plain" onPress={() => run(client.accounts.resume(target))} aria-label={named(t('health.resume'))}>
            {t('health.resume')}
          </Button>
        ) : (
          <Button look="plain" onPress={() => run(client.accounts.pause(target))} aria-label={named(t('health.pause'))}>
            {t('health.pause')}
          </Button>
        )}
        {login ? (
          <Button look="plain" onPress={onSignIn} aria-label={named(t('health.signIn'))}>
            {t('health.signIn')}
          </Button>
        ) : null}
        <Button look="plain" onPress={onRename} aria-label={named(t('account.rename'))}>
          {t('account.rename')}
        </Button>
      </span>
    </li>
  )
}

function Rename({ account, onClose }: { account: Account; onClose: () => void }) {
  const { engine } = useApp()
  const t = useText()
  const [label, setLabel] = useState(account.label)
  const rename = useCall(() =>
    engine.client.accounts.rename({ id: account.id, identityId: account.identityId, label: label.trim() }),
  )
  return (
    <Front title={t('account.rename')} onClose={onClose}>
      <form
        className="form"
        onSubmit={async (event) => {
          event.preventDefault()
          if (await rename.run(undefined)) onClose()
        }}
      >
        <Field label={t('account.label')} value={label} onChange={setLabel} required autoFocus />
        <FaultNote problem={rename.problem} />
        <div className="form-foot">
          <Button type="submit" look="primary" isDisabled={rename.busy || label.trim() === ''}>
            {t('common.save')}
          </Button>
        </div>
      </form>
    </Front>
  )
}
