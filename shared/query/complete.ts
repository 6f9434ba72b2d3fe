import type { Span } from './ast.ts'
import { operatorOf, operators } from './operators.ts'
import { printValue } from './print.ts'

/** Names that the office knows, for the operators that take one. */
export interface KnownNames {
  identity: readonly string[]
  account: readonly string[]
  label: readonly string[]
  topic: readonly string[]
}

export interface Completion {
  /** What stands in place of `Completions.span` when it is chosen. */
  insert: string
  /** What is shown: an operator with its colon, or a value without quotation marks. */
  label: string
  kind: 'operator' | 'value'
}

export interface Completions {
  span: Span
  /** The operator whose values these are; null for operators themselves. */
  operator: string | null
  options: Completion[]
}

const MOST = 12
const dates = ['today', 'yesterday', '7d', '3m', '1y']
/** ISO 639-1; those that parliaments here meet most. Others can be typed. */
const languages = ['en', 'fr', 'es', 'ar', 'de', 'it', 'pt', 'nl', 'pl', 'uk', 'ru', 'zh']

/** What could stand where the caret is: operators at the beginning of a word, values behind an operator. */
export function completions(text: string, caret: number, known: KnownNames): Completions {
  const from = pieceStart(text, caret)
  const piece = text.slice(from, caret)
  const [, minus = '', name, quote = '', typed = ''] = /^(-?)(?:([a-z]{1,12}):("?))?(.*)$/isu.exec(piece) ?? []
  const operator = name === undefined ? null : operatorOf(name)
  if (operator && name !== undefined) {
    const begin = from + minus.length + name.length + 1
    const values = valuesOf(operator.name, known).filter((value) => begins(value, typed))
    // What follows the caret and belongs to the value is replaced with it.
    const rest = quote === '"' ? /^[^"]*"?/.exec(text.slice(caret)) : /^[^\s"()]*/.exec(text.slice(caret))
    return {
      span: { from: begin, to: caret + (rest?.[0].length ?? 0) },
      operator: operator.name,
      options: values.slice(0, MOST).map((value) => ({ insert: `${printValue(value)} `, label: value, kind: 'value' })),
    }
  }
  const letters = piece.slice(minus.length)
  const options = /^[a-z]*$/i.test(letters) ? operators.filter((one) => one.name.startsWith(letters.toLowerCase())) : []
  return {
    span: { from: from + minus.length, to: caret },
    operator: null,
    options: options.map((one) => ({ insert: `${one.name}:`, label: `${one.name}:`, kind: 'operator' })),
  }
}

/** Where the piece begins that the caret is in: behind a blank or bracket that is in no quotation. */
function pieceStart(text: string, caret: number): number {
  let start = 0
  let quoted = false
  for (let at = 0; at < caret; at++) {
    const letter = text[at] ?? ''
    if (letter === '"') {
      quoted = !quoted
      if (!quoted) start = at + 1
    } else if (!quoted && /[\s()]/u.test(letter)) start = at + 1
  }
  return start
}

function valuesOf(name: string, known: KnownNames): readonly string[] {
  const operator = operatorOf(name)
  switch (operator?.takes) {
    case 'choice':
      return operator.choices
    case 'name':
      // A name with a quotation mark inside cannot be written.
      return known[operator.field].filter((value) => !value.includes('"'))
    case 'language':
      return languages
    case 'date':
      return dates
    default:
      return []
  }
}

/** Whether the value, or a word in it, begins so; nothing typed fits everything. */
function begins(value: string, typed: string): boolean {
  const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  const wanted = plain(typed.trimStart())
  const whole = plain(value)
  return whole.startsWith(wanted) || whole.split(/[\s_-]+/).some((part) => part.startsWith(wanted))
}
