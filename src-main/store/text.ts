const open = '\uE000'
const close = '\uE001'

/** Takes out the two characters that search results use to show matches. */
export function clean(text: string): string {
  // Nearly no text has them, and looking for one character is quicker than a pattern.
  return text.includes(open) || text.includes(close) ? text.replaceAll(open, '').replaceAll(close, '') : text
}

/** Characters of a snippet: what the widest list shows of it. */
const length = 160
/** What is not one plain space; most blanks of a text are, and stay. */
const odd = /[^\S ]\s*|\s{2,}/g

/** The beginning of a text as one line of at most 160 characters. */
export function snippetOf(text: string): string {
  const line = text
    .slice(0, length * 2)
    .replace(odd, ' ')
    .trim()
    .slice(0, length)
  // Not in the middle of a character outside the basic plane.
  return /[\uD800-\uDBFF]$/.test(line) ? line.slice(0, -1) : line
}
