/** UTF-8 whose bytes were written as characters of Latin-1: every complete sequence (RFC 3629, section 4). */
const BROKEN =
  /[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}/g

/** Levels that are gone into; what lies deeper is left as it is. */
const DEPTH = 100

/**
 * Mends one text of an export of Facebook or Instagram. They write the bytes of UTF-8 as if each were a character
 * (`é` as `\u00c3\u00a9`). A text with any character beyond Latin-1 was written rightly and is left alone; so is a character that is no
 * part of a sequence.
 */
export function mendText(text: string): string {
  if (!/[\x80-\xff]/.test(text) || /[^\0-\xff]/.test(text)) return text
  return text.replace(BROKEN, (bytes) => Buffer.from(bytes, 'latin1').toString('utf8'))
}

/** Mends every text in a value, keys included. */
export function mend(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return mendText(value)
  if (typeof value !== 'object' || value === null || depth >= DEPTH) return value
  if (Array.isArray(value)) return value.map((member) => mend(member, depth + 1))
  // Made of entries, so that a key `__proto__` is a key like any other.
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [mendText(key), mend(member, depth + 1)]))
}
