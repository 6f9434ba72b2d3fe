import { fits, headsOf, type Mark } from './marks.ts'
import { tokensOf } from './tokens.ts'

const open = '\uE000'
const close = '\uE001'
const length = 200
const before = 60
/** How far into a text matches are looked for. */
const furthest = 200_000
const word = /[\p{L}\p{N}\p{M}\p{Co}]+/gu
const letter = /[\p{L}\p{N}\p{M}\p{Co}]/u
/** Letters that a quick pattern does not know: parted accents, ligatures, other scripts. */
const unusual = /[\u00C6\u00DF\u00E6\u0132\u0133\u0152\u0153\u0250-\uFFFF]/

interface Span {
  from: number
  to: number
}

/** Shows texts with what a query's words match between U+E000 and U+E001. */
export class Marker {
  readonly #marks: readonly Mark[]
  readonly #heads: RegExp | null

  constructor(marks: readonly Mark[]) {
    this.#marks = marks
    this.#heads = headsOf(marks)
  }

  /** A whole line with its marks. */
  line(text: string): string {
    let written = 0
    let line = ''
    for (const span of this.#all(text, text.length)) {
      if (span.from < written) continue
      line += `${text.slice(written, span.from)}${open}${text.slice(span.from, span.to)}${close}`
      written = span.to
    }
    return line + text.slice(written)
  }

  /**
   * A line of about 200 characters around the first match; the beginning of the text when nothing in it matches (the match was in the
   * subject or the name).
   */
  snippet(text: string): string {
    const first = this.#first(text)
    if (first === null) return tidy(text.slice(0, length * 2)).slice(0, length)
    const start = startOf(text, first.from)
    const end = Math.min(text.length, Math.max(start + length, first.to))
    const line = this.line(text.slice(start, end))
    return tidy(`${start > 0 ? '…' : ''}${line}${end < text.length ? '…' : ''}`)
  }

  #first(text: string): Span | null {
    if (this.#marks.length === 0) return null
    const near = text.length > furthest ? text.slice(0, furthest) : text
    if (this.#heads === null || unusual.test(near)) {
      for (const span of this.#all(near, near.length)) return span
      return null
    }
    this.#heads.lastIndex = 0
    for (let found = this.#heads.exec(near); found; found = this.#heads.exec(near)) {
      if (found.index > 0 && letter.test(near[found.index - 1] ?? '')) continue
      // Room for the longest phrase; words that are cut at the end of it are not matched by mistake further on.
      for (const span of this.#all(near.slice(found.index, found.index + 500), 1)) {
        return { from: found.index + span.from, to: found.index + span.to }
      }
    }
    return null
  }

  /** Places that match, in order. @param most Only those that begin before it. */
  *#all(text: string, most: number): Generator<Span> {
    if (this.#marks.length === 0) return
    const tokens: { from: number; to: number; folded: string }[] = []
    for (const { 0: found, index } of text.matchAll(word)) {
      // Letters of scripts without blanks are words of their own, each with its place.
      const folded = tokensOf(found)
      if (folded.length <= 1) tokens.push({ from: index, to: index + found.length, folded: folded[0] ?? '' })
      else tokens.push(...parts(found, index, folded))
    }
    for (let at = 0; at < tokens.length; at++) {
      const first = tokens[at]
      if (!first || first.from >= most) return
      for (const mark of this.#marks) {
        const last = tokens[at + mark.words.length - 1]
        if (!last || !mark.words.every((_, offset) => fits(mark, offset, tokens[at + offset]?.folded ?? ''))) continue
        yield { from: first.from, to: last.to }
        break
      }
    }
  }
}

/** The places of several words that one run of letters is cut into: letter by letter where that gives the same words. */
function parts(found: string, index: number, folded: string[]): { from: number; to: number; folded: string }[] {
  const places: { from: number; to: number; folded: string }[] = []
  let at = 0
  for (const token of folded) {
    let to = at
    // The shortest stretch that folds to the word.
    while (to < found.length && tokensOf(found.slice(at, to)).join('') !== token) to += 1
    places.push({ from: index + at, to: index + to, folded: token })
    at = to
  }
  return places
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
