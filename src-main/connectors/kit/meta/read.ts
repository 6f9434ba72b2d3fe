import { z } from 'zod'
import { parseValue } from '../json.ts'
import { limits } from '../limits.ts'
import { mend } from './mend.ts'
import { distinct, fromSeconds, type Media, type Said } from './said.ts'

/** Forms of entries, noted with each record. */
export const shapes = ['message', 'comment', 'reaction', 'labelled', 'listed', 'mapped', 'media', 'post'] as const
export type Shape = (typeof shapes)[number]

const text = z.string().catch('')
const list = <Member extends z.ZodType>(member: Member) =>
  z
    .array(z.unknown())
    .catch([])
    .transform((values) =>
      values.slice(0, limits.mediaOfMessage).flatMap((value) => {
        const parsed = member.safeParse(value)
        return parsed.success ? [parsed.data as z.output<Member>] : []
      }),
    )
const time = z.unknown().transform(fromSeconds)

const MediaShape = z
  .object({ uri: z.string().min(1).max(limits.line), title: text, description: text, creation_timestamp: time.optional() })
  .transform(({ uri, title, description, creation_timestamp }) => ({
    uri,
    title,
    caption: description,
    at: creation_timestamp ?? null,
  }))

/** One thing that hangs on a post: it has one of these. */
const Attached = z.object({
  media: MediaShape.optional().catch(undefined),
  external_context: z.object({ url: text, name: text }).optional().catch(undefined),
  place: z.object({ name: text, address: text, url: text }).optional().catch(undefined),
  event: z.object({ name: text }).optional().catch(undefined),
  note: z
    .object({ title: text, text, media: list(MediaShape) })
    .optional()
    .catch(undefined),
  poll: z
    .object({ question: text, options: list(z.object({ option: text })) })
    .optional()
    .catch(undefined),
  text: text,
})
const Attachments = list(z.object({ data: list(Attached) }))
const Post = z.object({
  timestamp: time,
  title: text,
  data: list(z.object({ post: text })),
  attachments: Attachments,
})
const Comment = z.object({
  timestamp: time,
  title: text,
  data: z.array(z.object({ comment: z.object({ timestamp: time, comment: text, author: text }) })).min(1),
  attachments: Attachments,
})
const Reaction = z.object({
  timestamp: time,
  title: text,
  data: z.array(z.object({ reaction: z.object({ reaction: text, actor: text }) })).min(1),
})
const Message = z.object({
  sender_name: text,
  timestamp_ms: z.number(),
  content: text,
  photos: list(MediaShape),
  videos: list(MediaShape),
  audio_files: list(MediaShape),
  gifs: list(MediaShape),
  files: list(MediaShape),
  sticker: MediaShape.optional().catch(undefined),
  share: z.object({ link: text, share_text: text }).optional().catch(undefined),
  reactions: list(z.object({ reaction: text, actor: text })),
})
/** Messages that were encrypted end to end have names of their own. */
const SecureMessage = z.object({
  senderName: text,
  timestamp: z.number(),
  text: text,
  media: list(MediaShape),
  reactions: list(z.object({ reaction: text, actor: text })),
})
/** Instagram's posts, and those of Threads. */
const MediaPost = z.object({
  media: list(MediaShape.or(z.object({ title: text, creation_timestamp: time }).transform(textOnly))),
  title: text,
  creation_timestamp: time.optional(),
})
const Labelled = z.object({
  timestamp: time,
  fbid: z.string().max(100).optional().catch(undefined),
  media: list(MediaShape),
  label_values: list(z.object({ label: text, value: text, href: text })),
})
const Listed = z.object({
  title: text,
  string_list_data: z.array(z.object({ href: text, value: text, timestamp: time })).min(1),
})
const Mapped = z.object({
  media_list_data: list(MediaShape),
  string_map_data: z.record(z.string(), z.object({ value: text, href: text, timestamp: time.optional() })),
})

function textOnly({ title, creation_timestamp }: { title: string; creation_timestamp: number | null }) {
  return { uri: '', title, caption: '', at: creation_timestamp }
}
type MediaValue = z.output<typeof MediaShape>

