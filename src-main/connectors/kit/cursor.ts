import type { z } from 'zod'

/** Where an unfinished run got to; null when there is none, or when it is not written in this way. */
export function readCursor<Cursor>(shape: z.ZodType<Cursor>, text: string | null): Cursor | null {
  if (text === null || text === '') return null
  try {
    return shape.safeParse(JSON.parse(text)).data ?? null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
