import { z } from 'zod'
import type { IncomingMessage, IncomingProfile, Rendered } from '#connectors/connector.ts'
import { escapeHtml, searchText } from '#connectors/kit/plain.ts'
import { instantOf, parseInstant } from '#connectors/kit/text.ts'
import type { Attachment, MetricName, Party } from '#shared/model/index.ts'
import { limits } from '../limits.ts'
import { createdAtOf, type Post, readPost, subjectOf, typeOf } from '../record.ts'
import { actText, attachmentsOf, pageOf, postHtml, textOf } from '../render.ts'
import { inModel } from './own.ts'
import { parseJson } from './values.ts'

/** What others do, as the network's view service tells it: a notification, or a post with its author. */
export const NOTIFICATION_TYPE = 'application/json; lexicon=app.bsky.notification.listNotifications#notification'
export const POST_TYPE = 'application/json; lexicon=app.bsky.feed.defs#postView'

const line = z.string().transform((text) => text.slice(0, limits.partyChars))
const count = z.number().int().nonnegative().optional().catch(undefined)
const Author = z.object({
  did: z.string().startsWith('did:').max(2048),
  handle: line.catch(''),
  displayName: line.optional().catch(undefined),
})
export type Author = z.infer<typeof Author>
const Labels = z.array(z.object({ val: z.string().max(128), neg: z.boolean().optional() })).max(100)
const labels = Labels.optional().catch(undefined)

const common = {
  uri: z.string().startsWith('at://').max(limits.linkChars),
  cid: z.string().max(200),
  author: Author,
  record: z.unknown(),
  labels,
}
export const Notification = z.object({
  ...common,
  /** `like`, `repost`, `follow`, `mention`, `reply`, `quote` and what comes after. */
  reason: z.string().max(100),
  reasonSubject: z.string().max(limits.linkChars).optional().catch(undefined),
  isRead: z.boolean().catch(false),
  indexedAt: z.string().regex(/^\S{1,64}$/),
})
export type Notification = z.infer<typeof Notification>
export const PostView = z.object({
  ...common,
  indexedAt: z.string().regex(/^\S{1,64}$/),
  likeCount: count,
  repostCount: count,
  replyCount: count,
  quoteCount: count,
  bookmarkCount: count,
})
export type PostView = z.infer<typeof PostView>

/** What one view says as a message. */
interface Seen {
  view: Pick<Notification, 'uri' | 'author' | 'record' | 'labels' | 'indexedAt'>
  value: unknown
  post: Post | null
  raw: Uint8Array
  endpoint: string
}

export function partyOf({ did, handle, displayName }: Author): Party {
  // `handle.invalid`: the network itself does not believe the handle any more.
  return { name: displayName ?? '', handle: handle === '' || handle === 'handle.invalid' ? did : handle }
}

/** A notification as a message. @param own DID of the account. */
export function notificationMessage(view: Notification, raw: Uint8Array, own: string, endpoint: string): IncomingMessage {
  const value = inModel(view.record)
  const post = readPost(value)
  const seen = { view, value, post, raw, endpoint }
  const about = subjectOf(value) ?? view.reasonSubject ?? null
  if (post !== null) {
    const message = postMessage(seen, NOTIFICATION_TYPE)
    const kind = view.reason === 'reply' ? 'reply' : 'mention'
    return { ...message, kind, place: placeOf(view), read: view.isRead, quiet: view.reason === 'subscribed-post' }
  }
  // A new follower is about the account itself: those of one month are one conversation.
  const key = about === null || about === own ? `followers:${own}:${timeOf(view).slice(0, 7)}` : about
  return {
    ...basis(seen, NOTIFICATION_TYPE),
    place: placeOf(view),
    threadKeys: [view.uri, key],
    kind: 'act',
    subject: typeOf(value) ?? view.reason,
    text: about === null ? searchText(view.reason) : actText(value),
    attachments: [],
    link: about === null || about === own ? pageOf(view.author.did) : pageOf(about),
    read: true,
    quiet: true,
  }
}

/** A post of somebody else that others answer or quote: read for what it says, asking for nothing. */
export function contextMessage(view: PostView, raw: Uint8Array, endpoint: string): IncomingMessage {
  const value = inModel(view.record)
  const post = readPost(value)
  const seen = { view, value, post, raw, endpoint }
  if (post !== null) return { ...postMessage(seen, POST_TYPE), read: true, quiet: true }
  return {
    ...basis(seen, POST_TYPE),
    threadKeys: [view.uri],
    kind: 'post',
    subject: '',
    text: searchText(typeOf(value) ?? ''),
    attachments: [],
    link: pageOf(view.uri),
    read: true,
    quiet: true,
  }
}

