import { createHash } from 'node:crypto'
import type { ItemMessage, MediaRef, Owner } from '#connectors/kit/importer.ts'
import { searchText } from '#connectors/kit/plain.ts'
import { digitsOf, type Fields, fieldsOf, listOf, textOf } from '#connectors/kit/shape.ts'
import { instantOf, mediaTypeOf, oneLine, parseInstant } from '#connectors/kit/text.ts'
import type { Party } from '#shared/model/index.ts'
import { nameIn, picturesOf, readableText } from './shapes.ts'

/** Who goes by an account's number, as far as posts tell; direct messages name people by number only. */
export class People {
  readonly #byId = new Map<string, Party>()
  readonly own: Party

  constructor(owner: Owner) {
    this.own = { name: oneLine(owner.name), handle: owner.handle ?? owner.userId ?? '' }
    if (owner.userId !== null) this.#byId.set(owner.userId, this.own)
  }

  /** Takes names out of a post's mentions. */
  learn(tweet: Fields): void {
    for (const entry of listOf(fieldsOf(tweet['entities'])?.['user_mentions'])) {
      const mention = fieldsOf(entry)
      const id = digitsOf(mention?.['id_str'])
      const handle = oneLine(textOf(mention?.['screen_name']))
      if (id === null || handle === '' || this.#byId.has(id) || this.#byId.size >= MOST_PEOPLE) continue
      this.#byId.set(id, { name: oneLine(textOf(mention?.['name'])), handle })
    }
  }

  of(id: string): Party {
    return this.#byId.get(id) ?? { name: '', handle: id }
  }
}
const MOST_PEOPLE = 200_000

/** When an id of X was given out: its upper bits are ms since November 2010. Ids before that say nothing. */
function instantOfId(id: string): string | null {
  const ms = BigInt(id) >> 22n
  return ms > 0n && ms < 2n ** 45n ? instantOf(Number(ms) + 1_288_834_974_657) : null
}

/** What a post says; null for what has no id. */
export function tweetMessage(tweet: Fields, people: People): ItemMessage | null {
  const id = digitsOf(tweet['id_str']) ?? digitsOf(tweet['id'])
  const at = parseInstant(tweet['created_at']) ?? (id === null ? null : instantOfId(id))
  const raw = tweet['full_text'] ?? tweet['text']
  if (id === null || at === null || typeof raw !== 'string') return null
  people.learn(tweet)
  const words = readableText(raw, tweet['entities'])
  const alts = picturesOf(tweet).map(({ alt }) => alt)
  const repliedTo = digitsOf(tweet['in_reply_to_status_id_str']) ?? digitsOf(tweet['in_reply_to_status_id'])
  const isBoost = /^RT @\w{1,50}:/.test(words)
  return {
    remoteId: id,
    threadKeys: [...new Set([id, ...(repliedTo === null ? [] : [repliedTo]), ...firstVersion(tweet)])],
    kind: isBoost ? 'act' : repliedTo === null ? 'post' : 'reply',
    direction: 'outbound',
    from: people.own,
    to: addressee(tweet, people),
    cc: [],
    subject: '',
    at,
    text: searchText([words, ...alts].filter((part) => part !== '').join('\n\n')),
    link: `https://x.com/${encodeURIComponent(people.own.handle)}/status/${id}`,
    deletedAt: parseInstant(tweet['deleted_at']),
  }
}

function addressee(tweet: Fields, people: People): Party[] {
  const handle = oneLine(textOf(tweet['in_reply_to_screen_name']))
  if (handle === '') return []
  const id = digitsOf(tweet['in_reply_to_user_id_str'])
  const known = id === null ? null : people.of(id)
  return [known && known.handle.toLowerCase() === handle.toLowerCase() ? known : { name: '', handle }]
}

/** An edited post is a post of its own; it names the one that it began as. */
function firstVersion(tweet: Fields): string[] {
  const edit = fieldsOf(fieldsOf(tweet['edit_info'])?.['edit'])
  const id = digitsOf(edit?.['initialTweetId'])
  return id === null ? [] : [id]
}

/** A long post, of which `tweets.js` has the beginning only. @param beginning the post that has it. */
export function noteMessage(note: Fields, beginning: string | null, people: People): ItemMessage | null {
  const id = digitsOf(note['noteTweetId'])
  const core = fieldsOf(note['core'])
  const at = parseInstant(note['createdAt'])
  if (id === null || at === null || typeof core?.['text'] !== 'string') return null
  return {
    remoteId: `note:${id}`,
    threadKeys: beginning === null ? [id] : [id, beginning],
    kind: 'post',
    direction: 'outbound',
    from: people.own,
    to: [],
    cc: [],
    subject: '',
    at,
    text: searchText(readableText(core['text'], core)),
    link: beginning === null ? null : `https://x.com/${encodeURIComponent(people.own.handle)}/status/${beginning}`,
  }
}

/** A direct message. What else happens in a conversation (joining, leaving, naming) is an act without words, but for a new name. */
export function directMessage(entry: Fields, raw: Uint8Array, conversation: string, people: People): ItemMessage | null {
  const [kind = ''] = Object.keys(entry)
  const fields = fieldsOf(entry[kind])
  const at = parseInstant(fields?.['createdAt'])
  if (!fields || at === null) return null
  const sender = digitsOf(fields['senderId']) ?? digitsOf(fields['initiatingUserId']) ?? digitsOf(fields['userId'])
  const from = sender === null ? people.own : people.of(sender)
  const recipient = digitsOf(fields['recipientId'])
  const isMessage = kind === 'messageCreate'
  const id = digitsOf(fields['id'])
  if (isMessage && (id === null || sender === null)) return null
  return {
    remoteId: isMessage ? `dm:${id}` : `dm-event:${createHash('sha256').update(conversation).update(raw).digest('hex')}`,
    threadKeys: [conversation],
    kind: isMessage ? 'direct' : 'act',
    direction: from === people.own ? 'outbound' : 'inbound',
    from,
    to: recipient === null ? [] : [people.of(recipient)],
    cc: [],
    subject: '',
    at,
    text: searchText(isMessage ? readableText(textOf(fields['text']), fields) : textOf(fields['name'])),
    link: null,
  }
}

/** Files of the archive by the id of the post or message that they belong to. */
export type MediaIndex = ReadonlyMap<string, readonly string[]>

/** The files of a post or message: those that it names in their order, then any other that the archive has for it. */
export function mediaRefs(id: string, urls: readonly string[], index: MediaIndex): MediaRef[] {
  const files = [...(index.get(id) ?? [])]
  const refs: MediaRef[] = []
  for (const url of urls) {
    const name = nameIn(url)
    const at = files.findIndex((path) => path.endsWith(`-${name}`))
    const [path = null] = at < 0 ? [] : files.splice(at, 1)
    refs.push(refOf(path, name))
  }
  for (const path of files) refs.push(refOf(path, path.slice(path.lastIndexOf('/') + 1)))
  return refs
}

function refOf(path: string | null, name: string): MediaRef {
  const mediaType = mediaTypeOf(path ?? name)
  return { path, name: oneLine(name), mediaType, inline: mediaType.startsWith('image/') }
}
