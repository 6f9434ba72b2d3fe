import type { Remark } from './importer.ts'
import type { Source } from './source/source.ts'

/** Readers of parsed JSON: what is not of the kind that is asked for counts as not there. */

export type Fields = Record<string, unknown>

export function fieldsOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null
}

export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** An id: digits as a string, whatever they stand as; null for what is none. Numbers beyond 2^53 were made strings before (`parseValue`). */
export function digitsOf(value: unknown): string | null {
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : textOf(value)
  return /^\d{1,30}$/.test(text) ? text : null
}

/** Says which fields of an entry are not known; they stay in its bytes. */
export function remarkUnknown(remark: Remark, path: string, fields: Fields, known: ReadonlySet<string>): void {
  for (const name of Object.keys(fields)) if (!known.has(name)) remark('field_unknown', path, name)
}

/**
 * Where an export begins: people unpack and pack again, and then everything lies in one more folder.
 * @param marker path of a file that every such export has.
 * @returns what stands before it, empty or ending in `/`; null when it is not there.
 */
export async function baseOf(source: Source, marker: string): Promise<string | null> {
  if (source.find(marker)) return ''
  for await (const { path } of source.entries()) if (path.endsWith(`/${marker}`)) return path.slice(0, -marker.length)
  return null
}
