import { QueryClient } from '@tanstack/react-query'
import { calendarKey } from '../data/calendar.ts'
import { listen } from '../data/changes.ts'
import { deskKey } from '../data/desk.ts'
import { draftsKey } from '../data/drafts.ts'
import { toProblem } from '../data/faults.ts'
import { Inbox } from '../data/inbox.ts'
import { labelsKey } from '../data/labels.ts'
import { createNotices } from '../data/notices.ts'
import { createPreferences } from '../data/preferences.ts'
import { refetchAccounts, refetchBadges, refetchChanged } from '../data/queries.ts'
import { throttle } from '../data/throttle.ts'
import { Triage } from '../data/triage.ts'
import { noCompose } from '../features/compose/answering.ts'
import type { Engine } from '../platform/engine.ts'
import { createStore } from '../ui/store.ts'
import { type App, firstScreen } from './context.ts'

/** Counts and health change with every batch of a sync; eyes do not need them more often than this. */
const EASY_MS = 200

/** Builds what the window works with on top of an engine, and starts listening to it. */
export function createApp(engine: Engine): App {
  const queries = new QueryClient({
    defaultOptions: {
      queries: { staleTime: 30_000, retry: false, refetchOnWindowFocus: false, refetchOnReconnect: false, networkMode: 'always' },
    },
  })
  const notices = createNotices()
  const client = () => engine.client
  const inbox = new Inbox(client)
  const steer: App['steer'] = { current: null }
  const triage = new Triage(client, inbox, queries, notices, () => steer.current === null)
  const preferences = createPreferences(engine, (error) => notices.fail(toProblem(error)))
  const badges = throttle(() => refetchBadges(queries), EASY_MS)
  const accounts = throttle(() => refetchAccounts(queries), EASY_MS)
  listen(
    engine,
    (batch) => {
      refetchChanged(queries, batch)
      if (batch.plain.has('labels')) void queries.invalidateQueries({ queryKey: labelsKey })
      if (batch.plain.has('drafts')) void queries.invalidateQueries({ queryKey: draftsKey })
      if (batch.plain.has('outbox')) void queries.invalidateQueries({ queryKey: deskKey })
      if (batch.plain.has('calendar')) void queries.invalidateQueries({ queryKey: calendarKey })
      if (batch.plain.has('badges')) badges()
      if (batch.plain.has('accounts')) accounts()
      inbox.take(batch.arrived, batch.changed, batch.more)
    },
    () => {
      void queries.invalidateQueries()
      inbox.reopen()
    },
  )
  return {
    engine,
    queries,
    inbox,
    triage,
    notices,
    preferences,
    screen: createStore(firstScreen),
    compose: createStore(noCompose),
    asked: createStore<{ answer: (name: string | null) => void } | null>(null),
    steer,
  }
}
