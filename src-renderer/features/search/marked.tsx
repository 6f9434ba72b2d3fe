import { cutSnippet } from './snippet.ts'

/** Text with what was looked for marked. */
export function Marked({ text }: { text: string }) {
  return cutSnippet(text).map((piece, i) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text never change places.
    piece.hit ? <mark key={i}>{piece.text}</mark> : piece.text,
  )
}
