import { z } from 'zod'

/** A stretch of time whose messages are not all saved yet, in ms since 1970; null is without end. */
export const Gap = z.object({ above: z.number().nullable(), below: z.number().nullable() })

/** Where reading got to in a list that runs from the newest down. */
export const Reading = z.object({
  /** All up to here is saved, but for the gaps. */
  reached: z.number().nullable(),
  /** Newest first. A pass that was cut short leaves one. */
  gaps: z.array(Gap),
})
export type Reading = z.infer<typeof Reading>

/** A pass begins: what is new since the last one is a gap. @param above How far down it reads; null: to the end. */
export function beginReading<Cursor extends Reading>(cursor: Cursor, above: number | null): Cursor {
  return { ...cursor, gaps: [{ above, below: null }, ...cursor.gaps] }
}

/** A page of the first gap was read. @param times of what stood on it. @param more Whether there is a page after it. */
export function afterPage<Cursor extends Reading>(cursor: Cursor, times: number[], more: boolean): Cursor {
  const [gap, ...rest] = cursor.gaps
  const reached = Math.max(cursor.reached ?? -Infinity, ...times)
  const below = times.length === 0 ? (gap?.below ?? null) : Math.min(...times)
  const gaps = gap && more ? [{ above: gap.above, below }, ...rest] : rest
  return { ...cursor, reached: Number.isFinite(reached) ? reached : null, gaps }
}
