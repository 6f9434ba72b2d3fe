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
/** Letters that a quick pattern does not know: parted accents and other scripts. */
const unusual = /[\u0132\u0133\u0250-\u1FFF\u2070-\u209F\u2C00-\uFFFF]/

interface Span {
  from: number
  to: number
}

interface Token extends Span {
  folded: string
}

/** Shows texts with what a query's words match between U+E000 and U+E001. */
export class Marker {
  readonly #marks: readonly Mark[]
  readonly #heads: RegExp | null
  /** Words of the longest mark. */
  readonly #longest: number

  constructor(marks: readonly Mark[]) {
    this.#marks = marks
    this.#heads = headsOf(marks)
    this.#longest = Math.max(0, ...marks.map(({ words }) => words.length))
  }

  /** A whole line with its marks. */
  line(text: string): string {
    let written = 0
    let line = ''
    for (let span = this.#next(text, 0); span; span = this.#next(text, written)) {
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
    const first = this.#next(text.length > furthest ? text.slice(0, furthest) : text, 0)
    if (first === null) return tidy(text.slice(0, length * 2)).slice(0, length)
    const start = startOf(text, first.from)
    const end = Math.min(text.length, Math.max(start + length, first.to))
    const line = this.line(text.slice(start, end))
    return tidy(`${start > 0 ? '…' : ''}${line}${end < text.length ? '…' : ''}`)
  }

  /** The first match from a place on. */
  #next(text: string, from: number): Span | null {
    if (this.#marks.length === 0) return null
    const heads = this.#heads
    if (heads === null || unusual.test(text)) {
      const tokens: Token[] = []
      for (const token of tokensIn(text, from)) {
        tokens.push(token)
        if (tokens.length < this.#longest) continue
        const span = this.#at(tokens)
        if (span) return span
        tokens.shift()
      }
      for (; tokens.length > 0; tokens.shift()) {
        const span = this.#at(tokens)
        if (span) return span
      }
      return null
    }
    heads.lastIndex = from
    for (let found = heads.exec(text); found; found = heads.exec(text)) {
      if (found.index > 0 && letter.test(text[found.index - 1] ?? '')) continue
      const tokens: Token[] = []
      for (const token of tokensIn(text, found.index)) if (tokens.push(token) >= this.#longest) break
      const span = this.#at(tokens)
      if (span) return span
    }
    return null
  }

  /** What the first of some words, with those after it, matches. */
  #at(tokens: readonly Token[]): Span | null {
    for (const mark of this.#marks) {
      const [first, last] = [tokens[0], tokens[mark.words.length - 1]]
      if (first && last && mark.words.every((_, offset) => fits(mark, offset, tokens[offset]?.folded ?? '')))
        return { from: first.from, to: last.to }
    }
    return null
  }
}

/** The words of a text from a place on, one at a time. */
function* tokensIn(text: string, from: number): Generator<Token> {
  word.lastIndex = from
  for (let found = word.exec(text); found; found = word.exec(text)) {
    const next = word.lastIndex
    const folded = tokensOf(found[0])
    if (folded.length === 1) yield { from: found.index, to: next, folded: folded[0] ?? '' }
    // Letters of scripts without blanks are words of their own, each with its place.
    else if (folded.length > 1) yield* partsOf(found[0], found.index, folded)
    word.lastIndex = next
  }
}

/** The places of several words that one run of letters is cut into: the shortest stretches that fold to them. */
function* partsOf(found: string, index: number, folded: string[]): Generator<Token> {
  let at = 0
  for (const token of folded) {
    let to = at
    while (to < found.length && tokensOf(found.slice(at, to)).join('') !== token) to += 1
    yield { from: index + at, to: index + to, folded: token }
    at = to
  }
}

/** A little before the match, at the start of a word. */
function startOf(text: string, match: number): number {
  if (match <= before) return 0
  const blank = text.slice(match - before, match).search(/\s/)
  return blank < 0 ? match - before : match - before + blank + 1
}

/** What is not one plain space; most blanks of a text are, and stay. */
const odd = /[^\S ]\s*|\s{2,}/g

function tidy(text: string): string {
  return text
    .replace(odd, ' ')
    .replace(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/g, '')
    .trim()
}
