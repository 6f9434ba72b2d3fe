import type { Client } from '#shared/contract/client.ts'
import type { ConversationId, ConversationRow, InboxFilter, MessageId } from '#shared/model/index.ts'
import { createStore } from '../ui/store.ts'
import { compareKeys } from './block-list.ts'
import { InboxList } from './inbox-list.ts'
import { filterKey, inList } from './rows.ts'

/** Where the person is in a list. */
export interface Place {
  list: InboxList
  /** The conversation the cursor is on. It may have left the list meanwhile. */
  cursor: ConversationRow | null
  /** Conversations picked for a bulk act. */
  picked: ReadonlyMap<ConversationId, ConversationRow>
  /** New conversations above what is shown. */
  news: ReadonlySet<ConversationId>
  /** A message to open the conversation at, from a search. */
  message: MessageId | null
}

export const allOpen: InboxFilter = { view: 'open', identityId: null, accountId: null, labelId: null, unreadOnly: false }

/** The inbox as one person looks at it: which list, where in it, what is picked. */
export class Inbox {
  readonly place
  private readonly client: () => Client
  /** Index the cursor was last seen at, for going on from a row that has left the list. */
  private lastIndex = 0
  /** Other end of a picked stretch. */
  private pickedFrom: number | null = null
  private moves = 0

  constructor(client: () => Client) {
    this.client = client
    this.place = createStore<Place>({
      list: new InboxList(client, allOpen),
      cursor: null,
      picked: new Map(),
      news: new Set(),
      message: null,
    })
  }

  get list(): InboxList {
    return this.place.get().list
  }

  /** Changes to another list. The one already shown goes back to its top. */
  show(filter: InboxFilter): void {
    this.list.close()
    const list = new InboxList(this.client, filter)
    this.pickedFrom = null
    this.lastIndex = 0
    this.place.set({ list, cursor: null, picked: new Map(), news: new Set(), message: null })
    void list.open()
  }

  /** Reads the list again, after the connection came back. */
  reopen(): void {
    void this.list.open()
  }

  /** What the engine told of: the list takes it, and new arrivals above the screen are counted. */
  take(arrived: readonly ConversationRow[], changed: readonly ConversationRow[], more: boolean): void {
    const { list } = this.place.get()
    const top = list.placeAt(0)
    const fresh = arrived.filter(
      (row) =>
        row.unread > 0 && !row.outbound && inList(row, list.filter, false) && top !== null && compareKeys(row.sortKey, top) > 0,
    )
    list.apply([...arrived, ...changed])
    if (more) list.outlineSoon()
    const now = new Map([...arrived, ...changed].map((row) => [row.id, row]))
    this.place.set((place) => ({
      ...place,
      cursor: (place.cursor && now.get(place.cursor.id)) ?? place.cursor,
      picked: refreshed(place.picked, now),
      news: fresh.length > 0 ? new Set([...place.news, ...fresh.map((row) => row.id)]) : place.news,
    }))
  }

  /** The reader has seen the top of the list. */
  seen(): void {
    this.list.release()
    this.place.set((place) => (place.news.size > 0 ? { ...place, news: new Set() } : place))
  }

  /** Puts the cursor on a row. */
  select(row: ConversationRow | null, message: MessageId | null = null): void {
    if (row) {
      const index = this.list.indexOf(row.id)
      if (index >= 0) this.lastIndex = index
    }
    this.pickedFrom = null
    this.place.set((place) => ({ ...place, cursor: row, message }))
  }

  /** Index of the cursor; of the place it left when its row has gone. */
  cursorIndex(): number {
    const { list, cursor } = this.place.get()
    const index = cursor ? list.indexOf(cursor.id) : -1
    if (index >= 0) this.lastIndex = index
    return index >= 0 ? index : -1
  }

  /** Moves the cursor by rows. From a row that has gone, one step down is the row that took its place. */
  async move(by: number): Promise<void> {
    const index = this.cursorIndex()
    if (this.place.get().cursor === null) return this.moveTo(this.list.firstShown)
    if (index >= 0) return this.moveTo(index + by)
    return this.moveTo(by > 0 ? this.lastIndex + by - 1 : this.lastIndex + by)
  }

  /** Puts the cursor on an index, fetching the row if need be; the nearest one when the list is shorter. */
  async moveTo(index: number): Promise<void> {
    const { list } = this.place.get()
    const move = ++this.moves
    const wanted = Math.max(0, Math.min(index, list.total - 1))
    const row = list.rowAt(wanted) ?? (await list.fetchRow(wanted))
    if (move !== this.moves || list !== this.list) return
    this.lastIndex = wanted
    this.place.set((place) => ({ ...place, cursor: row, message: null }))
  }

  /** Picks a row, or lets go of it. */
  togglePick(row: ConversationRow): void {
    this.pickedFrom = this.list.indexOf(row.id)
    this.place.set((place) => {
      const picked = new Map(place.picked)
      if (!picked.delete(row.id)) picked.set(row.id, row)
      return { ...place, picked }
    })
  }

  /** Picks every fetched row from where picking began to an index, and puts the cursor there. */
  async pickTo(index: number): Promise<void> {
    const { list } = this.place.get()
    const from = this.pickedFrom ?? Math.max(0, this.cursorIndex())
    await this.moveTo(index)
    this.pickedFrom = from
    const to = Math.max(0, Math.min(index, list.total - 1))
    const rows = list.slice(Math.min(from, to), Math.max(from, to))
    this.place.set((place) => ({ ...place, picked: new Map(rows.map((row) => [row.id, row])) }))
  }

  /** Picks every row of the list, as far as one act can carry them. */
  async pickAll(): Promise<void> {
    const { list } = this.place.get()
    const rows = await list.fetchAll()
    if (list !== this.list) return
    this.place.set((place) => ({ ...place, picked: new Map(rows.map((row) => [row.id, row])) }))
  }

  pickNone(): void {
    this.pickedFrom = null
    this.place.set((place) => (place.picked.size > 0 ? { ...place, picked: new Map() } : place))
  }

  /** What an act is about: the picked rows, or else the one under the cursor. */
  subjects(): ConversationRow[] {
    const { picked, cursor } = this.place.get()
    if (picked.size > 0) return [...picked.values()]
    return cursor ? [cursor] : []
  }

  /** Same list, narrowed to unread or not. */
  toggleUnread(): void {
    const { filter } = this.list
    this.show({ ...filter, unreadOnly: !filter.unreadOnly })
  }

  /** Shows a list unless it is the one on the screen. */
  showIfOther(filter: InboxFilter): void {
    if (filterKey(filter) !== filterKey(this.list.filter)) this.show(filter)
  }
}

function refreshed(picked: Place['picked'], now: ReadonlyMap<ConversationId, ConversationRow>): Place['picked'] {
  if (![...picked.keys()].some((id) => now.has(id))) return picked
  return new Map([...picked].map(([id, row]) => [id, now.get(id) ?? row]))
}
