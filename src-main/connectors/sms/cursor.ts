import { z } from 'zod'
import { readCursor } from '../kit/cursor.ts'
import { beginReading, Reading } from '../kit/gaps.ts'
import { times } from './limits.ts'

/** Where reading got to in one direction. */
const Cursor = Reading.extend({
  /** Own messages that have neither arrived nor failed, and when they were sent, in ms since 1970. */
  open: z.record(z.string(), z.number()),
})
export type Cursor = z.infer<typeof Cursor>

const nothing: Cursor = { reached: null, gaps: [], open: {} }

/** Own messages that are followed at a time; older ones are looked at when somebody reads them again. */
const MOST_OPEN = 1000

export function parseCursor(text: string | null): Cursor {
  return readCursor(Cursor, text) ?? nothing
}

/** The cursor of a pass that begins. @param deep Own messages that are not settled are read again too. */
export function begin(cursor: Cursor, now: number, deep: boolean): Cursor {
  const fresh = Object.fromEntries(Object.entries(cursor.open).filter(([, at]) => at > now - times.open))
  const oldest = deep ? Math.min(...Object.values(fresh)) : Infinity
  const above = cursor.reached === null ? null : Math.min(cursor.reached - times.overlap, oldest)
  return beginReading({ ...cursor, open: fresh }, above)
}

/** An own message was seen. */
export function follow(cursor: Cursor, sid: string, at: number, open: boolean): Cursor {
  if (open && (cursor.open[sid] !== undefined || Object.keys(cursor.open).length >= MOST_OPEN)) return cursor
  const { [sid]: _, ...others } = cursor.open
  return { ...cursor, open: open ? { ...others, [sid]: at } : others }
}
