import { createHash } from 'node:crypto'
import type { Answer } from '#connectors/connector.ts'
import { ConnectorFault } from '#connectors/fault.ts'
import { readItems, readJsonBody } from '../kit/json-items.ts'
import { hostOf, protocolFault } from '../kit/web.ts'
import { type BlogApi, refusalOf } from './api.ts'
import { type Item, type Kind, readItem } from './item.ts'
import { limits } from './limits.ts'

export interface Page {
  items: { item: Item; raw: Uint8Array }[]
  /** Things of that kind on the whole site, as the page said. */
  total: number
  /** Whether there are pages after it. */
  more: boolean
  /** The same for the same answer. */
  hash: string
  answer: Answer
}

export interface One {
  item: Item
  raw: Uint8Array
  answer: Answer
}

/** Lists of one site. Who may not see what editors see gets what everybody sees. */
export class Listing {
  readonly #api: BlogApi
  /** Whether the user may see raw texts, mail addresses and comments that wait, by kind. */
  readonly #edits: Record<Kind, boolean> = { post: true, comment: true }

  constructor(api: BlogApi) {
    this.#api = api
  }

  /** A page of what there is, newest first: articles by their last change, comments by their date. @param before in ms, inclusive. */
  async page(kind: Kind, page: number, before: number | null, signal: AbortSignal): Promise<Page> {
    const until = before === null ? null : new Date(before + 1000).toISOString()
    const order = kind === 'post' ? 'modified' : 'date_gmt'
    const query = {
      ...this.#seen(kind),
      per_page: limits.pageItems,
      page,
      orderby: order,
      order: 'desc',
      ...(until !== null && { [kind === 'post' ? 'modified_before' : 'before']: until }),
    }
    const response = await this.#api.get(`wp/v2/${kind}s`, query, signal)
    if (response.status === 403 && this.#edits[kind]) {
      this.#edits[kind] = false
      return this.page(kind, page, before, signal)
    }
    const none = { items: [], more: false, hash: '', total: 0, answer: this.#api.answer(response) }
    const refusal = refusalOf(response)
    // The list became shorter while it was read.
    if (/_invalid_page_number$/.test(refusal.code)) return none
    if (response.status !== 200) {
      const host = hostOf(response.url)
      throw new ConnectorFault('decision', 'server_error', { host, detail: refusal.detail || `HTTP ${response.status}` })
    }
    const read = readItems(response.body, null)
    const total = Number(response.headers['x-wp-total'])
    const pages = Number(response.headers['x-wp-totalpages'])
    if (read === null || !Number.isInteger(total) || !Number.isInteger(pages)) {
      throw protocolFault(response.url, 'an answer that is no list of WordPress')
    }
    const items = read.items.flatMap(({ raw, value }) => {
      const item = readItem(kind, value)
      return item === null ? [] : [{ item, raw }]
    })
    const hash = createHash('sha256').update(response.body).update(`/${total}`).digest('hex')
    return { ...none, items, total, more: page < pages, hash }
  }

  /** Ids of all that is there now. What is added or removed meanwhile may be missing: each is asked for before anything is made of it. */
  async ids(kind: Kind, signal: AbortSignal): Promise<Set<number>> {
    const ids = new Set<number>()
    for (let page = 1; page <= limits.pages; page++) {
      const query = { ...this.#seen(kind), _fields: 'id', per_page: limits.pageItems, page, orderby: 'id', order: 'asc' }
      const response = await this.#api.get(`wp/v2/${kind}s`, query, signal)
      if (response.status === 400) return ids
      const read = response.status === 200 ? readItems(response.body, null) : null
      if (read === null) throw protocolFault(response.url, 'an answer that is no list of WordPress')
      const before = ids.size
      for (const { value } of read.items) {
        if (typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'number') ids.add(value.id)
      }
      if (page >= Number(response.headers['x-wp-totalpages']) || read.items.length === 0) return ids
      if (ids.size === before) throw protocolFault(response.url, 'a page that repeats')
    }
    throw protocolFault('', 'pages without end')
  }

  /** An item as it is now; null when it is not there any more, or not for readers. */
  async one(kind: Kind, id: number, signal: AbortSignal): Promise<One | null> {
    const context = this.#edits[kind] ? { context: 'edit' } : {}
    const response = await this.#api.get(`wp/v2/${kind}s/${id}`, context, signal)
    if (response.status === 403 && this.#edits[kind]) {
      this.#edits[kind] = false
      return this.one(kind, id, signal)
    }
    if (response.status === 404 || response.status === 410 || response.status === 403) return null
    const raw = Uint8Array.from(response.body)
    const value = response.status === 200 ? readJsonBody(raw) : null
    const item = readItem(kind, value)
    if (item === null) throw protocolFault(response.url, `HTTP ${response.status}`)
    const status = item.fields['status']
    const gone = kind === 'post' ? status !== 'publish' : status === 'trash' || status === 'spam'
    return gone ? null : { item, raw, answer: this.#api.answer(response) }
  }

  #seen(kind: Kind): Record<string, string> {
    if (kind === 'post') return { status: 'publish', ...(this.#edits.post && { context: 'edit' }) }
    return this.#edits.comment ? { status: 'all', context: 'edit' } : {}
  }
}
