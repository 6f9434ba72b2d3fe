import type { FilterNode, ParsedQuery, QueryContext, QueryNode, QueryProblem, Span } from './ast.ts'
import { beginsDate, momentsOf } from './dates.ts'
import { type Operator, operatorOf } from './operators.ts'

/** UTF-16 units. More than anyone types; a whole letter that was pasted is no search. */
export const MOST_LENGTH = 4000
/** Words and filters together. */
export const MOST_TERMS = 64
/** Brackets and NOTs inside one another. */
export const MOST_DEPTH = 16
/** What is wrong beyond these is not told: nobody mends more at once. */
const MOST_PROBLEMS = 10

const word = /[\p{L}\p{N}\p{M}\p{Co}]+/gu
const sound = /[\p{L}\p{N}\p{Co}]/u
const blank = /\s/u
const stars = /\*+$/
const nothing: QueryContext = { now: 0, timeZone: 'UTC', typing: false }

/** The words of a text, as the index cuts them; not folded. */
function wordsOf(text: string): string[] {
  return (text.match(word) ?? []).filter((found) => sound.test(found))
}

/**
 * What a search text asks for. Any text at all has an answer: what is wrong is told with its place, and never thrown.
 * Takes time in proportion to the length. `OR` joins what stands directly beside it; all else is joined by AND.
 * @throws RangeError only for a time zone that is not known.
 */
export function parseQuery(text: string, context: QueryContext = nothing): ParsedQuery {
  if (text.length > MOST_LENGTH) {
    const span = { from: MOST_LENGTH, to: text.length }
    return { query: null, problems: [{ code: 'too_long', span, values: { most: String(MOST_LENGTH) } }] }
  }
  const parser = new Parser(text, context)
  const query = parser.all(null)
  return { query, problems: parser.problems.slice(0, MOST_PROBLEMS) }
}

/** Joins parts; parts of the same kind are taken in, and one alone stands for itself. */
function join(kind: 'and' | 'or', parts: readonly QueryNode[]): QueryNode | null {
  // Everything AND something is something.
  const useful = kind === 'and' ? parts.filter((part) => part.kind !== 'and' || part.parts.length > 0) : parts
  const flat = useful.flatMap((part) => (part.kind === kind ? part.parts : [part]))
  if (flat.length > 1) return { kind, parts: flat }
  return flat[0] ?? parts[0] ?? null
}

class Parser {
  readonly problems: QueryProblem[] = []
  private readonly text: string
  private readonly context: QueryContext
  private at = 0
  private depth = 0
  private brackets = 0
  private terms = 0
  private stopped = false

  constructor(text: string, context: QueryContext) {
    this.text = text
    this.context = context
  }

  /** Everything up to the end or a closing bracket. `operator`: what words in these brackets stand behind. */
  all(operator: Operator | null): QueryNode | null {
    const parts: QueryNode[] = []
    for (;;) {
      this.skipBlanks()
      if (this.at >= this.text.length) break
      if (this.text[this.at] === ')') {
        if (this.brackets > 0) break
        this.tell('stray_bracket', { from: this.at, to: this.at + 1 })
        this.at++
      } else if (this.keyword('AND')) this.at += 3
      else if (this.keyword('OR')) {
        this.tellJoin()
        this.at += 2
      } else {
        const part = this.alternatives(operator)
        if (part) parts.push(part)
      }
    }
    return join('and', parts)
  }

  private alternatives(operator: Operator | null): QueryNode | null {
    const parts = [this.unary(operator)]
    for (;;) {
      const end = this.at
      this.skipBlanks()
      if (!this.keyword('OR')) {
        this.at = end
        break
      }
      const or = this.at
      this.at += 2
      this.skipBlanks()
      // The second of two is told as one that joins nothing.
      if (this.keyword('OR')) break
      if (this.at >= this.text.length || this.text[this.at] === ')' || this.keyword('AND')) {
        const after = this.at
        this.at = or
        this.tellJoin()
        this.at = after
        break
      }
      parts.push(this.unary(operator))
    }
    const found = parts.filter((part) => part !== null)
    return join('or', found)
  }

