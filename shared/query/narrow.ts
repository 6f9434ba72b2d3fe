import type { DateNode, FilterNode, ParsedQuery, QueryContext, QueryNode, Span } from './ast.ts'
import { operatorName } from './operators.ts'
import { parseQuery } from './parse.ts'
import { printQuery, printValue } from './print.ts'

/** Parts of which each must hold. */
function conditions({ query }: ParsedQuery): QueryNode[] {
  if (!query) return []
  return query.kind === 'and' ? query.parts : [query]
}

/**
 * A text as it has to stand when nobody is typing any more: what counted as a beginning gets its asterisk, and what was
 * left open its end. Texts that mean the same either way, and texts with a problem, stay as they are.
 */
export function settleQuery(text: string, context: QueryContext): string {
  const typed = parseQuery(text, { ...context, typing: true })
  const plain = parseQuery(text, { ...context, typing: false })
  if (!typed.query || typed.problems.length > 0) return text.trim()
  const printed = printQuery(typed.query)
  const same = plain.problems.length === 0 && plain.query !== null && printQuery(plain.query) === printed
  return same ? text.trim() : printed
}

/** Where a text says by itself that a filter must hold; null where it does not, or only as one of several ways. */
export function filterIn(parsed: ParsedQuery, field: FilterNode['field'], values: readonly string[]): Span | null {
  const wanted = values.map((value) => value.toLowerCase())
  const found = conditions(parsed).find(
    (node) => node.kind === 'filter' && node.field === field && wanted.includes(node.value.toLowerCase()),
  )
  return found?.kind === 'filter' ? found.span : null
}

/** The dates that a text says by itself. */
export function datesIn(parsed: ParsedQuery): DateNode[] {
  return conditions(parsed).filter((node) => node.kind === 'date')
}

/** Adds a condition to a settled text. */
export function withCondition(text: string, field: FilterNode['field'] | DateNode['field'], value: string): string {
  return `${text.trim()} ${operatorName(field)}:${printValue(value)}`.trim()
}

/** Takes stretches out of a text. */
export function without(text: string, spans: readonly Span[]): string {
  const backwards = [...spans].sort((a, b) => b.from - a.from)
  return backwards.reduce((rest, { from, to }) => `${rest.slice(0, from).trimEnd()} ${rest.slice(to).trimStart()}`, text).trim()
}
