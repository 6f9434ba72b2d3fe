import type { ItemMessage } from '#connectors/kit/importer.ts'
import { instantOf, parseInstant } from '#connectors/kit/text.ts'
import { tryDecode } from './car.ts'
import { createdAtOf, type Post, readPost, subjectOf, typeOf } from './record.ts'
import { actText, pageOf, textOf } from './render.ts'

/** Of whose repository the records are. */
export interface Author {
  did: string
  name: string
  /** What the account is called on the network; an export does not say it. */
  handle?: string
  /** When the repository was last changed: the time of what has none of its own. */
  changedAt: string
}

/** What the account does to something of somebody's: its record names that and a time. */
const ACTS = new Set(['app.bsky.feed.like', 'app.bsky.feed.repost', 'app.bsky.graph.follow', 'app.bsky.graph.block'])

/** A record as it was read from its block. */
export interface ReadRecord {
  value: unknown
  type: string
  post: Post | null
}

/** @returns null when the block is no record. */
export function readRecord(data: Uint8Array): ReadRecord | null {
  const value = tryDecode(data)
  const type = typeOf(value)
  return type === null ? null : { value, type, post: readPost(value) }
}

/**
 * The message that a record is: a post or a reply, an act (like, repost, follow, block). Everything else that the account has
 * (its profile, lists, settings of threads) is kept as a file.
 * @param path `collection/rkey`
 */
export function toMessage({ value, type, post }: ReadRecord, path: string, author: Author): ItemMessage {
  const address = `at://${author.did}/${path}`
  const common = {
    remoteId: address,
    threadKeys: [address],
    direction: 'outbound' as const,
    from: { name: author.name, handle: author.handle ?? author.did },
    to: [],
    cc: [],
    subject: '',
    link: pageOf(address),
    // Nothing in a record changes by itself: other bytes are another version.
    volatile: false,
  }
  if (post !== null) {
    const threadKeys = post.reply === null ? [address] : [...new Set([address, post.reply.root, post.reply.parent])]
    const kind = post.reply === null ? 'post' : 'reply'
    return { ...common, threadKeys, kind, at: timeOf(post.createdAt, path, author), text: textOf(post) }
  }
  const subject = subjectOf(value)
  const act = ACTS.has(type) && subject !== null
  return {
    ...common,
    kind: act ? 'act' : 'file',
    subject: type,
    at: timeOf(createdAtOf(value), path, author),
    text: actText(value),
    link: act ? pageOf(subject) : common.link,
  }
}

/**
 * When the record was made: as it says itself, whatever year that is; else as its key says, which counts microseconds
 * (https://atproto.com/specs/tid); else when the repository was last changed.
 */
function timeOf(createdAt: string | null, path: string, { changedAt }: Author): string {
  return parseInstant(createdAt) ?? timeOfKey(path.slice(path.indexOf('/') + 1)) ?? changedAt
}

const DIGITS = '234567abcdefghijklmnopqrstuvwxyz'

/** The time that a TID stands for; null for other keys. */
export function timeOfKey(key: string): string | null {
  if (!/^[234567a-j][234567a-z]{12}$/.test(key)) return null
  // 13 digits of 5 bits: a zero, 53 bits of microseconds, 10 of the clock.
  const number = [...key].reduce((sum, digit) => sum * 32n + BigInt(DIGITS.indexOf(digit)), 0n)
  return instantOf(Number((number >> 10n) / 1000n))
}
