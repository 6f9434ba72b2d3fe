import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import type { IncomingMessage } from '#connectors/connector.ts'
import type { FeedDocument } from './document.ts'
import { clip, type FeedItem } from './fields.ts'
import { parseItem, type RawItem } from './item.ts'
import { limits, times } from './limits.ts'
import { attachmentsOf, textOf } from './render.ts'

interface Parsed {
  raw: RawItem
  item: FeedItem
}

/** Items read between two pauses in which others get their turn. */
const BREATH = 50

/**
 * The items of a document as messages, each once. An item without a date gets the time of being seen, in the order of
 * the document (its first item is the newest).
 * @param now milliseconds since 1970
 */
export async function* toMessages(document: FeedDocument, url: string, now: number): AsyncGenerator<IncomingMessage> {
  const all: Parsed[] = []
  for (const raw of document.items) {
    all.push({ raw, item: parseItem(raw) })
    if (all.length % BREATH === 0) await setImmediate()
  }
  const shared = sharedIds(all)
  const seen = new Set<string>()
  for (const [index, { raw, item }] of all.entries()) {
    if (isEmpty(item)) continue
    const remoteId = remoteIdOf(item, raw, shared)
    if (seen.has(remoteId)) continue
    seen.add(remoteId)
    yield toMessage(item, raw, { remoteId, seenAt: now - index, now, title: document.title, url })
  }
}

function toMessage(
  item: FeedItem,
  raw: RawItem,
  known: { remoteId: string; seenAt: number; now: number; title: string; url: string },
): IncomingMessage {
  const { host } = new URL(known.url)
  const text = textOf(item)
  return {
    remoteId: known.remoteId,
    place: null,
    threadKeys: [known.remoteId],
    kind: 'article',
    direction: 'inbound',
    from: { name: item.author?.name || clip(known.title, limits.partyChars) || host, handle: item.author?.handle || host },
    to: [],
    cc: [],
    subject: item.title || clip(text.split('\n', 1)[0] ?? '', 120),
    at: new Date(timeOf(item, known)).toISOString(),
    text: clip(text, limits.textChars),
    read: false,
    answered: false,
    attachments: attachmentsOf(item),
    link: item.link,
    raw: raw.raw,
    mediaType: raw.mediaType,
    endpoint: known.url,
  }
}

/** An item of tags only, as templates leave behind: nothing that anyone could read or find again. */
function isEmpty(item: FeedItem): boolean {
  return item.id === null && item.link === null && item.title === '' && textOf(item) === '' && item.enclosures.length === 0
}

/** Its own date, unless that is before 1970 or more than a day in the future. */
function timeOf(item: FeedItem, known: { seenAt: number; now: number }): number {
  const own = item.published ?? item.updated
  return own === null || own < 0 || own > known.now + times.futureSlack ? known.seenAt : own
}

/**
 * Ids that more than one item of the document has: the feed does not keep its word, so the id alone would make one item
 * look like a new version of another.
 */
function sharedIds(items: Parsed[]): Set<string> {
  const first = new Map<string, string>()
  const shared = new Set<string>()
  for (const { item, raw } of items) {
    if (item.id === null) continue
    const hash = digest(raw.raw)
    const other = first.get(item.id)
    if (other === undefined) first.set(item.id, hash)
    else if (other !== hash) shared.add(item.id)
  }
  return shared
}

/** The item's id, else its link, else its hash; an id that several items share counts together with link and title. */
function remoteIdOf(item: FeedItem, raw: RawItem, shared: Set<string>): string {
  if (item.id !== null && !shared.has(item.id)) return item.id.length <= limits.idChars ? item.id : `hash:${digest(item.id)}`
  if (item.id !== null) return `hash:${digest(JSON.stringify([item.id, item.link, item.title]))}`
  return item.link ?? `hash:${digest(raw.raw)}`
}

function digest(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex').slice(0, 32)
}