/** An entry's form and what it says. */
export interface Understood {
  /** The entry with its texts mended. */
  value: unknown
  shape: Shape
  said: Said
}

/** What an entry says, in one of the forms that may stand in its file. @returns null when it has none of them. */
export function understand(raw: Uint8Array, allowed: readonly Shape[]): Understood | null {
  const value = mend(parseValue({ bytes: raw, deep: false }))
  for (const shape of shapes) {
    const said = allowed.includes(shape) && looksLike[shape](value) ? readers[shape](value) : null
    if (said !== null) return { value, shape, said }
  }
  return null
}

/** What each form has that none before it in `shapes` has: looked at first, for to read all of a value is slow. */
const looksLike: Record<Shape, (value: unknown) => boolean> = {
  message: (value) => hasAny(value, ['sender_name', 'senderName']),
  comment: (value) => hasAny(firstData(value), ['comment']),
  reaction: (value) => hasAny(firstData(value), ['reaction']),
  labelled: (value) => hasAny(value, ['label_values']),
  listed: (value) => hasAny(value, ['string_list_data']),
  mapped: (value) => hasAny(value, ['string_map_data']),
  media: (value) => hasAny(value, ['uri', 'media']),
  post: (value) => hasAny(value, ['data', 'attachments', 'title']),
}

function firstData(value: unknown): unknown {
  const data = typeof value === 'object' && value !== null && 'data' in value ? value.data : null
  return Array.isArray(data) ? data[0] : null
}

const readers: Record<Shape, (value: unknown) => Said | null> = {
  message: (value) => {
    if (!hasAny(value, ['sender_name'])) return secureMessage(value)
    const message = Message.safeParse(value).data
    if (message === undefined) return null
    const { photos, videos, audio_files, gifs, files, sticker, share, reactions } = message
    const media = [...photos, ...videos, ...audio_files, ...gifs, ...files, ...(sticker ? [sticker] : [])]
    return {
      ...nothing('direct', message.timestamp_ms),
      author: message.sender_name,
      text: distinct([message.content, share?.share_text ?? '']).join('\n'),
      links: distinct([share?.link ?? '']),
      media: media.map(toMedia),
      reactions: reactions.map(({ reaction, actor }) => ({ sign: reaction, by: actor })),
    }
  },
  comment: (value) => {
    const comment = Comment.safeParse(value).data
    if (comment === undefined) return null
    const { data, title, timestamp, attachments } = comment
    const said = data.map((entry) => entry.comment)
    const attached = hanging(attachments)
    return {
      ...nothing('comment', timestamp ?? said[0]?.timestamp ?? null),
      ...attached,
      author: said[0]?.author ?? '',
      subject: title,
      text: distinct([...said.map((entry) => entry.comment), attached.text]).join('\n'),
    }
  },
  reaction: (value) => {
    const found = Reaction.safeParse(value).data
    const first = found?.data[0]?.reaction
    if (found === undefined || first === undefined) return null
    const reactions = [{ sign: first.reaction, by: first.actor }]
    return { ...nothing('act', found.timestamp), author: first.actor, subject: found.title, text: found.title, reactions }
  },
  post: (value) => {
    const post = Post.safeParse(value).data
    if (post === undefined) return null
    const attached = hanging(post.attachments)
    const body = distinct([...post.data.map((entry) => entry.post), attached.text]).join('\n')
    return { ...nothing('post', post.timestamp), ...attached, subject: post.title, text: body }
  },
  labelled: (value) => {
    const found = Labelled.safeParse(value).data
    if (found === undefined) return null
    const texts = found.label_values
      .filter(({ href, value: said }) => href === '' && !isAddress(said))
      .map(({ value: said }) => said)
    const links = found.label_values.flatMap(({ href, value: said }) => [href, said]).filter(isAddress)
    return {
      ...nothing('post', found.timestamp),
      id: found.fbid ?? null,
      text: distinct([...texts, ...found.media.flatMap(wordsOf)]).join('\n'),
      links: distinct(links),
      media: found.media.map(toMedia),
    }
  },
  listed: (value) => {
    const found = Listed.safeParse(value).data
    const first = found?.string_list_data[0]
    if (found === undefined || first === undefined) return null
    return {
      ...nothing('act', first.timestamp),
      subject: found.title,
      text: distinct([found.title, ...found.string_list_data.map((entry) => entry.value)]).join('\n'),
      links: distinct(found.string_list_data.map((entry) => entry.href)).filter(isAddress),
    }
  },
  mapped: (value) => {
    const found = Mapped.safeParse(value).data
    if (found === undefined) return null
    const entries = Object.entries(found.string_map_data)
    // Names are in the language of the account; their order is always comment, whose post, time.
    const values = entries.filter(([, entry]) => entry.value !== '' && entry.timestamp == null)
    const named = (name: string, place: number) => (found.string_map_data[name] ?? values[place]?.[1])?.value ?? ''
    const at = entries.map(([, entry]) => entry.timestamp ?? null).find((instant) => instant !== null && instant !== 0) ?? null
    const media = found.media_list_data.filter(({ uri }) => uri !== '')
    return { ...nothing('comment', at), subject: named('Media Owner', 1), text: named('Comment', 0), media: media.map(toMedia) }
  },
  media: (value) => {
    const one = hasAny(value, ['uri']) ? MediaShape.safeParse(value).data : undefined
    if (one !== undefined) return ofMedia([one], '', null)
    const post = MediaPost.safeParse(value).data
    return post === undefined || (post.media.length === 0 && post.title === '')
      ? null
      : ofMedia(post.media, post.title, post.creation_timestamp ?? null)
  },
}

