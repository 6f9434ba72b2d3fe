import type { ConversationState, View } from '#shared/model/index.ts'
import type { App, DialogName } from '../../app/context.ts'
import type { MessageKey } from '../../i18n/catalog.ts'
import { showExport } from '../archive/show-export.ts'
import { showRecordHere } from '../archive/show-record.ts'
import { copyAddress } from './copy.ts'
import { openConversation, showArchive, showDesk, showList, startSearch, stepBack } from './navigation.ts'

export type CommandGroup = 'move' | 'act' | 'go' | 'other'

/** One thing that can be done from the keyboard, the palette and, for some, a menu. */
export interface Command {
  id: string
  name: MessageKey
  group: CommandGroup
  /** Like `e`, `Shift+j`, `Mod+k` or `g o`; the first is the one shown. */
  keys: readonly string[]
  run: (app: App) => void
  /** Left out where it would do nothing. */
  when?: (app: App) => boolean
  /** Not in the palette: it is about where one is, and makes no sense from there. */
  hidden?: boolean
}

const inInbox = (app: App) => app.screen.get().name === 'inbox'
const inArchive = (app: App) => app.screen.get().name === 'archive'
/** Where `j` and `k` go through something. */
const inLists = (app: App) => inInbox(app) || inArchive(app)
const hasSubject = (app: App) => inInbox(app) && app.inbox.subjects().length > 0

const hasCursor = (app: App) => inInbox(app) && app.inbox.place.get().cursor !== null

function dialog(name: DialogName) {
  return (app: App) => app.screen.set((now) => ({ ...now, dialog: name }))
}
function state(to: ConversationState) {
  return (app: App) => void app.triage.setState(app.inbox.subjects(), to)
}
function step(by: number) {
  return (app: App) => (app.steer.current ? app.steer.current.move(by) : void app.inbox.move(by))
}
function go(view: View) {
  return (app: App) => {
    const { identityId, accountId, labelId } = app.inbox.list.filter
    showList(app, { view, identityId, accountId, labelId, unreadOnly: false })
  }
}

/** Marks what is picked as read when any of it is unread, else as unread. */
export function toggleRead(app: App): void {
  const rows = app.inbox.subjects()
  void app.triage.setRead(
    rows,
    rows.some((row) => row.unread > 0),
  )
}

