import type { LabelId } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { useLabelMap } from '../../data/labels.ts'
import { countsOf, useAccountMap, useBadges, useIdentityMap } from '../../data/queries.ts'
import type { MessageKey } from '../../i18n/catalog.ts'
import { useNumber, useText } from '../../i18n/text.ts'
import { Mark } from '../../ui/mark.tsx'
import { Button } from '../../ui/parts.tsx'
import { useStore } from '../../ui/store.ts'
import { showTop } from '../commands/commands.ts'
import { LabelMark } from '../labels/chip.tsx'
import { SearchBox } from '../search/box.tsx'
import { SearchResults } from '../search/results.tsx'
import { Divider } from '../shell/divider.tsx'
import { BulkBar } from './bulk.tsx'
import { ConversationList } from './list.tsx'

/** The middle pane: search, what list this is, and the list or the results. */
export function ListPane() {
  const app = useApp()
  const t = useText()
  const number = useNumber()
  const list = useStore(app.inbox.place, (place) => place.list)
  const news = useStore(app.inbox.place, (place) => place.news.size)
  const view = useStore(list.view)
  const searching = useStore(app.screen, (screen) => screen.search !== null)
  const identities = useIdentityMap()
  const accounts = useAccountMap()
  const { data: badges } = useBadges()
  const { filter } = list
  const title = t(`view.${filter.view}` satisfies MessageKey)
  const account = filter.accountId === null ? undefined : accounts.get(filter.accountId)
  const identity = filter.identityId === null ? undefined : identities.get(filter.identityId)
  const label = useLabelMap().get(filter.labelId as LabelId)
  const counts = badges && countsOf(badges, filter)
  const known =
    filter.unreadOnly || filter.view === 'all' || (filter.labelId !== null && filter.accountId !== null)
      ? view.total
      : (counts?.[filter.view] ?? view.total)
  const scope = label?.name ?? account?.label ?? identity?.name
  return (
    <section className="list-pane" aria-label={t('pane.list')}>
      <Divider name="list" label={t('divider.list')} low={18} high={44} />
      <div className="list-head">
        <SearchBox />
        {searching ? null : (
          <div className="list-title">
            <span className="only-small">
              <Button look="plain" icon="menu" bare onPress={() => app.screen.set((now) => ({ ...now, pane: 'rail' }))}>
                {t('pane.rail')}
              </Button>
            </span>
            <h1 className="truncate">{title}</h1>
            {scope ? (
              <span className="scope">
                {identity ? <Mark identity={identity} /> : null}
                {label ? <LabelMark label={label} /> : null}
                <bdi className="truncate">{scope}</bdi>
              </span>
            ) : null}
            <span className="count">{number(known)}</span>
            {news > 0 ? (
              <button type="button" className="news" onClick={() => void showTop(app)}>
                {t('list.news', { count: news })}
              </button>
            ) : null}
            <span className="tools">
              <Button look="plain" icon="unread" bare pressed={filter.unreadOnly} onPress={() => app.inbox.toggleUnread()}>
                {t('list.unreadOnly')}
              </Button>
              <Button look="plain" icon="calendar" bare onPress={() => app.screen.set((now) => ({ ...now, dialog: 'jump' }))}>
                {t('command.jump')}
              </Button>
            </span>
          </div>
        )}
      </div>
      {searching ? <SearchResults /> : <ConversationList label={scope ? `${title}, ${scope}` : title} />}
      <BulkBar />
    </section>
  )
}
