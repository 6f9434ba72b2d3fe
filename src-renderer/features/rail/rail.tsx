import type { BadgeCounts } from '#shared/contract/index.ts'
import type { Account, Identity, InboxFilter, View } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { partOf, useDesk } from '../../data/desk.ts'
import { useLabels } from '../../data/labels.ts'
import { countsOf, useAccounts, useBadges, useIdentities, useNewcomers } from '../../data/queries.ts'
import { useNumber, useText } from '../../i18n/text.ts'
import { Icon, type IconName } from '../../ui/icons.tsx'
import { Mark } from '../../ui/mark.tsx'
import { Button } from '../../ui/parts.tsx'
import { useStore } from '../../ui/store.ts'
import { showArchive, showDesk, showList } from '../commands/navigation.ts'
import { healthOf } from '../health/health.ts'
import { LabelMark } from '../labels/chip.tsx'
import { Divider } from '../shell/divider.tsx'
import { Brand } from './brand.tsx'

const views: readonly { view: View & keyof BadgeCounts; icon: IconName }[] = [
  { view: 'open', icon: 'inbox' },
  { view: 'needs_reply', icon: 'reply' },
  { view: 'waiting', icon: 'hourglass' },
  { view: 'done', icon: 'check' },
  { view: 'snoozed', icon: 'clock' },
]

/** The left pane: which list, and whose. */
export function Rail() {
  const app = useApp()
  const t = useText()
  const { data: identities = [] } = useIdentities()
  const { data: accounts = [] } = useAccounts()
  const { data: badges } = useBadges()
  const { data: desk } = useDesk()
  const needing = desk?.items.filter((item) => partOf(item) === 'attention').length
  useNewcomers()
  const filter = useStore(app.inbox.place, (place) => place.list.filter)
  const screen = useStore(app.screen, (now) => now.name)
  const here = screen === 'inbox'
  const counts = badges && countsOf(badges, filter)
  const show = (change: Partial<InboxFilter>) => showList(app, { ...filter, unreadOnly: false, ...change })
  const whole = here && filter.identityId === null && filter.accountId === null && filter.labelId === null
  return (
    <nav className="rail" aria-label={t('pane.rail')}>
      <Divider name="rail" label={t('divider.rail')} low={11} high={24} />
      <div className="rail-brand">
        <Brand />
        <span>{t('app.name')}</span>
      </div>
      <div className="rail-scroll">
        <ul aria-label={t('rail.views')}>
          {views.map(({ view, icon }) => (
            <li key={view}>
              <RailItem
                current={here && filter.view === view}
                count={view === 'done' ? undefined : counts?.[view]}
                onPress={() => show({ view })}
              >
                <Icon name={icon} />
                <span className="truncate">{t(`view.${view}`)}</span>
              </RailItem>
            </li>
          ))}
          <li>
            <RailItem current={screen === 'archive'} count={undefined} onPress={() => showArchive(app)}>
              <Icon name="archive" />
              <span className="truncate">{t('command.goArchive')}</span>
            </RailItem>
          </li>
          <li>
            <RailItem current={screen === 'desk'} count={needing} onPress={() => showDesk(app)}>
              <Icon name="send" />
              <span className="truncate">{t('command.goDesk')}</span>
            </RailItem>
          </li>
        </ul>
        <h2 id="rail-identities">{t('rail.identities')}</h2>
        <ul aria-labelledby="rail-identities">
          {identities.length > 1 ? (
            <li>
              <RailItem
                current={whole}
                count={badges?.all.unread}
                onPress={() => show({ identityId: null, accountId: null, labelId: null })}
              >
                <Icon name="inbox" />
                <span className="truncate">{t('rail.everyone')}</span>
              </RailItem>
            </li>
          ) : null}
          {identities.map((identity) => (
            <IdentityItem
              key={identity.id}
              identity={identity}
              accounts={accounts.filter((account) => account.identityId === identity.id)}
              filter={filter}
              here={here}
              unread={(id) => (id === null ? badges?.identities[identity.id]?.unread : badges?.accounts[id]?.unread)}
              show={show}
            />
          ))}
        </ul>
      </div>
      <div className="rail-foot">
        <Button look="plain" icon="edit" onPress={() => app.screen.set((now) => ({ ...now, dialog: 'compose' }))}>
          {t('rail.write')}
        </Button>
        <Button look="plain" icon="plus" bare onPress={() => app.screen.set((now) => ({ ...now, dialog: 'connect' }))}>
          {t('rail.add')}
        </Button>
        <span className="end">
          <Button look="plain" icon="keyboard" bare onPress={() => app.screen.set((now) => ({ ...now, dialog: 'shortcuts' }))}>
            {t('command.shortcuts')}
          </Button>
          <Button look="plain" icon="settings" bare onPress={() => app.screen.set((now) => ({ ...now, name: 'settings' }))}>
            {t('settings.title')}
          </Button>
        </span>
      </div>
    </nav>
  )
}

