import { CID } from 'multiformats/cid'
import { z } from 'zod'
import { tryDecode } from './car.ts'
import { limits } from './limits.ts'

/** A link in a text, by bytes of its UTF-8. */
export interface Facet {
  start: number
  end: number
  /** Where it leads: a page, an account or a topic. */
  href: string
}

/** A picture or film that a post names. Its bytes are not in the repository. */
export interface Blob {
  /** Content id; empty where the record names none. */
  cid: string
  mediaType: string
  /** Bytes. */
  size: number
  /** What a person wrote for those who do not see it. */
  alt: string
}

/** A page that a post shows as a card. */
export interface Card {
  uri: string
  title: string
  description: string
}

/** `app.bsky.feed.post`, as far as it can be read. */
export interface Post {
  text: string
  facets: Facet[]
  /** `at://` addresses. */
  reply: { root: string; parent: string } | null
  blobs: Blob[]
  card: Card | null
  /** `at://` address of a post or list that is shown inside. */
  quote: string | null
  languages: string[]
  /** Topics that do not stand in the text. */
  tags: string[]
  /** As written in the record; null when it has none that is a text. */
  createdAt: string | null
  /** Parts of it do not have the shape that they should have. */
  damaged: boolean
}

const POST = 'app.bsky.feed.post'
const PROFILE = 'app.bsky.actor.profile'

/** The type that a record says it has (`$type`); null when it is no record. */
export function typeOf(value: unknown): string | null {
  const type = Typed.safeParse(value).data?.$type
  return type === undefined || type.length > limits.keyChars ? null : type
}

const Typed = z.object({ $type: z.string() })
const cid = z.custom<CID>((value) => CID.asCID(value) !== null)
const whole = z.union([z.number().int().nonnegative(), z.bigint().nonnegative().transform(Number)])

const Ref = z.object({ uri: z.string().max(limits.linkChars) })
/** Blobs have two forms: the typed one, and the one of the first months. */
const BlobRef = z.union([
  z
    .object({ ref: cid, mimeType: z.string().max(200), size: whole.optional() })
    .transform(({ ref, mimeType, size }) => ({ cid: ref.toString(), mediaType: mimeType, size: size ?? 0 })),
  z
    .object({ cid: z.string().max(200), mimeType: z.string().max(200) })
    .transform((old) => ({ cid: old.cid, mediaType: old.mimeType, size: 0 })),
])
const text = z.string().catch('')
const Images = z.object({ images: z.array(z.object({ image: BlobRef, alt: text })).max(100) })
const Video = z.object({ video: BlobRef, alt: text })
const External = z.object({ external: z.object({ uri: z.string().max(limits.linkChars), title: text, description: text }) })
const Quote = z.object({ record: Ref })
const WithMedia = z.object({ record: Quote, media: z.unknown() })
const Reply = z.object({ root: Ref, parent: Ref })
const FacetShape = z.object({
  index: z.object({ byteStart: whole, byteEnd: whole }),
  features: z.array(
    z.object({ $type: z.string(), uri: z.string().optional(), did: z.string().optional(), tag: z.string().optional() }),
  ),
})
const Body = z.object({
  text: z.string(),
  createdAt: z.string().nullable().catch(null).default(null),
  langs: z.array(z.string().max(50)).max(20).catch([]).default([]),
  tags: z.array(z.string().max(limits.partyChars)).max(20).catch([]).default([]),
  facets: z.unknown().optional(),
  reply: z.unknown().optional(),
  embed: z.unknown().optional(),
})

const act = ['$type', 'subject', 'createdAt', 'via']
/** Fields that the network's own schemas give to a record of each type that is read. */
const known: Record<string, string[]> = {
  [POST]: ['$type', 'text', 'createdAt', 'langs', 'facets', 'reply', 'embed', 'tags', 'labels', 'entities'],
  'app.bsky.feed.like': act,
  'app.bsky.feed.repost': act,
  'app.bsky.graph.follow': act,
  'app.bsky.graph.block': act,
}

/** Fields of a record that is read which its schema does not have: what other programs add. */
export function unknownFields(value: unknown): string[] {
  const fields = known[typeOf(value) ?? '']
  return fields === undefined ? [] : Object.keys(value as object).filter((name) => !fields.includes(name))
}

