import { z } from 'zod'
import type { Answer, Batch, Context, IncomingMessage } from '#connectors/connector.ts'
import { ConnectorFault } from '#connectors/fault.ts'
import { readCursor } from '#connectors/kit/cursor.ts'
import type { BlueskySettings } from '#shared/model/index.ts'
import { type Author, timeOfKey } from '../message.ts'
import { live } from './limits.ts'
import { ownMessage } from './own.ts'
import { leadingTo } from './threads.ts'
import { membersOf } from './values.ts'
import type { Answered, Xrpc } from './xrpc.ts'

/** What is read of the account's own repository: posts, and what it does to those of others. Each is a stream of its own. */
export const collections = [
  'app.bsky.feed.post',
  'app.bsky.feed.repost',
  'app.bsky.feed.like',
  'app.bsky.graph.follow',
  'app.bsky.graph.block',
] as const

const Cursor = z.object({
  /** The repository's revision up to which the stream is known; null before the first pass. */
  rev: z.string().nullable(),
  /** When the whole list was last read, ms since 1970. */
  wholeAt: z.number(),
  /** A reading of the whole list that is under way. */
  reading: z.object({ rev: z.string(), after: z.string() }).nullable(),
})
type Cursor = z.infer<typeof Cursor>
const unread: Cursor = { rev: null, wholeAt: 0, reading: null }

const Latest = z.object({ rev: z.string() })
const Page = z.object({
  records: z.array(z.object({ uri: z.string(), cid: z.string(), value: z.unknown() })),
  cursor: z.string().optional(),
})
type Records = z.infer<typeof Page>['records']

/** A record's place says which version of it is there: `rkey cid`. */
interface Known {
  place: string
  cid: string
}

/** What reads one record as it is now; null where it is gone. */
interface RecordReader {
  recordOf(uri: string, signal: AbortSignal): Promise<{ message: IncomingMessage | null; cid: string } | null>
}

/** The account's own repository, as its server lists it (`com.atproto.repo.listRecords`, newest keys first). */
export class Repository {
  private readonly context: Context<BlueskySettings>
  private readonly xrpc: Xrpc
  private readonly did: string
  /** Posts that own new replies and quotes are about, newest first. */
  private about: string[] = []
  /** Own records by their key, by collection. Read once, then kept in step. */
  private readonly known = new Map<string, Map<string, Known>>()

  constructor(context: Context<BlueskySettings>, xrpc: Xrpc, did: string) {
    this.context = context
    this.xrpc = xrpc
    this.did = did
  }

  /** Brings what is new, changed or gone since the last pass. One request when nothing is. */
  async sync(signal: AbortSignal): Promise<void> {
    const { value } = await this.xrpc.query('com.atproto.sync.getLatestCommit', { params: { did: this.did }, signal })
    const latest = Latest.safeParse(value).data
    if (latest === undefined) throw this.unfit('a commit of another shape')
    for (const collection of collections) {
      for (;;) {
        const cursor = readCursor(Cursor, await this.context.cursor(collection)) ?? unread
        if (cursor.rev === latest.rev && cursor.reading === null) break
        // A reading that was cut short is brought to its end first, and then what came since.
        await this.read(collection, cursor, latest.rev, signal)
      }
    }
  }

  /** Reads the list: all of it the first time and once a day when something changed, else down to what is known. */
  private async read(collection: string, before: Cursor, rev: string, signal: AbortSignal): Promise<void> {
    const { clock } = this.context
    const known = await this.knownOf(collection)
    const whole =
      before.rev === null ||
      before.reading !== null ||
      clock.now() - before.wholeAt > (collection === 'app.bsky.feed.post' ? live.wholeMs : live.wholeActsMs)
    const begun = before.reading ?? { rev, after: '' }
    const saver = new Saver(this.context, collection)
    const empty = known.size === 0
    let after: string | undefined = begun.after || undefined
    let above = after ?? null
    let done = 0
    let next = this.page(collection, after, signal)
    for (;;) {
      const { page, from } = await next
      after = page.records.length === 0 || page.cursor === after ? undefined : page.cursor
      const familiar = page.records.length > 0 && page.records.every((record) => known.get(keyOf(record.uri))?.cid === record.cid)
      const more = after !== undefined && (whole || !familiar)
      // Asked for while this one is being saved.
      if (more) {
        next = this.page(collection, after, signal)
        next.catch(() => undefined)
        // The request goes out before the work on this page begins.
        await new Promise((resolve) => setImmediate(resolve))
      }
      const { messages, gone } = this.compare(
        known,
        page.records,
        { above, last: !more && after === undefined, empty },
        rev,
        from,
      )
      done += page.records.length
      above = keyOf(page.records.at(-1)?.uri ?? '') || above
      const reading = whole && more ? { rev: begun.rev, after: after ?? '' } : null
      const ended = { rev: whole ? begun.rev : rev, wholeAt: whole ? clock.now() : before.wholeAt, reading: null }
      const cursor = more ? { ...before, reading } : ended
      signal.throwIfAborted()
      await saver.add(messages, gone, JSON.stringify(cursor), from.answer, !more)
      if (whole && before.rev === null) this.context.progress({ done, total: null })
      if (!more) return
    }
  }

  private async page(
    collection: string,
    cursor: string | undefined,
    signal: AbortSignal,
  ): Promise<{ page: z.infer<typeof Page>; from: Answered }> {
    const params = { repo: this.did, collection, limit: live.page, cursor }
    const answered = await this.xrpc.query('com.atproto.repo.listRecords', { params, signal })
    const page = Page.safeParse(answered.value).data
    if (page === undefined) throw this.unfit('a list of records of another shape')
    // The same address for each page: it says where a record came from.
    const endpoint = this.xrpc.address('com.atproto.repo.listRecords', { repo: this.did, collection })
    return { page, from: { ...answered, endpoint } }
  }

