import { parseQuery, type QueryNode } from '#shared/query/index.ts'
import type { StoreQuestion } from '#store/searches.ts'

/** A query as it is carried out. @throws when it has a problem. */
export function queryOf(text: string): QueryNode {
  const { query, problems } = parseQuery(text)
  if (problems[0]) throw new Error(`${text}: ${problems[0].code}`)
  return query ?? { kind: 'or', parts: [] }
}

/** A question for the newest that a query finds. */
export function ask(text: string, limit = 50, after: string | null = null): StoreQuestion {
  return { query: queryOf(text), order: 'newest', limit, after }
}
