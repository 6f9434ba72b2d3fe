import { createHash } from 'node:crypto'
import { textOf } from '#connectors/kit/shape.ts'
import { parseInstant } from '#connectors/kit/text.ts'
import type { MastodonSettings } from '#shared/model/index.ts'
import type { Context } from '../connector.ts'
import { ConnectorFault } from '../fault.ts'
import type { ApiAnswer } from './api.ts'
import type { List, State, Track } from './cursor.ts'
import { Refused, retryAt } from './faults.ts'
import { Gather } from './gather.ts'
import { limits } from './limits.ts'
import type { Item, Lists, Page } from './lists.ts'
import { accountCounts } from './people.ts'
import type { Session } from './session.ts'

/** What a client remembers of the newest pages, so that what is as before costs nothing. */
export type Remembered = Map<List, { page: string; items: Map<string, string> }>

/**
 * One reading of an account's lists. Each is looked at from its newest entry down to where it was known; what is older is read once,
 * from where the first reading got to. A kill at any moment is made good by looking again: how far a list is known is only moved when
 * everything down to there is saved.
 */
export class Pass {
  readonly #context: Context<MastodonSettings>
  readonly #session: Session
  readonly #lists: Lists
  readonly #signal: AbortSignal
  readonly #remembered: Remembered
  readonly #state: State
  readonly gather: Gather
  /** Posts that were too large to be taken. */
  leftOut = 0

  constructor(parts: {
    context: Context<MastodonSettings>
    session: Session
    lists: Lists
    signal: AbortSignal
    remembered: Remembered
    state: State
  }) {
    this.#context = parts.context
    this.#session = parts.session
    this.#lists = parts.lists
    this.#signal = parts.signal
    this.#remembered = parts.remembered
    this.#state = parts.state
    this.gather = new Gather(parts.context, parts.session, parts.state, parts.signal)
  }

  /** Brings what is new in a list, and what changed on its newest page. */
  async look(list: List): Promise<void> {
    const page = await this.#lists.page(list, null, this.#signal)
    if (!page) return
    const hash = digest(page.answer.bytes)
    const before = this.#remembered.get(list)
    if (before?.page === hash) return
    const items = new Map(page.items.map(({ id, raw }) => [id, digest(raw)]))
    const track = this.#state[list]
    const ids = page.items.map(({ id, postId }) => `${id} ${postId}`)
    if (track === null) await this.#first(list, page, ids)
    else {
      const changed = page.items.filter(({ id }) => before?.items.get(id) !== items.get(id))
      await this.#take(changed, page, false)
      if (!this.#meets(track, ids)) await this.#down(list, track, page)
      await this.#missing(track, ids, page.next === null)
      // Another reading may have begun meanwhile.
      if (ids.join() !== track.recent.join() || !this.gather.empty) {
        track.recent = ids
        await this.gather.save(this.#state)
      }
    }
    await this.gather.end()
    this.#remembered.set(list, { page: hash, items })
  }

  /** Reads on with what is older, to the end of what the server has. */
  async older(list: List): Promise<void> {
    const track = this.#state[list]
    const followed = new Set<string>()
    let last = ''
    let again = false
    while (track !== null && track.older !== null && followed.size < limits.pages) {
      const query = track.older
      followed.add(query)
      const found = await this.#olderPage(list, query, again)
      // Where its place has expired on the server, the list is gone through again from the top, once.
      if (found === null) {
        again = true
        followed.clear()
      }
      const page = found ?? (await this.#required(list, ''))
      const ids = page.items.map(({ id }) => id).join()
      await this.#take(page.items, page, true)
      if (list === 'posts') this.#count(page.items)
      // a server that gives the same page for ever has given all it has
      const repeats = page.next !== null && (followed.has(page.next) || (ids !== '' && ids === last))
      last = ids
      track.older = repeats ? null : page.next
      if (this.gather.full || track.older === null) await this.gather.save(this.#state)
      if (track.older !== null) await this.#spare(page.answer)
    }
    if (list === 'posts' && followed.size > 0) this.#reached()
    await this.gather.end()
  }

  /** A page of history; null where its place has expired on the server. @param again it was told before that it has. */
  async #olderPage(list: List, query: string, again: boolean): Promise<Page | null> {
    try {
      return await this.#required(list, query)
    } catch (error) {
      if (again || !(error instanceof Refused) || ![400, 404, 410, 422].includes(error.status)) throw error
      this.#context.log.warn('mastodon.page_expired', { list, status: error.status })
      return null
    }
  }

  async #required(list: List, query: string): Promise<Page> {
    const page = await this.#lists.page(list, query, this.#signal)
    if (page) return page
    throw new Refused(404, this.#session.api.host, `a list that was there is gone: ${list}`)
  }

  async #first(list: List, page: Page, ids: string[]): Promise<void> {
    const track: Track = { recent: ids, older: page.next }
    this.#state[list] = track
    await this.#take(page.items, page, true)
    if (list === 'posts') this.#count(page.items)
    await this.gather.save(this.#state)
    if (list === 'posts' && page.next === null) this.#reached()
  }

  #meets(track: Track, ids: string[]): boolean {
    const recent = new Set(track.recent.map(idOf))
    return ids.some((id) => recent.has(idOf(id)))
  }

  /** More is new than one page holds: goes down until it is known. */
  async #down(list: List, track: Track, top: Page): Promise<void> {
    const followed = new Set<string>()
    for (let query = top.next; query !== null && !followed.has(query) && followed.size < limits.pages; ) {
      followed.add(query)
      const page = await this.#lists.page(list, query, this.#signal)
      if (!page || page.items.length === 0) return
      await this.#take(page.items, page, false)
      if (this.gather.full) await this.gather.save(this.#state)
      if (
        this.#meets(
          track,
          page.items.map(({ id, postId }) => `${id} ${postId}`),
        )
      )
        return
      query = page.next
      if (query !== null) await this.#spare(page.answer)
    }
  }

  /** Posts that stood on the newest page and are no longer there, though older ones are: the server is asked whether they are gone. */
  async #missing(track: Track, ids: string[], isAll: boolean): Promise<void> {
    const now = new Set(ids.map(idOf))
    const lastCommon = track.recent.findLastIndex((entry) => now.has(idOf(entry)))
    const candidates = track.recent.filter((entry, index) => !now.has(idOf(entry)) && (isAll || index < lastCommon))
    const posts = [...new Set(candidates.map(postIdOf).filter((id) => id !== ''))]
    const gone: string[] = []
    for (const id of posts) if (await this.isGone(id)) gone.push(id)
    this.gather.gone(gone)
  }