  /**
   * What a page says that was not known. Keys come in falling order, so one that is known, lies between two of the list and is not
   * listed is gone.
   * @param at `above`: the key before the page, null at the beginning of the list. `last`: nothing comes after it. `empty`: nothing was
   *   known before, so nothing can be gone.
   */
  private compare(
    known: Map<string, Known>,
    records: Records,
    { above, last, empty }: { above: string | null; last: boolean; empty: boolean },
    rev: string,
    from: Answered,
  ): { messages: IncomingMessage[]; gone: string[] } {
    const messages: IncomingMessage[] = []
    const gone: string[] = []
    const author = this.author(rev)
    const listed = new Set<string>()
    let falling = true
    let before = above
    for (const [index, { uri, cid, value }] of records.entries()) {
      const key = keyOf(uri)
      if (before !== null && key >= before) falling = false
      before = key
      listed.add(key)
      const had = known.get(key)
      if (had?.cid === cid) continue
      const place = `${key} ${cid}`
      const exact = () => membersOf(from.bytes, 'records')[index] ?? from.bytes
      const message = ownMessage({ uri, cid, value, exact }, author, place, from.endpoint)
      messages.push(message)
      if (this.about.length < live.page) this.about.push(...leadingTo(value))
      if (had) gone.push(had.place)
      known.set(key, { place, cid })
    }
    // Keys in another order say nothing of what is missing between them.
    if (!falling || empty) return { messages, gone }
    const below = last ? '' : (before ?? '')
    for (const [key, { place }] of known) {
      if (listed.has(key) || key < below || (above !== null && key >= above)) continue
      gone.push(place)
      known.delete(key)
    }
    return { messages, gone }
  }

  private async knownOf(collection: string): Promise<Map<string, Known>> {
    let known = this.known.get(collection)
    if (!known) {
      const places = await this.context.known(collection)
      known = new Map(
        places.map(({ place }) => [place.slice(0, place.indexOf(' ')), { place, cid: place.slice(place.indexOf(' ') + 1) }]),
      )
      this.known.set(collection, known)
    }
    return known
  }

  /** Posts that own records which came since the last call answer or quote; of a first reading only those of the newest. */
  takeAbout(): string[] {
    const about = [...new Set(this.about)]
    this.about = []
    return about
  }

  /** Addresses of the newest records, as far as the office has them. */
  newest(collection: string, count: number): string[] {
    const keys = [...(this.known.get(collection)?.keys() ?? [])].sort().reverse()
    return keys.slice(0, count).map((key) => `at://${this.did}/${collection}/${key}`)
  }

  /** Reads records again that may have changed or gone. */
  async reread(collection: string, uris: string[], reader: RecordReader, signal: AbortSignal): Promise<void> {
    const known = await this.knownOf(collection)
    const messages: IncomingMessage[] = []
    const gone: string[] = []
    for (const uri of uris) {
      const had = known.get(keyOf(uri))
      const now = await reader.recordOf(uri, signal)
      if (now === null) {
        if (had) gone.push(had.place)
        known.delete(keyOf(uri))
      } else if (now.message !== null && now.cid !== had?.cid) {
        const place = `${keyOf(uri)} ${now.cid}`
        messages.push({ ...now.message, place })
        if (had) gone.push(had.place)
        known.set(keyOf(uri), { place, cid: now.cid })
      }
    }
    if (messages.length + gone.length === 0) return
    const cursor = (await this.context.cursor(collection)) ?? JSON.stringify(unread)
    await this.context.commit({ stream: collection, cursor, messages, marks: [], gone })
  }

  /** The account as the author of its records. @param rev a key that says when the repository was last changed. */
  author(rev: string): Author {
    const { handle } = this.context.settings
    const changedAt = timeOfKey(rev) ?? new Date(this.context.clock.now()).toISOString()
    return { did: this.did, name: '', handle: handle ?? this.did, changedAt }
  }

  private unfit(detail: string): ConnectorFault {
    return new ConnectorFault('transient', 'protocol', { host: this.xrpc.host, detail })
  }
}

/** The last part of a record's address. */
function keyOf(uri: string): string {
  return uri.slice(uri.lastIndexOf('/') + 1)
}

/** Gathers what pages bring into batches of a good size. The batch that is being saved does not hold up the next page. */
class Saver {
  private readonly context: Context<BlueskySettings>
  private readonly stream: string
  private messages: IncomingMessage[] = []
  private gone: string[] = []
  private bytes = 0
  private most: number = live.firstBatch
  private saving: Promise<unknown> = Promise.resolve()

  constructor(context: Context<BlueskySettings>, stream: string) {
    this.context = context
    this.stream = stream
  }

  /** @param end nothing comes after it: resolves when all of it is saved. */
  async add(messages: IncomingMessage[], gone: string[], cursor: string, answer: Answer, end: boolean): Promise<void> {
    this.messages.push(...messages)
    this.gone.push(...gone)
    this.bytes += messages.reduce((sum, { raw }) => sum + raw.byteLength, 0)
    const full = this.messages.length + live.page > this.most || this.bytes > live.batchBytes
    if (!full && !end) return
    const batch: Batch = { stream: this.stream, cursor, messages: this.messages, marks: [], gone: this.gone, answer }
    this.messages = []
    this.gone = []
    this.bytes = 0
    this.most = Math.min(this.most * 2, live.batchMessages)
    await this.saving
    this.saving = this.context.commit(batch)
    this.saving.catch(() => undefined)
    if (end) await this.saving
  }
}
