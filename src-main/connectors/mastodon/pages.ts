import { type JsonValue, members, parseValue } from '#connectors/kit/json.ts'
import { JsonWalk } from '#connectors/kit/json-walk.ts'
import { type Fields, fieldsOf } from '#connectors/kit/shape.ts'
import { ConnectorFault } from '../fault.ts'
import type { ApiAnswer } from './api.ts'
import { limits } from './limits.ts'

/** A value of an answer: its bytes as the server sent them, and what they say. */
export interface Piece {
  raw: Uint8Array
  fields: Fields
}

/** What of an answer could be taken. */
export interface Pieces {
  found: { path: JsonValue['path']; piece: Piece }[]
  /** Values larger than `limits.postBytes`, which were left out. */
  leftOut: number
}

/**
 * Takes an answer apart without changing a byte of it.
 * @param enter which objects and lists are gone into.
 * @throws ConnectorFault `protocol` when it is cut off or no JSON: nothing of it is used then.
 */
export function piecesOf(
  { bytes }: Pick<ApiAnswer, 'bytes'>,
  host: string,
  enter: (path: readonly (string | number)[]) => boolean = members,
): Pieces {
  const walk = new JsonWalk(enter, limits.postBytes, limits.depth)
  walk.feed(bytes)
  walk.end()
  const found: Pieces['found'] = []
  for (let value = walk.next(); value !== null; value = walk.next()) {
    const fields = fieldsOf(parseValue(value))
    if (fields) found.push({ path: value.path, piece: { raw: new Uint8Array(value.bytes), fields } })
  }
  if (walk.fault !== null)
    throw new ConnectorFault('transient', 'protocol', { host, detail: 'an answer that is cut off or no JSON' })
  return { found, leftOut: walk.skipped }
}

/** One member of an object, with its bytes; null where it is none. */
export function memberOf({ raw }: Piece, name: string): Piece | null {
  const walk = new JsonWalk((path) => path.length === 0, limits.postBytes, limits.depth)
  walk.feed(raw)
  walk.end()
  for (let value = walk.next(); value !== null; value = walk.next()) {
    if (value.path[0] !== name) continue
    const fields = fieldsOf(parseValue(value))
    return fields && { raw: new Uint8Array(value.bytes), fields }
  }
  return null
}

/**
 * The query of the page that the server calls next (RFC 8288 `Link`), the only way in which pages are followed.
 * A server may name itself by another scheme or host there, so only the query is taken.
 */
export function nextQuery({ headers }: Pick<ApiAnswer, 'headers'>, path: string): string | null {
  const link = headers['link']
  if (link === undefined) return null
  for (const match of link.matchAll(/<([^<>]{1,4000})>\s*((?:;[^,<]{0,200})*)/g)) {
    const [, address = '', parameters = ''] = match
    if (!/;\s*rel\s*=\s*"?[^";]*\bnext\b/i.test(parameters)) continue
    const base = new URL(path, 'https://server.invalid')
    return URL.canParse(address, base.href) ? new URL(address, base.href).search.replace(/^\?/, '') : null
  }
  return null
}