function secureMessage(value: unknown): Said | null {
  const message = SecureMessage.safeParse(value).data
  if (message === undefined) return null
  return {
    ...nothing('direct', message.timestamp),
    author: message.senderName,
    text: message.text,
    media: message.media.map(toMedia),
    reactions: message.reactions.map(({ reaction, actor }) => ({ sign: reaction, by: actor })),
  }
}

function ofMedia(media: MediaValue[], title: string, at: number | null): Said {
  const kept = media.filter(({ uri }) => uri !== '')
  return {
    ...nothing('post', at ?? media.find((one) => one.at !== null)?.at ?? null),
    text: distinct([title, ...media.flatMap(wordsOf)]).join('\n'),
    media: kept.map(toMedia),
  }
}

/** What hangs on a post or comment. */
function hanging(attachments: z.output<typeof Attachments>): Pick<Said, 'text' | 'links' | 'media'> {
  const texts: string[] = []
  const links: string[] = []
  const media: Media[] = []
  for (const { media: one, external_context: page, place, event, note, poll, text: said } of attachments.flatMap(
    ({ data }) => data,
  )) {
    if (one) media.push(toMedia(one))
    for (const { uri, ...words } of note?.media ?? []) media.push({ uri, caption: words.caption })
    texts.push(one?.caption ?? '', page?.name ?? '', place?.name ?? '', place?.address ?? '', event?.name ?? '')
    texts.push(
      note?.title ?? '',
      note?.text ?? '',
      poll?.question ?? '',
      ...(poll?.options.map(({ option }) => option) ?? []),
      said,
    )
    links.push(page?.url ?? '', place?.url ?? '')
  }
  return { text: distinct(texts).join('\n'), links: distinct(links).filter(isAddress), media }
}

function nothing(kind: Said['kind'], at: number | null): Said {
  return { kind, at, author: '', subject: '', text: '', links: [], media: [], id: null, reactions: [] }
}

function toMedia({ uri, title, caption }: MediaValue): Media {
  return { uri, caption: caption || title }
}

function wordsOf({ title, caption }: MediaValue): string[] {
  return [title, caption]
}

function isAddress(said: string): boolean {
  return /^https?:\/\//i.test(said)
}

function hasAny(value: unknown, keys: string[]): boolean {
  return typeof value === 'object' && value !== null && keys.some((key) => Object.hasOwn(value, key))
}
