import type { QueryClient } from '@tanstack/react-query'
import { createContext, useContext } from 'react'
import type { SearchOrder } from '#shared/contract/index.ts'
import type { AccountId, ConversationId, MessageId } from '#shared/model/index.ts'
import type { Inbox } from '../data/inbox.ts'
import type { Notices } from '../data/notices.ts'
import type { createPreferences } from '../data/preferences.ts'
import type { Triage } from '../data/triage.ts'
import type { Compose } from '../features/compose/answering.ts'
import type { Engine } from '../platform/engine.ts'
import type { Store } from '../ui/store.ts'

export type DialogName =
  | 'palette'
  | 'shortcuts'
  | 'snooze'
  | 'jump'
  | 'connect'
  | 'record'
  | 'export'
  | 'hold'
  | 'label'
  | 'compose'

/** Which part of the program is on the screen. */
export interface Screen {
  name: 'inbox' | 'archive' | 'desk' | 'settings'
  /** Words in the search box; null while it is not in use. */
  search: string | null
  /** The query of the archive screen, and the message that is chosen there. */
  archive: string
  found: MessageId | null
  /** In which order what was found comes, wherever one searches. */
  order: SearchOrder
  dialog: DialogName | null
  /** On a narrow window: which pane is on the screen. */
  pane: 'rail' | 'list' | 'conversation'
  /** An account whose sign-in is to be opened in the settings. */
  signIn: AccountId | null
  /** The backup in the settings is what one came for. */
  backup: boolean
  /** The conversation on which a note is about to be written: its pane may not be there yet. */
  note: ConversationId | null
  /** The conversation to which an answer is about to be written, and whether to all: its pane may not be there yet. */
  answer: { id: ConversationId; all: boolean } | null
  /** The message whose record the dialog shows. */
  record: MessageId | null
  /** Words of the search that is to be exported; empty for everything. */
  exportOf: string
}

/** A list beside the inbox's own, such as what a search found. */
export interface Steering {
  move(by: number): void
  open(): void
}

export const firstScreen: Screen = {
  name: 'inbox',
  search: null,
  archive: '',
  found: null,
  order: 'newest',
  dialog: null,
  pane: 'list',
  signIn: null,
  backup: false,
  note: null,
  answer: null,
  record: null,
  exportOf: '',
}

/** Everything the features work with. One per window. */
export interface App {
  engine: Engine
  queries: QueryClient
  inbox: Inbox
  triage: Triage
  notices: Notices
  preferences: ReturnType<typeof createPreferences>
  screen: Store<Screen>
  /** What is being written in this window. */
  compose: Store<Compose>
  /** Somebody's name is asked for, under which something is to be done. */
  asked: Store<{ answer: (name: string | null) => void } | null>
  /** What is moved through and opened while something else than the list is shown in its place. */
  steer: { current: Steering | null }
}

export const AppContext = createContext<App | null>(null)

export function useApp(): App {
  const app = useContext(AppContext)
  if (!app) throw new Error('useApp outside of the app')
  return app
}
