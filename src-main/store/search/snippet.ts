import { fold, type MatchQuery } from './query.ts'

const open = '\uE000'
const close = '\uE001'
const length = 200
const before = 60
const word = /[\p{L}\p{N}\p{M}\p{Co}]+/gu

interface Span {
  from: number
  to: number
}

/** How far into a text matches are looked for. */
const furthest = 200_000

/** Places in a text that a query's words match. */
function* matches(text: string, marks: MatchQuery['marks']): Generator<Span> {
  const words = [...text.slice(0, furthest).matchAll(word)].map((found) => ({
    from: found.index,
    to: found.index + found[0].length,
    folded: fold(found[0]),
  }))
  for (let at = 0; at < words.length; at++) {
    for (const mark of marks) {
      const fits = mark.words.every((wanted, offset) => {
        const here = words[at + offset]?.folded
        if (here === undefined) return false
        return mark.prefix && offset === mark.words.length - 1 ? here.startsWith(wanted) : here === wanted
      })
      const first = words[at]
      const last = words[at + mark.words.length - 1]
      if (fits && first && last) {
        yield { from: first.from, to: last.to }
        break
      }
    }
  }
}

/**
 * A line of about 200 characters around the first match, matched words between U+E000 and U+E001; the beginning of the text
 * when nothing in it matches (the match was in the subject or the name).
 */
export function snippet(text: string, marks: MatchQuery['marks']): string {
  let start = -1
  let end = 0
  let written = 0
  let line = ''
  for (const span of matches(text, marks)) {
    if (start < 0) {
      start = startOf(text, span.from)
      end = Math.min(text.length, Math.max(start + length, span.to))
      written = start
    }
    if (span.to > end) break
    if (span.from < written) continue
    line += `${text.slice(written, span.from)}${open}${text.slice(span.from, span.to)}${close}`
    written = span.to
  }
  if (start < 0) return tidy(text.slice(0, length * 2)).slice(0, length)
  const rest = text.slice(written, end)
  return tidy(`${start > 0 ? '…' : ''}${line}${rest}${end < text.length ? '…' : ''}`)
}

/** A little before the match, at the start of a word. */
function startOf(text: string, match: number): number {
  if (match <= before) return 0
  const blank = text.slice(match - before, match).search(/\s/)
  return blank < 0 ? match - before : match - before + blank + 1
}

function tidy(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/g, '')
    .trim()
}
