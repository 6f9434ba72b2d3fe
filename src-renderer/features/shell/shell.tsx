import { lazy, memo, Suspense, useEffect, useState } from 'react'
import { type Screen, useApp } from '../../app/context.ts'
import { toProblem } from '../../data/faults.ts'
import { useAccounts, useBadges, useIdentities, useStatus } from '../../data/queries.ts'
import { useProblemText, useText } from '../../i18n/text.ts'
import { native } from '../../platform/native.ts'
import { Button, Empty } from '../../ui/parts.tsx'
import { useStore } from '../../ui/store.ts'
import { ArchiveScreen } from '../archive-screen/screen.tsx'
import { useHotkeys } from '../commands/hotkeys.ts'
import { ConversationPane } from '../conversation/pane.tsx'
import { Dialogs } from '../dialogs/dialogs.tsx'
import { HealthStrip } from '../health/strip.tsx'
import { ListPane } from '../list/pane.tsx'
import { Notices } from '../notices/notices.tsx'
import { Rail } from '../rail/rail.tsx'
import { PersonDialog } from '../remote/person-dialog.tsx'
import { Announcer } from './announcer.tsx'
import { useKeptFocus } from './keep-focus.ts'

const FirstRun = lazy(() => import('../first-run/first-run.tsx'))
const SendDesk = lazy(() => import('../desk/screen.tsx'))
const Settings = lazy(() => import('../settings/settings.tsx'))

/** The window: first run while there is nothing to show, then the inbox or the settings. */
export function Shell() {
  const app = useApp()
  const t = useText()
  const say = useProblemText()
  const screen = useStore(app.screen, (now) => now.name)
  const accounts = useAccounts()
  const identities = useIdentities()
  const status = useStatus()
  const [started, setStarted] = useState(false)
  useHotkeys()
  useKeptFocus()
  useBadge()
  const failed = accounts.error ?? identities.error ?? status.error
  const loaded = accounts.data && identities.data && status.data
  useEffect(() => {
    if (loaded) document.documentElement.dataset.ready = 'true'
  }, [loaded])
  if (!loaded) {
    if (!failed) return null
    const again = () => void app.queries.refetchQueries()
    return (
      <main className="start">
        <Empty icon="warning" title={t('start.failed')} action={<Button onPress={again}>{t('common.tryAgain')}</Button>}>
          {say(toProblem(failed))}
        </Empty>
      </main>
    )
  }
  const fresh = accounts.data.length === 0 && !status.data.sample && !started
  return (
    <>
      <Suspense fallback={null}>{fresh ? <FirstRun onDone={() => setStarted(true)} /> : <Shown screen={screen} />}</Suspense>
      <Dialogs />
      <PersonDialog />
      <Notices />
      <Announcer />
    </>
  )
}

function Shown({ screen }: { screen: Screen['name'] }) {
  if (screen === 'settings') return <Settings />
  if (screen === 'desk') return <SendDesk />
  return screen === 'archive' ? <ArchiveScreen /> : <Inbox />
}

/** Drawn once: what changes inside listens for itself. */
const Inbox = memo(function Inbox() {
  const app = useApp()
  const pane = useStore(app.screen, (screen) => screen.pane)
  const { rail, list } = useStore(app.preferences.store)
  return (
    <div className="shell">
      <HealthStrip />
      <div className="panes" data-pane={pane} style={{ '--rail-size': `${rail}rem`, '--list-size': `${list}rem` }}>
        <Rail />
        <ListPane />
        <ConversationPane />
      </div>
    </div>
  )
})

/** The number of unread conversations on the program's icon and in the window's title. */
function useBadge(): void {
  const t = useText()
  const unread = useBadges().data?.all.unread
  useEffect(() => {
    document.title = unread ? `(${unread}) ${t('app.name')}` : t('app.name')
  }, [unread, t])
  useEffect(() => {
    if (unread !== undefined) native?.setBadge(unread).catch((error: unknown) => console.warn('no number on the icon', error))
  }, [unread])
}
