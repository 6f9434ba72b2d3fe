import type { Counting } from '../model/index.ts'

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Characters as a reader sees them (UAX #29 extended grapheme clusters). */
export function countGraphemes(text: string): number {
  // ASCII but for line ends is one each, and most texts begin so: no segmenter for those.
  if (/^[\x20-\x7e\n]*$/.test(text)) return text.length
  let count = 0
  for (const _ of graphemes.segment(text)) count++
  return count
}

/** A web address, as Mastodon finds them to count: with a scheme, up to white space or a closing mark. */
const links = /https?:\/\/[^\s<>"'`()[\]{}]+[^\s<>"'`()[\]{}.,;:!?]/giu
/** A handle with its server: only the name counts. */
const handles = /(^|[^\p{L}\p{N}_/])(@[\p{L}\p{N}_]+(?:[.-]+[\p{L}\p{N}_]+)*)@[\p{L}\p{N}.-]+\p{L}/giu
/** As long as any link counts there. */
const linkLength = 23

/** As Mastodon counts: graphemes; a link is 23, whatever its length; of a handle the server does not count. */
export function countMastodon(text: string): number {
  return countGraphemes(text.replace(links, '#'.repeat(linkLength)).replace(handles, '$1$2'))
}

/** Bytes in UTF-8. */
export function countBytes(text: string): number {
  let count = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    count += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return count
}

/** How long a text is where it is sent to. Not for text messages, whose length is in segments. */
export function lengthOf(text: string, counting: Exclude<Counting, 'sms'>): number {
  if (counting === 'graphemes') return countGraphemes(text)
  if (counting === 'mastodon') return countMastodon(text)
  return Array.from(text).length
}
