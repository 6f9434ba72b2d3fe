/** Marks around matched words in a snippet; private-use characters that stored text never holds. */
const OPEN = '\u{E000}'
const CLOSE = '\u{E001}'

export interface Piece {
  text: string
  hit: boolean
}

/** A snippet cut at its marks. Marks that do not pair are dropped. */
export function cutSnippet(snippet: string): Piece[] {
  const pieces: Piece[] = []
  const add = (text: string, hit: boolean) => {
    const clean = text.replaceAll(OPEN, '').replaceAll(CLOSE, '')
    if (clean !== '') pieces.push({ text: clean, hit })
  }
  let at = 0
  for (;;) {
    const open = snippet.indexOf(OPEN, at)
    const close = open < 0 ? -1 : snippet.indexOf(CLOSE, open)
    if (close < 0) break
    add(snippet.slice(at, open), false)
    add(snippet.slice(open + 1, close), true)
    at = close + 1
  }
  add(snippet.slice(at), false)
  return pieces
}
