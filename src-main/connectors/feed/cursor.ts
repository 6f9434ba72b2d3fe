import { z } from 'zod'

/** Which copy of the document the office has in full. */
const Cursor = z.object({
  /** Address the rest belongs to. */
  url: z.string(),
  etag: z.string().nullable(),
  lastModified: z.string().nullable(),
  /** SHA-256 of the body, hex; null while a document is only partly saved. */
  hash: z.string().nullable(),
  /** Minutes between polls that the document asks for. */
  every: z.number().nullable(),
})
export type Cursor = z.infer<typeof Cursor>

/** Nothing is known to be saved in full. */
export const emptyCursor: Cursor = { url: '', etag: null, lastModified: null, hash: null, every: null }

export function printCursor(cursor: Cursor): string {
  return JSON.stringify(cursor)
}

/** Reads a cursor; one that is missing or of another version means to begin anew, which doubles nothing. */
export function readCursor(text: string | null): Cursor {
  if (text === null) return emptyCursor
  try {
    return Cursor.safeParse(JSON.parse(text)).data ?? emptyCursor
  } catch (error) {
    if (error instanceof SyntaxError) return emptyCursor
    throw error
  }
}
