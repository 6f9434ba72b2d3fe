import { z } from 'zod'
import { readCursor } from '../kit/cursor.ts'
import { times } from './limits.ts'

/** A stretch of time whose messages are not all saved yet, in ms since 1970; null is without end. Gateways list from the newest down. */
const Gap = z.object({ above: z.number().nullable(), below: z.number().nullable() })

/** Where reading got to in one direction. */
const Cursor = z.object({
  /** All up to here is saved, but for the gaps. */
  reached: z.number().nullable(),
  /** Newest first. A pass that was cut short leaves one. */
  gaps: z.array(Gap),
  /** Own messages that have neither arrived nor failed, and when they were sent. */
  open: z.record(z.string(), z.number()),
})
export type Cursor = z.infer<typeof Cursor>

const nothing: Cursor = { reached: null, gaps: [], open: {} }

/** Own messages that are followed at a time; older ones are looked at when somebody reads them again. */
const MOST_OPEN = 1000

export function parseCursor(text: string | null): Cursor {
  return readCursor(Cursor, text) ?? nothing
}

/** The cursor of a pass that begins: what is new since the last one is a gap. @param deep Own messages that are not settled are read again too. */
export function begin(cursor: Cursor, now: number, deep: boolean): Cursor {
  const fresh = Object.fromEntries(Object.entries(cursor.open).filter(([, at]) => at > now - times.open))
  const oldest = deep ? Math.min(...Object.values(fresh)) : Infinity
  const above = cursor.reached === null ? null : Math.min(cursor.reached - times.overlap, oldest)
  return { reached: cursor.reached, gaps: [{ above, below: null }, ...cursor.gaps], open: fresh }
}

/** A page of the first gap was read. @param ages when its messages were sent. @param more Whether there is a page after it. */
export function afterPage(cursor: Cursor, ages: number[], more: boolean): Cursor {
  const [gap, ...rest] = cursor.gaps
  const reached = Math.max(cursor.reached ?? -Infinity, ...ages)
  const below = ages.length === 0 ? (gap?.below ?? null) : Math.min(...ages)
  const gaps = gap && more ? [{ above: gap.above, below }, ...rest] : rest
  return { ...cursor, reached: Number.isFinite(reached) ? reached : null, gaps }
}

/** An own message was seen. */
export function follow(cursor: Cursor, sid: string, at: number, open: boolean): Cursor {
  if (open && (cursor.open[sid] !== undefined || Object.keys(cursor.open).length >= MOST_OPEN)) return cursor
  const { [sid]: _, ...others } = cursor.open
  return { ...cursor, open: open ? { ...others, [sid]: at } : others }
}
