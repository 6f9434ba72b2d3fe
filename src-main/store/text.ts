const open = '\uE000'
const close = '\uE001'

/** Takes out the two characters that search results use to show matches. */
export function clean(text: string): string {
  // Nearly no text has them, and looking for one character is quicker than a pattern.
  return text.includes(open) || text.includes(close) ? text.replaceAll(open, '').replaceAll(close, '') : text
}

/** The beginning of a text as one line of at most 200 characters. */
export function snippetOf(text: string): string {
  const line = text.slice(0, 400).replace(/\s+/g, ' ').trim()
  if (line.length <= 200) return line
  const cut = line.slice(0, 200)
  // Not in the middle of a character outside the basic plane.
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut
}
