import { createHash } from 'node:crypto'
import type { Answer, Batch, Client, Connector, Context, IncomingMessage } from '#connectors/connector.ts'
import { ConnectorFault } from '#connectors/fault.ts'
import { FeedSettings } from '#shared/model/index.ts'
import { aboutFeed } from './about.ts'
import { type Cursor, emptyCursor, printCursor, readCursor } from './cursor.ts'
import { type FeedDocument, openDocument } from './document.ts'
import { fetchEnclosure } from './enclosure.ts'
import { type Fetched, fetchDocument, freshMinutes, hostOf, refuseStatus } from './fetch.ts'
import { parseItem } from './item.ts'
import { limits, times } from './limits.ts'
import { toMessages } from './message.ts'
import { renderItem } from './render.ts'

const STREAM = 'feed'

/** RSS, RDF, Atom and JSON Feed over HTTP. @see README.md for what feeds do in practice and what is done about it. */
export const feedConnector: Connector<FeedSettings> = {
  ...aboutFeed,
  create: (context) => new FeedClient(context),
  render: (raw, mediaType) => Promise.resolve(renderItem(parseItem({ raw, mediaType }))),
  attachment: () => Promise.resolve(null),
  fetchAttachment: fetchEnclosure,
}

class FeedClient implements Client {
  private readonly context: Context<FeedSettings>
  private readonly closing = new AbortController()
  /** Minutes that the last answer asked us to wait. */
  private hint = 0

  constructor(context: Context<FeedSettings>) {
    this.context = context
  }

  async check(signal: AbortSignal): Promise<{ label: string; streams: string[] }> {
    const { http, clock, settings } = this.context
    const fetched = await fetchDocument(http, { url: settings.url, maxBytes: limits.documentBytes, signal: this.within(signal) })
    refuseStatus(fetched.response, fetched.url, clock)
    const document = openFirst(fetched)
    return { label: document.title || hostOf(fetched.url), streams: [STREAM] }
  }

  async sync(signal: AbortSignal): Promise<null> {
    const { http, clock, settings } = this.context
    const within = this.within(signal)
    const cursor = readCursor(await this.context.cursor(STREAM))
    const headers = conditions(cursor, settings.url)
    const fetched = await fetchDocument(http, { url: settings.url, headers, maxBytes: limits.documentBytes, signal: within })
    refuseStatus(fetched.response, fetched.url, clock)
    const { status, body } = fetched.response
    if (status === 304 && Object.keys(headers).length === 0) throw fault(fetched, 'HTTP 304 to a first question')
    const hash = createHash('sha256').update(body).digest('hex')
    const same = status === 304 || hash === cursor.hash
    const document = same ? null : open(fetched)
    const every = document ? document.everyMinutes : cursor.every
    this.hint = Math.max(freshMinutes(fetched.response) ?? 0, every ?? 0)
    const moved = FeedSettings.safeParse({ ...settings, url: fetched.movedTo }).data ?? null
    if (moved) await this.context.setSettings(moved)
    if (!document) {
      // Nothing new; only the address is to be kept.
      if (moved) await this.context.commit(batchOf({ ...cursor, url: moved.url }, []))
      return null
    }
    const { etag, 'last-modified': lastModified } = fetched.response.headers
    // A document that was cut off is asked for again in full; if it comes just so again, it is like that.
    const validators = document.complete
      ? { etag: etag ?? null, lastModified: lastModified ?? null }
      : { etag: null, lastModified: null }
    await this.save(
      document,
      fetched.url,
      { ...validators, url: (moved ?? settings).url, hash, every: document.everyMinutes },
      answerOf(fetched, this.context.clock.now()),
      within,
    )
    if (!document.complete) throw fault(fetched, 'a feed that ends in the middle')
    return null
  }

  /** There is no push: the interval is slept out. A feed may ask for a longer one, within reason; never for a shorter. */
  async wait(signal: AbortSignal): Promise<void> {
    const own = this.context.settings.every * 60_000
    const asked = Math.min(this.hint * 60_000, times.longestHint)
    await this.context.clock.sleep(Math.max(own, asked), this.within(signal))
  }

  act(): Promise<void> {
    // Nothing of a feed can be changed by a reader; the engine asks only for what `capabilities` offers.
    return Promise.resolve()
  }

  close(): Promise<void> {
    this.closing.abort(new ConnectorFault('transient', 'connection_lost', { host: hostOf(this.context.settings.url) }))
    return Promise.resolve()
  }

  private within(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, this.closing.signal])
  }

  /** Commits the items in batches. The cursor says that the document is known only with the last one. */
  private async save(document: FeedDocument, url: string, cursor: Cursor, answer: Answer, signal: AbortSignal): Promise<void> {
    const { clock, log } = this.context
    let messages: IncomingMessage[] = []
    let bytes = 0
    let done = 0
    let oldest = new Date(clock.now()).toISOString()
    for await (const message of toMessages(document, url, clock.now())) {
      const full = messages.length >= limits.batchMessages || bytes + message.raw.byteLength > limits.batchBytes
      if (full && messages.length > 0) {
        signal.throwIfAborted()
        await this.context.commit({ ...batchOf({ ...emptyCursor, url: cursor.url }, messages), answer })
        done += messages.length
        this.context.progress({ done, total: null })
        messages = []
        bytes = 0
      }
      messages.push(message)
      if (message.at < oldest) oldest = message.at
      bytes += message.raw.byteLength
    }
    signal.throwIfAborted()
    await this.context.commit({ ...batchOf(cursor, messages), answer })
    // A feed has its newest items only.
    this.context.reaches(oldest)
    if (document.more) log.warn('feed.items_left', { host: hostOf(url), limit: limits.items })
  }
}

/** Headers that say when and from what a document came (RFC 9110). */
const keptHeaders = ['content-type', 'date', 'etag', 'last-modified', 'server']

function answerOf({ response: { headers } }: Fetched, now: number): Answer {
  const date = Date.parse(headers['date'] ?? '')
  return {
    headers: keptHeaders.flatMap((name): [string, string][] => (headers[name] === undefined ? [] : [[name, headers[name]]])),
    clockOffsetMs: Number.isNaN(date) ? null : now - date,
  }
}

function open(fetched: Fetched): FeedDocument {
  if (fetched.response.body.byteLength === 0) throw fault(fetched, 'an empty answer')
  return openDocument(fetched.response.body, fetched.response.headers['content-type'], fetched.url)
}

/** Before there is an account, a page without a feed is for the person to know, not for trying again. */
function openFirst(fetched: Fetched): FeedDocument {
  try {
    return open(fetched)
  } catch (error) {
    if (!(error instanceof ConnectorFault) || error.code !== 'protocol') throw error
    throw new ConnectorFault('decision', 'not_a_feed', { url: fetched.url }, { cause: error })
  }
}

function fault(fetched: Fetched, detail: string): ConnectorFault {
  return new ConnectorFault('transient', 'protocol', { host: hostOf(fetched.url), detail })
}

function batchOf(cursor: Cursor, messages: IncomingMessage[]): Batch {
  return { stream: STREAM, cursor: printCursor(cursor), messages, marks: [], gone: [] }
}

/** What was told about the copy that the office has (RFC 9110 section 13.1); of another address it says nothing. */
function conditions(cursor: Cursor, url: string): Record<string, string> {
  if (cursor.url !== url) return {}
  return {
    ...(cursor.etag === null ? {} : { 'if-none-match': cursor.etag }),
    ...(cursor.lastModified === null ? {} : { 'if-modified-since': cursor.lastModified }),
  }
}
