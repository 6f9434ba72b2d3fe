import type { DateNode, FilterNode, QueryNode, WordsNode } from './ast.ts'

type Simple =
  | `words.${WordsNode['where']}.${'some' | 'exact' | 'beginning'}`
  | `filter.${FilterNode['field']}`
  | DateId
  | 'everything'
type DateId = `date.${'before' | 'after' | 'on.day' | 'on.month' | 'on.year'}`

/**
 * A query in pieces that any language can put into words: each has an id, by which its words are found, and values to fill
 * in. `all`, `any` and `not` hold others.
 *
 * Values: `words` as typed; `value` of a filter; `at` the first moment of a date, ISO 8601 UTC, to be shown as a day, a
 * month or a year of the zone that the query was read for.
 */
export type Explanation =
  | { id: Simple; values: Record<string, string> }
  | { id: 'all' | 'any'; parts: Explanation[] }
  | { id: 'not'; part: Explanation }

/** Ids of pieces that hold no others: what a table of words must have. */
export type ExplanationId = Simple

/** What a query asks for, in pieces. */
export function explainQuery(node: QueryNode): Explanation {
  switch (node.kind) {
    case 'words': {
      const how = node.prefix ? 'beginning' : node.exact ? 'exact' : 'some'
      return { id: `words.${node.where}.${how}`, values: { words: node.words.join(' ') } }
    }
    case 'filter':
      return { id: `filter.${node.field}`, values: { value: node.value } }
    case 'date':
      return { id: dateId(node), values: { at: node.from ?? node.until ?? '' } }
    case 'not':
      return { id: 'not', part: explainQuery(node.part) }
    case 'or':
      return { id: 'any', parts: node.parts.map(explainQuery) }
    case 'and':
      return node.parts.length === 0 ? { id: 'everything', values: {} } : { id: 'all', parts: node.parts.map(explainQuery) }
  }
}

function dateId(node: DateNode): DateId {
  if (node.field !== 'on') return `date.${node.field}`
  if (/^\d{4}$/.test(node.value)) return 'date.on.year'
  return /^\d{4}-\d{2}$/.test(node.value) ? 'date.on.month' : 'date.on.day'
}

/** What a table of words gives for a piece, and for pieces together. */
export interface Sayer {
  simple(id: ExplanationId, values: Record<string, string>): string
  all(parts: string[]): string
  any(parts: string[]): string
  not(part: string): string
  /** Marks where a group inside a group begins and ends. */
  bracketed(part: string): string
}

/** Puts an explanation into the words of a language. */
export function sayExplanation(explanation: Explanation, say: Sayer): string {
  const inner = (part: Explanation): string => {
    const words = sayExplanation(part, say)
    return part.id === 'all' || part.id === 'any' ? say.bracketed(words) : words
  }
  switch (explanation.id) {
    case 'all':
    case 'any':
      return say[explanation.id](explanation.parts.map(inner))
    case 'not':
      return say.not(inner(explanation.part))
    default:
      return say.simple(explanation.id, explanation.values)
  }
}
