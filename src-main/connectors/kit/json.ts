import { JsonWalk } from './json-walk.ts'
import { limits } from './limits.ts'
import { type Source, UnreadableFile } from './source/source.ts'
import { decodeText } from './text.ts'

/** One value of a JSON file. */
export interface JsonValue {
  /** Keys and places from the outermost value down to it. */
  path: (string | number)[]
  /** Its bytes as they stand in the file. */
  bytes: Uint8Array
  /** It is nested more deeply than anything that a network writes: not to be parsed. */
  deep: boolean
}

/**
 * Reads a JSON file of any size and gives its values one by one. What stands before the first bracket is passed over
 * (`window.YTD.tweets.part0 = [`). Nothing is left out: a value is given whole unless `enter` says that its members are to be given.
 * @param enter whether the object or list at this path is gone into.
 * @throws UnreadableFile `cut`, `syntax` or `encoding`, after all values before; `value` at the end, when one was larger than
 *   `limits.valueBytes` and was stepped over.
 */
export async function* readJson(
  source: Source,
  path: string,
  enter: (path: readonly (string | number)[]) => boolean,
): AsyncGenerator<JsonValue> {
  const walk = new JsonWalk(enter, limits.valueBytes, limits.valueDepth)
  let first = true
  for await (const piece of source.open(path)) {
    if (first && isWide(piece)) throw new UnreadableFile(path, 'encoding')
    first = false
    walk.feed(piece)
    yield* values(walk, path)
  }
  walk.end()
  yield* values(walk, path)
  if (walk.skipped > 0) throw new UnreadableFile(path, 'value')
}

function* values(walk: JsonWalk, path: string): Generator<JsonValue> {
  for (let value = walk.next(); value !== null; value = walk.next()) yield value
  if (walk.fault !== null) throw new UnreadableFile(path, walk.fault)
}

/** UTF-16 or UTF-32, told by its mark or by the zeros in it. */
function isWide(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff) || bytes[0] === 0 || bytes[1] === 0
}

/** Goes into the outermost list, and no deeper: one value for each of its members. */
export const members = (path: readonly (string | number)[]): boolean => path.length === 0

/** Whole numbers of 16 digits and more, which a number cannot hold. */
const longNumbers = /-?\d{16,}(?![\d.eE])/g

/** JSON with its long numbers as strings. Goes along the text once, so that a string of any length is passed over. */
function withExactNumbers(text: string): string {
  const parts: string[] = []
  for (let at = 0; at < text.length; ) {
    const open = text.indexOf('"', at)
    const outside = open < 0 ? text.length : open
    parts.push(text.slice(at, outside).replace(longNumbers, (digits) => `"${digits}"`))
    if (open < 0) break
    let close = text.indexOf('"', open + 1)
    while (close >= 0 && isEscaped(text, close, open)) close = text.indexOf('"', close + 1)
    const end = close < 0 ? text.length : close + 1
    parts.push(text.slice(open, end))
    at = end
  }
  return parts.join('')
}

/** A quote after an odd number of backslashes belongs to its string. */
function isEscaped(text: string, quote: number, open: number): boolean {
  let before = quote - 1
  while (before > open && text[before] === '\\') before--
  return (quote - 1 - before) % 2 === 1
}

/**
 * What a value's bytes say. Whole numbers beyond 2^53 become strings with their very digits: as numbers they would be others.
 * @returns undefined for what is no JSON, or too deep.
 */
export function parseValue({ bytes, deep }: Pick<JsonValue, 'bytes' | 'deep'>): unknown {
  if (deep) return undefined
  const text = decodeText(bytes)
  try {
    const exact = /[:,[\s]-?\d{16}/.test(text) ? withExactNumbers(text) : text
    return JSON.parse(exact)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/**
 * A small JSON file, with or without `window.YTD... =` before it.
 * @returns undefined when it is not there, damaged or no JSON: whoever needs it says so.
 */
export async function readSmallJson(source: Source, path: string): Promise<unknown> {
  const entry = source.find(path)
  if (!entry || entry.size > limits.smallFile) return undefined
  try {
    for await (const value of readJson(source, path, () => false)) return parseValue(value)
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error
  }
  return undefined
}
