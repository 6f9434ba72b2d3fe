import type { QueryContext, QueryNode } from '#shared/query/index.ts'

/** A Saturday noon, so that no zone is on another day. */
export const noon: QueryContext = { now: Date.parse('2026-11-21T12:00:00.000Z'), timeZone: 'UTC', typing: false }
export const typing: QueryContext = { ...noon, typing: true }

/** A query without its places. */
export function bare(node: QueryNode | null): unknown {
  return JSON.parse(JSON.stringify(node, (key, value: unknown) => (key === 'span' ? undefined : value)))
}
