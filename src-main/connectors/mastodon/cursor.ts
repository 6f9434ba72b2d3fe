import { z } from 'zod'
import { readCursor } from '#connectors/kit/cursor.ts'

/** How far one list of the server was read. */
const Track = z.object({
  /** Ids of its newest page when it was last read to where it was known, newest first. */
  recent: z.array(z.string()),
  /** Query of the next older page of the first reading; null when that is done. */
  older: z.string().nullable(),
})
export type Track = z.infer<typeof Track>

/** The lists that are read. Posts are those of the account itself. */
export const lists = ['notifications', 'conversations', 'posts'] as const
export type List = (typeof lists)[number]

/** Where an account's reading got to. One for all lists: a deletion names a post, wherever it was seen. */
const State = z.object({
  notifications: Track.nullable(),
  conversations: Track.nullable(),
  posts: Track.nullable(),
  /** Own posts read so far by the first reading, and the date of the oldest. */
  count: z.number().int().nonnegative(),
  oldest: z.string().nullable(),
})
export type State = z.infer<typeof State>

/** The one stream of an account. */
export const STREAM = 'account'

export function readState(text: string | null): State {
  return readCursor(State, text) ?? { notifications: null, conversations: null, posts: null, count: 0, oldest: null }
}