function postMessage(seen: Seen & { post: Post | null }, mediaType: string): IncomingMessage {
  const { view, post } = seen
  const text = post === null ? '' : textOf(post)
  const keys = [view.uri, post?.reply?.root, post?.reply?.parent, post?.quote]
  return {
    ...basis(seen, mediaType),
    threadKeys: [...new Set(keys.filter((key) => typeof key === 'string'))],
    kind: post?.reply ? 'reply' : 'post',
    subject: '',
    text: searchText([text, ...labelsOf(view)].filter((part) => part !== '').join('\n')),
    attachments: post === null ? [] : attachmentsOf(post),
    link: pageOf(view.uri),
    read: false,
  }
}

function basis(seen: Seen, mediaType: string) {
  const { view, raw, endpoint } = seen
  return {
    remoteId: view.uri,
    place: null,
    direction: 'inbound' as const,
    from: partyOf(view.author),
    to: [],
    cc: [],
    at: timeOf(view, seen.value),
    answered: false,
    raw: new Uint8Array(raw),
    mediaType,
    endpoint,
    // Counts, names and labels beside the record change by themselves.
    volatile: true,
  }
}

/** When the network took it in; its own word for it where that is earlier, as the network's own programs order posts. */
function timeOf(view: Pick<Notification, 'indexedAt'>, value: unknown = null): string {
  const indexed = parseInstant(view.indexedAt)
  const created = parseInstant(createdAtOf(value))
  const [first] = [indexed, created].filter((time) => time !== null).sort()
  return first ?? (instantOf(0) as string)
}

/** Where a notification stands in the list: `time address`. */
export function placeOf({ indexedAt, uri }: Pick<Notification, 'indexedAt' | 'uri'>): string {
  return `${indexedAt} ${uri}`
}

/** Labels that somebody put on a post, by the network's own names for them (https://atproto.com/specs/label). */
function labelsOf({ labels }: Pick<Notification, 'labels'>): string[] {
  const valid = (labels ?? []).filter(({ neg }) => neg !== true).map(({ val }) => val)
  return [...new Set(valid)].map((name) => `[${name}]`)
}

/** What a person reads of a view. */
export function renderView(raw: Uint8Array): Rendered {
  const view = z.object({ record: z.unknown().optional(), value: z.unknown().optional(), labels }).safeParse(parseJson(raw)).data
  const value = view === undefined ? undefined : inModel(view.record ?? view.value)
  if (view === undefined || value === undefined) return { html: null, text: '', damaged: true, attachments: [] }
  const post = readPost(value)
  if (post === null) return { html: null, text: actText(value), damaged: typeOf(value) === null, attachments: [] }
  const marks = labelsOf(view)
  const html = `${marks.length > 0 ? `<p>${escapeHtml(marks.join(' '))}</p>` : ''}${postHtml(post)}`
  const attachments: Attachment[] = attachmentsOf(post)
  return { html, text: [textOf(post), ...marks].join('\n'), damaged: post.damaged, attachments }
}

const Profile = z.object({
  did: z.string().startsWith('did:'),
  handle: line,
  displayName: line.optional().catch(undefined),
  description: z.string().optional().catch(undefined),
  createdAt: z.string().optional().catch(undefined),
  followersCount: count,
  followsCount: count,
  postsCount: count,
  labels,
})

/** Somebody's profile, from `app.bsky.actor.defs#profileViewDetailed`; null for what is none. @param at now. */
export function toProfile(value: unknown, raw: Uint8Array, endpoint: string, at: string): IncomingProfile | null {
  const view = Profile.safeParse(value).data
  if (view === undefined) return null
  return {
    profile: {
      handle: view.handle,
      userId: view.did,
      name: view.displayName ?? '',
      about: searchText(view.description ?? ''),
      link: pageOf(view.did),
      since: parseInstant(view.createdAt),
      automated: (view.labels ?? []).some(({ val, neg }) => val === 'bot' && neg !== true),
      at,
      counts: countsOf({ followers: view.followersCount, following: view.followsCount, posts: view.postsCount }),
    },
    raw: new Uint8Array(raw),
    mediaType: 'application/json; lexicon=app.bsky.actor.defs#profileViewDetailed',
    endpoint,
  }
}

/** The figures of a post. */
export function postCounts(view: PostView): Partial<Record<MetricName, number>> {
  return countsOf({
    likes: view.likeCount,
    boosts: view.repostCount,
    replies: view.replyCount,
    quotes: view.quoteCount,
    bookmarks: view.bookmarkCount,
  })
}

function countsOf(all: Partial<Record<MetricName, number | undefined>>): Partial<Record<MetricName, number>> {
  return Object.fromEntries(Object.entries(all).filter(([, number]) => number !== undefined))
}
