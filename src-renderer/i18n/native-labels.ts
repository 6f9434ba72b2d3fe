import type { Catalog } from './catalog.ts'

/** Words of the desktop window's menu, by the names that the window knows. */
export function nativeLabels(catalog: Catalog): Record<string, string> {
  const prefix = 'menu.'
  return Object.fromEntries(
    Object.entries(catalog)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, words]) => [key.slice(prefix.length), words]),
  )
}
