/**
 * Text as it is compared when words are blacked out: without case, accents, invisible characters and kinds of white space,
 * and across line ends with the marks of quoting (`> `) that may follow them. Wide on purpose: black where in doubt.
 */
export function fold(text: string): string {
  const plain = text.replace(gap, ' ').normalize('NFKD').toUpperCase().toLowerCase().normalize('NFKD')
  // Taking marks away, and spaces that NFKD made (U+00A8 is a space and a mark), may leave two spaces side by side.
  return plain.replace(ignored, '').replaceAll('ς', 'σ').replace(/ {2,}/g, ' ')
}

/** White space of any length, with marks of quoting where a line begins. */
const gap = /(?:\n[>|\s]*|\s)+/gu
/** Marks on letters, characters that cannot be seen, and the stroke that makes Arabic words longer. */
const ignored = /[\p{M}\p{Cf}\u0640]/gu

/** A place in a text: UTF-16 units, `end` is behind it. */
export interface Span {
  start: number
  end: number
}

/**
 * Where the words stand in the text.
 * @param words Folded, without white space at the ends.
 */
export function spansOf(text: string, words: readonly string[]): Span[] {
  const { folded, starts } = foldWithPlaces(text)
  const spans: Span[] = []
  for (const word of words) {
    for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + 1)) {
      spans.push({ start: starts[at] ?? 0, end: endOf(starts, at + word.length - 1, text.length) })
    }
  }
  return spans
}

/** Behind the character that the folded one came from, and behind what was ignored after it. */
function endOf(starts: readonly number[], at: number, length: number): number {
  const start = starts[at]
  for (let next = at + 1; next < starts.length; next++) {
    const place = starts[next]
    if (place !== undefined && place !== start) return place
  }
  return length
}

/** What `fold` gives, and for each of its UTF-16 units where the character stands that it came from. */
function foldWithPlaces(text: string): { folded: string; starts: number[] } {
  let folded = ''
  const starts: number[] = []
  for (const found of text.matchAll(/(?:\n[>|\s]*|\s)+|[\s\S]/gu)) {
    let piece = fold(found[0])
    if (piece.startsWith(' ') && folded.endsWith(' ')) piece = piece.slice(1)
    for (let unit = 0; unit < piece.length; unit++) starts.push(found.index)
    folded += piece
  }
  return { folded, starts }
}