  private unary(operator: Operator | null): QueryNode | null {
    const from = this.at
    const next = this.text[from + 1]
    let part: QueryNode | null
    if (this.keyword('NOT')) {
      this.at += 3
      this.skipBlanks()
      if (this.at >= this.text.length || this.text[this.at] === ')') {
        this.tellNothing('NOT', { from, to: from + 3 })
        return null
      }
      part = this.deeper(from, () => this.unary(operator))
    } else if (this.text[from] === '-' && next !== undefined && next !== ')' && !blank.test(next)) {
      this.at++
      part = this.primary(operator)
    } else return this.primary(operator)
    return part && { kind: 'not', part, span: { from, to: this.at } }
  }

  private primary(operator: Operator | null): QueryNode | null {
    const from = this.at
    if (this.text[from] === '(') return this.group(operator)
    const name = this.operatorHere()
    if (name === null) return this.term(operator, from)
    this.at += name.length + 1
    const named = operatorOf(name)
    return this.text[this.at] === '(' ? this.group(named) : this.term(named, from)
  }

  private group(operator: Operator | null): QueryNode | null {
    const from = this.at
    this.at++
    return this.deeper(from, () => {
      this.brackets++
      const part = this.all(operator)
      this.brackets--
      if (this.text[this.at] === ')') this.at++
      else if (!this.context.typing && !this.stopped) this.tell('unclosed_bracket', { from, to: from + 1 })
      return part
    })
  }

  /** Goes one step deeper, unless that is too deep: then the rest is left unread. */
  private deeper(from: number, read: () => QueryNode | null): QueryNode | null {
    if (this.depth >= MOST_DEPTH) {
      this.tell('too_deep', { from, to: this.text.length }, { most: String(MOST_DEPTH) })
      this.stop()
      return null
    }
    this.depth++
    const part = read()
    this.depth--
    return part
  }

  /** What is left is not read, and what is open there is no fault of its own. */
  private stop(): void {
    this.at = this.text.length
    this.stopped = true
  }

  /** Words, or what stands after an operator. `from`: where the operator begins. */
  private term(operator: Operator | null, from: number): QueryNode | null {
    const quoted = this.text[this.at] === '"'
    const begin = this.at
    const { value, closed } = quoted ? this.quotation() : { value: this.run(), closed: true }
    // A quotation that is not closed yet is still being typed.
    const open = this.context.typing && this.at === this.text.length && !(quoted && closed)
    if (quoted && !closed && !this.context.typing) this.tell('unclosed_quote', { from: begin, to: this.at })
    const span = { from, to: this.at }
    if (operator && operator.takes !== 'words') {
      if (value !== '') return this.counted(span) ? this.filter(operator, value.trim(), span, begin, open) : null
      this.tellNothing(operator.name, span)
      return null
    }
    const starred = stars.test(value) || (quoted && this.starsAfter())
    const words = wordsOf(value)
    span.to = this.at
    if (words.length === 0) {
      if (operator) this.tellNothing(operator.name, span)
      // An asterisk alone: everything there is.
      return !operator && !quoted && starred && value.replace(stars, '') === '' ? { kind: 'and', parts: [] } : null
    }
    if (!this.counted(span, words.length)) return null
    const where = operator?.where ?? 'anywhere'
    return { kind: 'words', where, words, exact: quoted, prefix: starred || open, span }
  }

