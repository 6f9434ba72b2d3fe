import { parseValue } from './json.ts'
import { JsonWalk } from './json-walk.ts'

/** One member of a list, with the bytes in which the network wrote it. */
export interface JsonItem {
  /** Its own copy: it holds on to nothing of the answer. */
  raw: Uint8Array
  value: unknown
}

export interface JsonAnswer {
  /** The members of the list. */
  items: JsonItem[]
  /** What stands beside the list, by its key; nothing where the answer is the list itself. */
  rest: Record<string, unknown>
}

/** Levels of one item; more is damage, and deep ones break readers. */
const DEPTH = 100

/**
 * An answer that is a list, or an object with a list under `key`, each member with its exact bytes.
 * @returns null for what is cut off, no JSON, or of another shape.
 */
export function readItems(body: Uint8Array, key: string | null): JsonAnswer | null {
  if (
    !/^\s*[[{]/.test(
      Buffer.from(body.subarray(0, 100))
        .toString('latin1')
        .replace(/^\xef\xbb\xbf/, ''),
    )
  )
    return null
  let listed = false
  const enter = (path: readonly (string | number)[]) => {
    const list = key === null ? path.length === 0 : path.length === 1 && path[0] === key
    listed ||= list
    return list || path.length === 0
  }
  const walk = new JsonWalk(enter, body.byteLength, DEPTH)
  walk.feed(body)
  walk.end()
  const items: JsonItem[] = []
  const rest: [string, unknown][] = []
  for (let value = walk.next(); value !== null; value = walk.next()) {
    const read = parseValue(value)
    if (read === undefined) return null
    const [first, second] = value.path
    const place = key === null ? first : first === key ? second : undefined
    if (typeof place === 'number') items.push({ raw: Uint8Array.from(value.bytes), value: read })
    else if (typeof first === 'string') rest.push([first, read])
    else return null
  }
  return walk.fault === null && listed ? { items, rest: Object.fromEntries(rest) } : null
}

/** A whole answer that is one JSON value. @returns undefined for what is none. */
export function readJsonBody(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined
    throw error
  }
}
