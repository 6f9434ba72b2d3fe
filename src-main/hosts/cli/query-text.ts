import type { SearchMissing } from '#shared/contract/index.ts'
import {
  type ExplanationId,
  explainQuery,
  type QueryNode,
  type QueryProblem,
  type Sayer,
  sayExplanation,
} from '#shared/query/index.ts'

/** Where words are looked for, by the part of an explanation's id. */
const places: Record<string, string> = {
  anywhere: '',
  from: ' as the writer',
  to: ' as the recipient',
  subject: ' in the subject',
  text: ' in the text',
}
const ways: Record<string, string> = { some: '', exact: 'exactly ', beginning: 'words that begin with ' }

const say: Sayer = {
  simple: (id, values) => simple(id, values),
  all: (parts) => parts.join(' and '),
  any: (parts) => parts.join(' or '),
  not: (part) => `not ${part}`,
  bracketed: (part) => `(${part})`,
}

function simple(id: ExplanationId, values: Record<string, string>): string {
  if (id === 'everything') return 'everything'
  const [kind = '', what = '', how = ''] = id.split('.')
  if (kind === 'words') return `${ways[how] ?? ''}"${values['words'] ?? ''}"${places[what] ?? ''}`
  if (kind === 'filter') return `${what} ${values['value'] ?? ''}`
  return `${what}${how === '' ? '' : ` the ${how} of`} ${values['at'] ?? ''}`
}

/** What a query asks for, in a sentence. */
export function explained(query: QueryNode): string {
  return `Looks for ${sayExplanation(explainQuery(query), say)}.`
}

/** What is wrong with a query, and where. */
export function problemLine(text: string, { code, span, values }: QueryProblem): string {
  const more = Object.entries(values).map(([name, value]) => `${name} ${value}`)
  const here = text.slice(span.from, Math.min(span.to, span.from + 40))
  return `${code.replaceAll('_', ' ')} at ${span.from + 1}: ${here}${more.length > 0 ? ` (${more.join(', ')})` : ''}`
}

/** A name in a query that the office does not have. */
export function missingLine({ field, value }: SearchMissing): string {
  return `There is no ${field} called "${value}".`
}