  private filter(
    operator: Exclude<Operator, { takes: 'words' }>,
    value: string,
    span: Span,
    begin: number,
    open: boolean,
  ): QueryNode | null {
    const place = { from: begin, to: span.to }
    if (value === '') {
      this.tellNothing(operator.name, span)
      return null
    }
    if (operator.takes === 'name') return { kind: 'filter', field: operator.field, value, span }
    if (operator.takes === 'date') {
      const moments = momentsOf(value, this.context.now, this.context.timeZone)
      if (moments) {
        const from = operator.field === 'before' ? null : moments.from
        const until = operator.field === 'before' ? moments.from : operator.field === 'on' ? moments.until : null
        return { kind: 'date', field: operator.field, value: value.toLowerCase(), from, until, span }
      }
      if (!(open && beginsDate(value))) this.tell('no_such_date', place, { operator: operator.name, value })
      return null
    }
    const plain = value.toLowerCase().replaceAll('-', '_')
    const choices = operator.takes === 'choice' ? operator.choices : []
    if (operator.takes === 'language' ? /^[a-z]{2}$/.test(plain) : choices.includes(plain)) {
      // What is chosen from the operator's own list is of the field's type.
      return { kind: 'filter', field: operator.field, value: plain, span } as FilterNode
    }
    const unfinished = open && (operator.takes === 'language' ? plain.length === 1 : choices.some((one) => one.startsWith(plain)))
    if (!unfinished) {
      this.tell('unknown_value', place, { operator: operator.name, value, choices: choices.join(', ') })
    }
    return null
  }

  /** Counts what is looked for. @returns false when it is too much; the rest is then left unread. */
  private counted(span: Span, terms = 1): boolean {
    this.terms += terms
    if (this.terms <= MOST_TERMS) return true
    this.tell('too_many_terms', { from: span.from, to: this.text.length }, { most: String(MOST_TERMS) })
    this.stop()
    return false
  }

  /** Up to the closing mark, or the end. */
  private quotation(): { value: string; closed: boolean } {
    const end = this.text.indexOf('"', this.at + 1)
    const value = this.text.slice(this.at + 1, end < 0 ? undefined : end)
    this.at = end < 0 ? this.text.length : end + 1
    return { value, closed: end >= 0 }
  }

  /** Up to a blank, a quotation mark or a bracket. */
  private run(): string {
    const from = this.at
    while (this.at < this.text.length && !ends(this.text[this.at])) this.at++
    return this.text.slice(from, this.at)
  }

  private starsAfter(): boolean {
    const from = this.at
    while (this.text[this.at] === '*') this.at++
    return this.at > from
  }

  /** The name of an operator that stands here, with its colon; null when none does. */
  private operatorHere(): string | null {
    let end = this.at
    // No name is longer; so every letter is looked at a few times at most.
    while (end - this.at < 12 && /[a-z]/i.test(this.text[end] ?? '')) end++
    if (this.text[end] !== ':') return null
    const name = this.text.slice(this.at, end)
    return operatorOf(name) ? name : null
  }

  private keyword(name: 'AND' | 'OR' | 'NOT'): boolean {
    return this.text.startsWith(name, this.at) && ends(this.text[this.at + name.length])
  }

  private skipBlanks(): void {
    while (blank.test(this.text[this.at] ?? '')) this.at++
  }

  private tell(code: QueryProblem['code'], span: Span, values: Record<string, string> = {}): void {
    this.problems.push({ code, span, values })
  }

  /** Nothing stands after an operator: while it is typed, that is still to come. */
  private tellNothing(operator: string, span: Span): void {
    if (!(this.context.typing && this.at === this.text.length)) this.tell('nothing_after', span, { operator })
  }

  /** An OR here has nothing on one of its sides; the right one may still be typed. */
  private tellJoin(): void {
    const typed = this.context.typing && this.text.slice(this.at + 2).trim() === ''
    if (!typed) this.tell('nothing_to_join', { from: this.at, to: this.at + 2 }, { operator: 'OR' })
  }
}

/** Whether a run of letters ends before this. */
function ends(letter: string | undefined): boolean {
  return letter === undefined || letter === '"' || letter === '(' || letter === ')' || blank.test(letter)
}