  /** Whether the server has a post no more. */
  async isGone(id: string): Promise<boolean> {
    try {
      await this.#session.api.get(`/api/v1/statuses/${encodeURIComponent(id)}`, this.#signal)
      return false
    } catch (error) {
      if (error instanceof Refused && (error.status === 404 || error.status === 410)) return true
      throw error
    }
  }

  async #take(items: readonly Item[], page: Page, backfill: boolean): Promise<void> {
    this.leftOut += page.leftOut
    await this.gather.take(items, page.answer, backfill)
  }

  #count(items: readonly Item[]): void {
    this.#state.count += items.length
    const last = parseInstant(items.at(-1)?.status?.fields['created_at'])
    if (last !== null) this.#state.oldest = last
    const total = accountCounts(this.#session.account.fields).posts ?? null
    this.#context.progress({ done: this.#state.count, total: total === null ? null : Math.max(total, this.#state.count) })
  }

  /** All own posts were read that the server hands out; it may count more. */
  #reached(): void {
    const { posts, count, oldest } = this.#state
    const total = accountCounts(this.#session.account.fields).posts ?? 0
    if (posts?.older === null && oldest !== null && count < total) this.#context.reaches(oldest)
  }

  /** History leaves some of what may be asked for to people, who may want to answer somebody now. */
  async #spare({ headers }: ApiAnswer): Promise<void> {
    const left = Number(headers['x-ratelimit-remaining'] ?? Number.NaN)
    const most = Number(headers['x-ratelimit-limit'] ?? Number.NaN)
    if (!(left <= Math.min(limits.spare, most / 4))) return
    if (!this.gather.empty) await this.gather.save(this.#state)
    await this.gather.end()
    const { clock } = this.#context
    throw new ConnectorFault(
      'rate',
      'rate_limited',
      { host: this.#session.api.host },
      { retryAt: retryAt(headers, clock), untaken: true },
    )
  }
}

/** Entries are `id postId`, where the id of a conversation's entry has a blank of its own. */
function idOf(entry: string): string {
  return entry.slice(0, entry.lastIndexOf(' '))
}
function postIdOf(entry: string): string {
  return textOf(entry.slice(entry.lastIndexOf(' ') + 1))
}

function digest(bytes: Uint8Array): string {
  return createHash('sha1').update(bytes).digest('base64')
}
