import { foldTerm } from './fold.ts'

/**
 * The pattern language of packs. There is nothing in it that could go back over what was read: no repetition without an end, no
 * regular expression. So a pattern costs at most a step for each of its parts and each word of a text.
 *
 * `word` this word, whatever its case and accents - `word~` also its other forms (number, gender, tense) - `word*` any word that begins so - `word!` with a
 * capital - `(a|b c)` either - `a?`, `(a b)?` or nothing - `_` any one word - `_4` up to four words - `{set}` a list of the pack -
 * `{number}` `{handle}` `{hashtag}` `{link}` `{mail}` `{capital}` a kind - `^` begins a part of a sentence - `$` ends one.
 */
export type Node =
  | { kind: 'word'; text: string; match: 'exact' | 'forms' | 'prefix'; capital: boolean }
  | { kind: 'class'; name: TokenClass }
  | { kind: 'gap'; least: number; most: number }
  | { kind: 'either'; parts: Node[] }
  | { kind: 'row'; parts: Node[] }
  | { kind: 'maybe'; part: Node }
  | { kind: 'edge' }

export const tokenClasses = ['number', 'handle', 'hashtag', 'link', 'mail', 'capital'] as const
export type TokenClass = (typeof tokenClasses)[number]

/** UTF-16 units of one pattern. */
export const MOST_PATTERN = 1000
/** Brackets inside one another, sets included. */
export const MOST_DEPTH = 8
/** Words that a gap may take. */
export const MOST_GAP = 12
/** Parts of one pattern once its sets are written out. */
export const MOST_PARTS = 4000

/** What is wrong with a pattern, and where (UTF-16 offset). */
export class PatternError extends Error {
  readonly at: number
  constructor(message: string, at: number) {
    super(message)
    this.name = 'PatternError'
    this.at = at
  }
}

/** Looks up a set that a pattern names. */
export type Sets = (name: string) => Node | undefined

/** @throws PatternError when it is not in the language, is too large, or would fit anywhere. */
export function parsePattern(text: string, sets: Sets): Node {
  if (text.length > MOST_PATTERN) throw new PatternError(`has more than ${MOST_PATTERN} characters`, MOST_PATTERN)
  const node = new Parser(text, sets).all()
  if (sizeOf(node) > MOST_PARTS) throw new PatternError(`has more than ${MOST_PARTS} parts`, 0)
  if (isEmpty(node)) throw new PatternError('fits without a single word', 0)
  return node
}

export function sizeOf(node: Node): number {
  if (node.kind === 'row' || node.kind === 'either') return node.parts.reduce((sum, part) => sum + sizeOf(part), 1)
  if (node.kind === 'maybe') return 1 + sizeOf(node.part)
  return node.kind === 'gap' ? node.most : 1
}

/** Whether it can fit without a word of its own. */
function isEmpty(node: Node): boolean {
  if (node.kind === 'row') return node.parts.every(isEmpty)
  if (node.kind === 'either') return node.parts.some(isEmpty)
  return node.kind !== 'word' && node.kind !== 'class'
}

const wordHere = /[\p{L}\p{M}\p{N}@#'’-]+/uy
const countHere = /\d{1,4}/y
const setHere = /\{([a-z][a-z0-9_.-]*)\}/y

class Parser {
  private at = 0
  private depth = 0
  private readonly text: string
  private readonly sets: Sets

  constructor(text: string, sets: Sets) {
    this.text = text
    this.sets = sets
  }

  all(): Node {
    const node = this.alternatives()
    if (this.at < this.text.length) throw this.wrong(`has a ${this.text[this.at]} too many`)
    return node
  }

  private wrong(message: string): PatternError {
    return new PatternError(message, this.at)
  }

  private alternatives(): Node {
    const parts = [this.row()]
    while (this.text[this.at] === '|') {
      this.at++
      parts.push(this.row())
    }
    return parts.length === 1 && parts[0] ? parts[0] : { kind: 'either', parts }
  }

  private row(): Node {
    const parts: Node[] = []
    for (;;) {
      while (this.text[this.at] === ' ') this.at++
      const sign = this.text[this.at]
      if (sign === undefined || sign === '|' || sign === ')') break
      parts.push(this.optional(this.item(sign)))
    }
    if (parts.length === 0) throw this.wrong('has an empty part')
    return parts.length === 1 && parts[0] ? parts[0] : { kind: 'row', parts }
  }

  private optional(part: Node): Node {
    if (this.text[this.at] !== '?') return part
    this.at++
    return { kind: 'maybe', part }
  }

  private item(sign: string): Node {
    if (sign === '(') return this.group()
    if (sign === '{') return this.set()
    if (sign === '_') return this.gap()
    if (sign === '^' || sign === '$') {
      this.at++
      return { kind: 'edge' }
    }
    return this.words()
  }

  private group(): Node {
    this.at++
    if (++this.depth > MOST_DEPTH) throw this.wrong(`has more than ${MOST_DEPTH} brackets inside one another`)
    const node = this.alternatives()
    if (this.text[this.at] !== ')') throw this.wrong('has a bracket that is not closed')
    this.at++
    this.depth--
    return node
  }

  private set(): Node {
    const name = this.take(setHere)?.slice(1, -1)
    if (name === undefined) throw this.wrong('has a { that begins no name of a set')
    const kind = tokenClasses.find((one) => one === name)
    if (kind !== undefined) return { kind: 'class', name: kind }
    const node = this.sets(name)
    if (node === undefined) throw this.wrong(`names a set that there is not: {${name}}`)
    return node
  }

  private gap(): Node {
    this.at++
    const count = this.take(countHere)
    if (count === undefined) return { kind: 'gap', least: 1, most: 1 }
    const most = Number(count)
    if (most < 1 || most > MOST_GAP) throw this.wrong(`has a gap that is not 1 to ${MOST_GAP} words long`)
    return { kind: 'gap', least: 0, most }
  }

  /** A word; one with a hyphen or apostrophe is several, as in texts. */
  private words(): Node {
    const text = this.take(wordHere)
    if (text === undefined) throw this.wrong(`has a sign that means nothing here: ${this.text[this.at]}`)
    const mark = this.text[this.at]
    const match = mark === '~' ? 'forms' : mark === '*' ? 'prefix' : 'exact'
    if (match !== 'exact') this.at++
    const capital = this.text[this.at] === '!'
    if (capital) this.at++
    const pieces = (text.startsWith('@') ? [text] : splitWord(text)).map(foldTerm).filter((piece) => piece !== '')
    if (pieces.length === 0) throw this.wrong('has a word without letters')
    if (match === 'prefix' && (pieces.at(-1)?.length ?? 0) < 3) throw this.wrong('has a beginning of fewer than three letters')
    const parts = pieces.map(
      (piece, at): Node => ({
        kind: 'word',
        text: piece,
        match: at === pieces.length - 1 ? match : 'exact',
        capital: capital && at === 0,
      }),
    )
    return parts.length === 1 && parts[0] ? parts[0] : { kind: 'row', parts }
  }

  private take(here: RegExp): string | undefined {
    here.lastIndex = this.at
    const found = here.exec(this.text)?.[0]
    if (found !== undefined) this.at += found.length
    return found
  }
}

/** As `cut` does: hyphens and apostrophes part words, but for English contractions with `n't`. */
function splitWord(text: string): string[] {
  return text.replace(/n['’]t$/i, 'nt').split(/[-'’#]/)
}