interface IdentityItemProps {
  identity: Identity
  accounts: readonly Account[]
  filter: InboxFilter
  here: boolean
  unread: (account: Account['id'] | null) => number | undefined
  show: (change: Partial<InboxFilter>) => void
}

function IdentityItem({ identity, accounts, filter, here, unread, show }: IdentityItemProps) {
  const t = useText()
  const mine = here && filter.identityId === identity.id
  return (
    <li>
      <RailItem
        current={mine && filter.accountId === null && filter.labelId === null}
        count={unread(null)}
        hint={t(`voice.${identity.voice}`)}
        onPress={() => show({ identityId: identity.id, accountId: null, labelId: null })}
      >
        <Mark identity={identity} />
        <bdi className="truncate">{identity.name}</bdi>
      </RailItem>
      <ul className="rail-accounts" aria-label={t('rail.accountsOf', { name: identity.name })}>
        {accounts.map((account) => (
          <li key={account.id}>
            <RailItem
              current={mine && filter.accountId === account.id}
              count={unread(account.id)}
              hint={account.address}
              onPress={() => show({ identityId: identity.id, accountId: account.id, labelId: null })}
            >
              <HealthDot account={account} />
              <bdi className="truncate">{account.label}</bdi>
            </RailItem>
          </li>
        ))}
      </ul>
      <LabelItems identity={identity} filter={filter} here={here} show={show} />
    </li>
  )
}

/** Labels of one identity that are in the rail; all others are in the palette. */
const MOST_LABELS = 8

/** Labels and topics that something open has, and the one that is shown. */
function LabelItems({ identity, filter, here, show }: Omit<IdentityItemProps, 'accounts' | 'unread'>) {
  const app = useApp()
  const t = useText()
  const { data: badges } = useBadges()
  const all = (useLabels().data ?? []).filter((label) => label.identityId === identity.id)
  const open = all.filter((label) => label.id === filter.labelId || (badges?.labels[label.id]?.open ?? 0) > 0)
  if (open.length === 0) return null
  const shown = open.filter((label, at) => at < MOST_LABELS || label.id === filter.labelId)
  return (
    <ul className="rail-accounts" aria-label={t('label.of', { name: identity.name })}>
      {shown.map((label) => (
        <li key={label.id}>
          <RailItem
            current={here && filter.labelId === label.id}
            count={badges?.labels[label.id]?.open}
            hint={t(`label.kind.${label.kind}`)}
            onPress={() => show({ identityId: identity.id, accountId: null, labelId: label.id })}
          >
            <LabelMark label={label} />
            <bdi className="truncate">{label.name}</bdi>
          </RailItem>
        </li>
      ))}
      {open.length > shown.length ? (
        <li>
          <RailItem
            current={false}
            count={open.length - shown.length}
            onPress={() => app.screen.set((now) => ({ ...now, dialog: 'palette' }))}
          >
            <Icon name="more" />
            <span className="truncate">{t('label.more')}</span>
          </RailItem>
        </li>
      ) : null}
    </ul>
  )
}

function HealthDot({ account }: { account: Account }) {
  const t = useText()
  const health = healthOf(account)
  const word = t(account.capabilities.live ? `phase.${account.status.phase}` : 'account.fromFiles')
  return (
    <span className="health" data-health={health} title={word}>
      {health === 'trouble' || health === 'stopped' ? (
        <Icon name="warning" />
      ) : health === 'paused' ? (
        <Icon name="pause" />
      ) : null}
      <span className="visually-hidden">{word}</span>
    </span>
  )
}

interface RailItemProps {
  current: boolean
  count: number | undefined
  hint?: string
  onPress: () => void
  children: React.ReactNode
}

function RailItem({ current, count, hint, onPress, children }: RailItemProps) {
  const number = useNumber()
  return (
    <button type="button" className="rail-item" aria-current={current ? 'true' : undefined} title={hint} onClick={onPress}>
      {children}
      {count ? <span className="rail-count">{number(count)}</span> : null}
    </button>
  )
}
