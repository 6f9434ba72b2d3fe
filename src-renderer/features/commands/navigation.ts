import type { InboxFilter } from '#shared/model/index.ts'
import type { App } from '../../app/context.ts'

/** Ids of the places that take the keyboard. */
export const places = {
  list: 'inbox-list',
  conversation: 'conversation',
  search: 'search-words',
  note: 'note-text',
  recipients: 'composer-to',
  desk: 'desk',
  answer: 'answer-text',
  archiveSearch: 'archive-words',
  found: 'archive-found',
  details: 'archive-details',
} as const

/** Puts the keyboard into a place once it is on the screen. */
export function focusPlace(place: keyof typeof places): void {
  requestAnimationFrame(() => document.getElementById(places[place])?.focus({ preventScroll: true }))
}

export function openConversation(app: App): void {
  app.screen.set((now) => ({ ...now, pane: 'conversation' }))
  // At once where it is on the screen: the next key may come before the next frame, and a dialog that it opens gives the keyboard back here.
  const there = document.getElementById(places.conversation)
  if (there?.checkVisibility()) there.focus({ preventScroll: true })
  else focusPlace('conversation')
}

/** Goes to the search box of where one is, with other words in it where they are given. */
export function startSearch(app: App, words?: string): void {
  const archive = app.screen.get().name === 'archive'
  if (archive) app.screen.set((now) => ({ ...now, pane: 'list', archive: words ?? now.archive }))
  else app.screen.set((now) => ({ ...now, name: 'inbox', pane: 'list', search: words ?? now.search ?? '' }))
  requestAnimationFrame(() => {
    const box = document.getElementById(archive ? places.archiveSearch : places.search)
    if (box instanceof HTMLInputElement) {
      box.focus()
      box.select()
    }
  })
}

export function endSearch(app: App): void {
  app.screen.set((now) => ({ ...now, search: null }))
  focusPlace('list')
}

/** Goes to the archive, with what was just searched for. */
export function showArchive(app: App): void {
  app.screen.set((now) => ({
    ...now,
    name: 'archive',
    pane: 'list',
    archive: now.name === 'inbox' && now.search?.trim() ? now.search : now.archive,
  }))
  focusPlace('archiveSearch')
}

/** Goes to what is being written and sent. */
export function showDesk(app: App): void {
  app.screen.set((now) => ({ ...now, name: 'desk', pane: 'list' }))
  focusPlace('desk')
}

/** Shows a list in the middle pane, whatever was there before. */
export function showList(app: App, filter: InboxFilter): void {
  app.screen.set((now) => ({ ...now, name: 'inbox', search: null, pane: 'list' }))
  app.inbox.show(filter)
  focusPlace('list')
}

/** Whether the keyboard is in the conversation, or nowhere else because the list is not on a narrow window. */
function conversationHasKeyboard(): boolean {
  const conversation = document.getElementById(places.conversation)
  const list = document.getElementById(places.list)
  return conversation?.contains(document.activeElement) === true || !list?.checkVisibility()
}

/** One step out: from the conversation to the list, from picked rows to none, from a search to the list, from settings to the inbox. */
export function stepBack(app: App): void {
  const { name, pane, search } = app.screen.get()
  if (name === 'archive') {
    app.screen.set((now) => ({ ...now, pane: 'list' }))
    focusPlace('found')
  } else if (name === 'settings' || name === 'desk') {
    app.screen.set((now) => ({ ...now, name: 'inbox' }))
    focusPlace('list')
  } else if (pane === 'rail') {
    app.screen.set((now) => ({ ...now, pane: 'list' }))
    focusPlace('list')
  } else if (pane === 'conversation' && conversationHasKeyboard()) {
    app.screen.set((now) => ({ ...now, pane: 'list' }))
    focusPlace(search === null ? 'list' : 'search')
  } else if (app.inbox.place.get().picked.size > 0) app.inbox.pickNone()
  else if (search !== null) endSearch(app)
  else focusPlace('list')
}
