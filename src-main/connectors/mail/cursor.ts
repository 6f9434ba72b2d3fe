import { z } from 'zod'

/** How far a folder has been brought in. Stored as JSON; opaque to everyone else. */
const Cursor = z.object({
  /** UIDVALIDITY that the numbers belong to. */
  validity: z.string(),
  /** Highest UID seen at the last look for new mail; everything from `low` to here is in the office. */
  top: z.number().int().nonnegative(),
  /** The first sync goes down from `top`: messages below this UID are still to come; 1 when it is through. */
  low: z.number().int().positive(),
  /** HIGHESTMODSEQ up to which changes and removals are known (RFC 7162); null where the server has none. */
  modseq: z.string().nullable(),
  /** Messages in the folder at the end of the last pass. */
  exists: z.number().int().nonnegative(),
  /** UIDs that the server listed but could not hand over; asked for again at each pass. */
  missed: z.array(z.number().int().positive()).max(1000),
  /** Where the last download broke off, and how often in a row it did so with that mail alone. */
  suspect: z.object({ uid: z.number().int().positive(), times: z.number().int() }).nullable().default(null),
  /** UIDs that end the connection whenever they are asked for: left alone until then (ms since 1970). */
  shunned: z
    .array(z.object({ uid: z.number().int().positive(), until: z.number() }))
    .max(100)
    .default([]),
  /** After a change of UIDVALIDITY, until every message has been listed again. */
  unsettled: z.boolean(),
})
export type Cursor = z.infer<typeof Cursor>

export function printCursor(cursor: Cursor): string {
  return JSON.stringify(cursor)
}

/** @returns null for none or one that cannot be read, as from another version: the folder is then listed again. */
export function readCursor(stored: string | null): Cursor | null {
  if (stored === null) return null
  try {
    return Cursor.parse(JSON.parse(stored))
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null
    throw error
  }
}

/** A message's place on the server: folder, UIDVALIDITY and UID. */
export interface Place {
  folder: string
  validity: string
  uid: number
}

export function printPlace(folder: string, validity: string, uid: number): string {
  return `${folder}\u0000${validity}\u0000${uid}`
}

/** @returns null when it is not a place of a mail account. */
export function readPlace(place: string): Place | null {
  const [folder, validity, number, ...rest] = place.split('\u0000')
  const uid = Number(number)
  if (folder === undefined || validity === undefined || rest.length > 0 || !Number.isSafeInteger(uid) || uid < 1) return null
  return { folder, validity, uid }
}
