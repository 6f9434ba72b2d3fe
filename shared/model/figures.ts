import { z } from 'zod'
import { Instant } from './ids.ts'
import { OutgoingKind, RemoteAct, Visibility } from './outgoing.ts'

/** What networks count. Each is as the network said it at a time, never added up here. */
export const MetricName = z.enum([
  'likes',
  'boosts',
  'replies',
  'quotes',
  'views',
  'bookmarks',
  'followers',
  'following',
  'posts',
])
export type MetricName = z.infer<typeof MetricName>

const counts = z.partialRecord(MetricName, z.number().int().nonnegative())

/** Figures of an own message or an account, as they were at a time. */
export const Metrics = z.object({ at: Instant, counts })
export type Metrics = z.infer<typeof Metrics>

/** Who is behind a handle, as the network said at a time. */
export const Profile = z.object({
  handle: z.string(),
  /** The network's own id of the account, which stays when the handle changes; null where it has none. */
  userId: z.string().nullable(),
  name: z.string(),
  /** Plain text. */
  about: z.string(),
  link: z.string().nullable(),
  /** When the account was made, where the network says it. */
  since: Instant.nullable(),
  /** Says of itself that it is automated. */
  automated: z.boolean(),
  at: Instant,
  counts,
})
export type Profile = z.infer<typeof Profile>

/** How a network counts the length of a text. `graphemes`: as a reader sees characters. `mastodon`: links count as 23, handles without their server. `sms`: in segments. */
export const Counting = z.enum(['graphemes', 'code_points', 'mastodon', 'sms'])
export type Counting = z.infer<typeof Counting>

/** What an account may send, as its server says; asked again now and then, since servers change it. */
export const SendLimits = z.object({
  kinds: z.array(OutgoingKind),
  acts: z.array(RemoteAct),
  edits: z.boolean(),
  deletes: z.boolean(),
  visibilities: z.array(Visibility),
  /** Whether a text to click through can stand before a post. */
  warnings: z.boolean(),
  quotes: z.boolean(),
  text: z.object({
    counting: Counting,
    most: z.number().int().positive().nullable(),
    mostBytes: z.number().int().positive().nullable(),
  }),
  media: z.object({
    most: z.number().int().nonnegative(),
    types: z.array(z.string()),
    /** Largest file in bytes, by the part of its media type before the slash; `*` for all others. */
    mostBytes: z.record(z.string(), z.number().int().positive()),
    mostAlt: z.number().int().nonnegative(),
  }),
})
export type SendLimits = z.infer<typeof SendLimits>
