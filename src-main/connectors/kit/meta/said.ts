import type { MessageKind } from '#shared/model/index.ts'

/** A picture, film or file that an entry names. */
export interface Media {
  /** Its path in the export, or an address of the web. */
  uri: string
  /** What was written below it. */
  caption: string
}

/** What one entry of an export of Meta says, whatever its form: the only reading of it, so that what is searched is what is shown. */
export interface Said {
  kind: MessageKind
  /** Milliseconds since 1970; null when it has no time that is one. */
  at: number | null
  /** Whom the entry names as its author; empty where that is the account itself. */
  author: string
  /** What the network says of it (“Jane posted in Budget”), or whose post it is about. */
  subject: string
  text: string
  links: string[]
  media: Media[]
  /** The network's own id, where there is one. */
  id: string | null
  /** What people put to it: a sign, and who. */
  reactions: { sign: string; by: string }[]
}

/** Seconds since 1970, as a number or its digits, in milliseconds. */
export function fromSeconds(value: unknown): number | null {
  const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number * 1000 : null
}

/** Each different text once, without blanks around it and without the empty ones. */
export function distinct(texts: string[]): string[] {
  return [...new Set(texts.map((text) => text.trim()).filter((text) => text !== ''))]
}