export const commands: readonly Command[] = [
  { id: 'next', name: 'command.next', group: 'move', keys: ['j', 'ArrowDown'], run: step(1), when: inLists, hidden: true },
  { id: 'previous', name: 'command.previous', group: 'move', keys: ['k', 'ArrowUp'], run: step(-1), when: inLists, hidden: true },
  {
    id: 'open',
    name: 'command.open',
    group: 'move',
    keys: ['Enter', 'o'],
    run: (app) => (inArchive(app) ? app.steer.current?.open() : openConversation(app)),
    when: (app) => hasSubject(app) || inArchive(app),
    hidden: true,
  },
  { id: 'back', name: 'command.back', group: 'move', keys: ['Escape'], run: stepBack, hidden: true },
  { id: 'showNew', name: 'command.showNew', group: 'move', keys: ['.'], run: (app) => void showTop(app), when: inInbox },
  { id: 'jump', name: 'command.jump', group: 'move', keys: ['d'], run: dialog('jump'), when: inInbox },
  { id: 'search', name: 'command.search', group: 'move', keys: ['/', 'Mod+f'], run: (app) => startSearch(app) },

  { id: 'done', name: 'command.done', group: 'act', keys: ['e'], run: state('done'), when: hasSubject },
  { id: 'waiting', name: 'command.waiting', group: 'act', keys: ['w'], run: state('waiting'), when: hasSubject },
  { id: 'needsReply', name: 'command.needsReply', group: 'act', keys: ['Shift+r'], run: state('needs_reply'), when: hasSubject },
  { id: 'reply', name: 'command.reply', group: 'act', keys: ['r'], run: writeAnswer(false), when: hasCursor },
  { id: 'replyAll', name: 'command.replyAll', group: 'act', keys: ['a'], run: writeAnswer(true), when: hasCursor },
  { id: 'compose', name: 'command.compose', group: 'act', keys: ['c'], run: dialog('compose') },
  { id: 'snooze', name: 'command.snooze', group: 'act', keys: ['s'], run: dialog('snooze'), when: hasSubject },
  { id: 'label', name: 'command.label', group: 'act', keys: ['l'], run: dialog('label'), when: hasSubject },
  {
    id: 'note',
    name: 'command.note',
    group: 'act',
    keys: ['n'],
    run: writeNote,
    when: hasCursor,
  },
  { id: 'read', name: 'command.read', group: 'act', keys: ['u'], run: toggleRead, when: hasSubject },
  { id: 'undo', name: 'command.undo', group: 'act', keys: ['z', 'Mod+z'], run: (app) => void app.triage.undo() },
  { id: 'pick', name: 'command.pick', group: 'act', keys: ['x'], run: pickCursor, when: hasSubject, hidden: true },
  {
    id: 'pickDown',
    name: 'command.pickDown',
    group: 'act',
    keys: ['Shift+j', 'Shift+ArrowDown'],
    run: extend(1),
    when: hasSubject,
    hidden: true,
  },
  {
    id: 'pickUp',
    name: 'command.pickUp',
    group: 'act',
    keys: ['Shift+k', 'Shift+ArrowUp'],
    run: extend(-1),
    when: hasSubject,
    hidden: true,
  },
  {
    id: 'pickAll',
    name: 'command.pickAll',
    group: 'act',
    keys: ['Mod+a'],
    run: (app) => void app.inbox.pickAll(),
    when: inInbox,
  },
  {
    id: 'copyAddress',
    name: 'command.copyAddress',
    group: 'act',
    keys: ['y'],
    run: (app) => void copyAddress(app),
    when: hasSubject,
  },
  {
    id: 'record',
    name: 'command.record',
    group: 'act',
    keys: ['i'],
    run: (app) => void showRecordHere(app),
    when: (app) => hasSubject(app) || (inArchive(app) && app.screen.get().found !== null),
  },
  {
    id: 'hold',
    name: 'command.hold',
    group: 'act',
    keys: ['h'],
    run: dialog('hold'),
    when: (app) => hasSubject(app) && app.inbox.place.get().cursor !== null,
  },
  { id: 'print', name: 'command.print', group: 'act', keys: ['Mod+p'], run: () => window.print(), when: hasSubject },

  { id: 'goOpen', name: 'command.goOpen', group: 'go', keys: ['g o'], run: go('open') },
  { id: 'goNeedsReply', name: 'command.goNeedsReply', group: 'go', keys: ['g r'], run: go('needs_reply') },
  { id: 'goWaiting', name: 'command.goWaiting', group: 'go', keys: ['g w'], run: go('waiting') },
  { id: 'goDone', name: 'command.goDone', group: 'go', keys: ['g e'], run: go('done') },
  { id: 'goSnoozed', name: 'command.goSnoozed', group: 'go', keys: ['g s'], run: go('snoozed') },
  {
    id: 'unreadOnly',
    name: 'command.unreadOnly',
    group: 'go',
    keys: ['g u'],
    run: (app) => app.inbox.toggleUnread(),
    when: inInbox,
  },
  { id: 'goArchive', name: 'command.goArchive', group: 'go', keys: ['g a'], run: showArchive },
  { id: 'goDesk', name: 'command.goDesk', group: 'go', keys: ['g d'], run: showDesk },
  {
    id: 'goSettings',
    name: 'command.goSettings',
    group: 'go',
    keys: ['g ,', 'Mod+,'],
    run: (app) => app.screen.set((now) => ({ ...now, name: 'settings' })),
  },

  { id: 'palette', name: 'command.palette', group: 'other', keys: ['Mod+k'], run: dialog('palette'), hidden: true },
  { id: 'shortcuts', name: 'command.shortcuts', group: 'other', keys: ['?'], run: dialog('shortcuts') },
  { id: 'connect', name: 'command.connect', group: 'other', keys: ['g c'], run: dialog('connect') },
  {
    id: 'export',
    name: 'command.export',
    group: 'other',
    keys: ['g x'],
    run: (app) => showExport(app, inArchive(app) ? app.screen.get().archive : (app.screen.get().search ?? '')),
  },
]

/** Goes to the top of the list, where the new conversations are. */
export async function showTop(app: App): Promise<void> {
  app.inbox.seen()
  await app.inbox.moveTo(0)
}

/** Puts the keyboard where a note on the open conversation is written, as soon as that is there. */
function writeNote(app: App): void {
  const { cursor } = app.inbox.place.get()
  if (cursor) app.screen.set((now) => ({ ...now, pane: 'conversation', note: cursor.id }))
}

/** Puts the keyboard where an answer to the open conversation is written, as soon as that is there. */
function writeAnswer(all: boolean) {
  return (app: App) => {
    const { cursor } = app.inbox.place.get()
    if (cursor) app.screen.set((now) => ({ ...now, pane: 'conversation', answer: { id: cursor.id, all } }))
  }
}

function pickCursor(app: App): void {
  const { cursor } = app.inbox.place.get()
  if (cursor) app.inbox.togglePick(cursor)
}

function extend(by: number) {
  return (app: App) => void app.inbox.pickTo(app.inbox.cursorIndex() + by)
}