/** Reads a post from the value of its block. @returns null when it is none: other type, or no text. */
export function readPost(value: unknown): Post | null {
  if (typeOf(value) !== POST) return null
  const body = Body.safeParse(value).data
  if (body === undefined) return null
  const reply = Reply.safeParse(body.reply)
  const post: Post = {
    text: body.text,
    facets: [],
    reply: reply.success ? { root: reply.data.root.uri, parent: reply.data.parent.uri } : null,
    blobs: [],
    card: null,
    quote: null,
    languages: body.langs,
    tags: body.tags,
    createdAt: body.createdAt,
    damaged: body.reply !== undefined && !reply.success,
  }
  readFacets(post, body.facets)
  if (body.embed !== undefined) readEmbed(post, body.embed)
  return post
}

/** The name that a person gave the account; null when the block is no profile. */
export function readProfileName(data: Uint8Array): string | null {
  // Looked for before it is decoded: a repository has one profile among all its records.
  if (!Buffer.from(data.buffer, data.byteOffset, data.byteLength).includes(PROFILE)) return null
  const value = tryDecode(data)
  if (typeOf(value) !== PROFILE) return null
  return z.object({ displayName: z.string() }).safeParse(value).data?.displayName.slice(0, limits.partyChars) ?? null
}

/** What an act of the account (a repost, a like, a follow) is about: an `at://` address or a DID; null where it names none. */
export function subjectOf(value: unknown): string | null {
  const subject = z.object({ subject: z.union([z.string(), Ref.transform((ref) => ref.uri)]) }).safeParse(value).data?.subject
  return subject === undefined || subject.length > limits.linkChars ? null : subject
}

export function createdAtOf(value: unknown): string | null {
  return z.object({ createdAt: z.string() }).safeParse(value).data?.createdAt ?? null
}

function readFacets(post: Post, value: unknown): void {
  if (value === undefined) return
  const list = z.array(z.unknown()).safeParse(value).data
  if (list === undefined) {
    post.damaged = true
    return
  }
  let last = 0
  const found: Facet[] = []
  for (const entry of list.slice(0, limits.facets)) {
    const facet = FacetShape.safeParse(entry).data
    if (facet === undefined) post.damaged = true
    else {
      const href = hrefOf(facet.features)
      if (href !== null) found.push({ start: facet.index.byteStart, end: facet.index.byteEnd, href })
    }
  }
  const bytes = Buffer.from(post.text)
  for (const facet of found.sort((a, b) => a.start - b.start)) {
    // Facets that overlap, leave the text or cut a character are left out, as the network's own programs do.
    const fits = facet.start >= last && facet.end > facet.start && facet.end <= bytes.length
    if (!fits || isInside(bytes, facet.start) || isInside(bytes, facet.end)) continue
    post.facets.push(facet)
    last = facet.end
  }
}

/** Whether the position is in the middle of a character. */
function isInside(bytes: Buffer, at: number): boolean {
  return ((bytes[at] ?? 0) & 0xc0) === 0x80
}

function hrefOf(features: z.infer<typeof FacetShape>['features']): string | null {
  for (const { $type, uri, did, tag } of features) {
    if ($type.endsWith('#link') && uri !== undefined && isPage(uri)) return uri
    if ($type.endsWith('#mention') && did !== undefined) return `https://bsky.app/profile/${encodeURIComponent(did)}`
    if ($type.endsWith('#tag') && tag !== undefined)
      return `https://bsky.app/hashtag/${encodeURIComponent(Buffer.from(tag).toString())}`
  }
  return null
}

function isPage(uri: string): boolean {
  return uri.length <= limits.linkChars && /^https?:\/\//i.test(uri) && URL.canParse(uri)
}

function readEmbed(post: Post, embed: unknown): void {
  const type = typeOf(embed)
  if (type === 'app.bsky.embed.images') {
    const images = Images.safeParse(embed).data?.images
    for (const { image, alt } of images ?? []) post.blobs.push({ ...image, alt })
    post.damaged ||= images === undefined
  } else if (type === 'app.bsky.embed.video') {
    const video = Video.safeParse(embed).data
    if (video === undefined) post.damaged = true
    else post.blobs.push({ ...video.video, alt: video.alt })
  } else if (type === 'app.bsky.embed.external') {
    const external = External.safeParse(embed).data?.external
    if (external === undefined) post.damaged = true
    else post.card = external
  } else if (type === 'app.bsky.embed.record') {
    post.quote = Quote.safeParse(embed).data?.record.uri ?? null
    post.damaged ||= post.quote === null
  } else if (type === 'app.bsky.embed.recordWithMedia') {
    const both = WithMedia.safeParse(embed).data
    post.quote = both?.record.record.uri ?? null
    post.damaged ||= both === undefined
    // Inside is one of the kinds above; a nested pair would be none of the network's.
    if (both !== undefined && typeOf(both.media) !== type) readEmbed(post, both.media)
  } else post.damaged = true
}
