import { ConnectorFault } from '#connectors/fault.ts'
import { limits } from './limits.ts'
import type { Source } from './source.ts'

export interface JsonOutline {
  items: { start: number; end: number }[]
  /** The outer object was closed: the document did not end in the middle. */
  complete: boolean
  /** There were more items than are taken. */
  more: boolean
  /** Where the feed's `title` stands, with its quotation marks. */
  title: { start: number; end: number } | null
}

/**
 * Finds the objects of the `items` array of a JSON Feed and where each begins and ends. Looks at brackets and strings
 * only and builds nothing, so that one broken item spoils only itself and depth costs no stack.
 * @returns null when the document is not an object with an array `items`.
 * @throws ConnectorFault `transient` / `protocol` when values are nested too deeply.
 */
export function outlineJson(source: Source, host: string): JsonOutline | null {
  const { view } = source
  // A byte order mark is three characters in a view of bytes, one in a view of UTF-16.
  let at = /^(?:\u00ef\u00bb\u00bf|\ufeff)?\s*/.exec(view)?.[0].length ?? 0
  if (view[at] !== '{') return null
  const outline: JsonOutline = { items: [], complete: false, more: false, title: null }
  let depth = 0
  let name = ''
  let isValue = false
  let inItems = false
  let found = false
  let start = 0
  for (; at < view.length && !outline.complete; at++) {
    const character = view[at]
    if (character === '"') {
      const end = endOfString(view, at)
      if (depth === 1 && !isValue) name = view.slice(at + 1, end)
      else if (depth === 1 && name === 'title') outline.title = { start: at, end: end + 1 }
      at = end
    } else if (depth === 1 && (character === ':' || character === ',')) {
      isValue = character === ':'
    } else if (character === '{' || character === '[') {
      depth++
      if (depth > limits.depth) throw new ConnectorFault('transient', 'protocol', { host, detail: 'values nested too deeply' })
      if (depth === 2) inItems = character === '[' && name === 'items'
      found ||= inItems
      if (depth === 3) start = at
    } else if (character === '}' || character === ']') {
      if (depth === 3 && inItems && character === '}') {
        if (outline.items.length >= limits.items) outline.more = true
        else outline.items.push({ start, end: at + 1 })
      }
      depth--
      outline.complete = depth === 0
    }
  }
  return found ? outline : null
}

/** Position of the quotation mark that ends the string which begins at `start`; the end of the text when none does. */
function endOfString(view: string, start: number): number {
  for (let at = view.indexOf('"', start + 1); at >= 0; at = view.indexOf('"', at + 1)) {
    let slashes = 0
    while (view[at - 1 - slashes] === '\\') slashes++
    if (slashes % 2 === 0) return at
  }
  return view.length
}
